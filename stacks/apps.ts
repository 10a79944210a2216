import { EventConsumer, EventProducer, KafkaCluster, KafkaTopic } from '@plinth/constructs';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/index.ts';
import { accessCluster } from './cluster-access.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { NAMESPACES } from './namespaces.ts';

/** Producer and consumer. */
export class Apps extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, 'apps', environment);
    accessCluster(this);
    const { kafka, mesh } = environment;
    const { producer, consumer } = environment.apps;
    const cluster = KafkaCluster.fromAttributes(this, 'kafka', {
      clusterName: kafka.clusterName,
      namespace: NAMESPACES.kafka,
      brokers: kafka.brokers,
    });
    const shared = { namespace: NAMESPACES.apps, cluster, mesh, placement: this.placement('work') };
    const limited = (requests: { cpu: string; memory: string }) => ({ requests, limits: { memory: requests.memory } });

    new EventProducer(this, 'producer', {
      ...shared,
      name: 'producer',
      image: producer.image,
      topics: [KafkaTopic.fromTopicName(this, 'producer-topic', producer.topic)],
      scaling: { type: 'fixed', replicas: producer.replicas },
      resources: limited(producer.resources),
      config: producer.config,
      secrets: producer.secrets,
      port: producer.port,
      // Mail sources are outside.
      egressPorts: [443],
    });
    new EventConsumer(this, 'consumer', {
      ...shared,
      name: 'consumer',
      image: consumer.image,
      topics: [KafkaTopic.fromTopicName(this, 'consumer-topic', consumer.topic)],
      group: consumer.group,
      scaling: consumer.scaling,
      resources: limited(consumer.resources),
      config: consumer.config,
      secrets: consumer.secrets,
      port: consumer.port,
      callers: [NAMESPACES.traefik],
    });
  }
}
