import { KafkaCluster, PeerAuthentication, TraefikDashboard } from '@plinth/constructs';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/index.ts';
import { accessCluster } from './cluster-access.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { NAMESPACES } from './namespaces.ts';

/** Kafka with its topics, the ways in, and the mesh's policy: custom resources of the operators below. */
export class Eventing extends EnvironmentStack {
  readonly kafka: KafkaCluster;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'eventing', environment);
    accessCluster(this);
    const { kafka, production, domain, google } = environment;
    this.kafka = new KafkaCluster(this, 'kafka', {
      clusterName: kafka.clusterName,
      namespace: NAMESPACES.kafka,
      brokers: kafka.brokers,
      version: kafka.version,
      replicationFactor: kafka.replicationFactor,
      minInsyncReplicas: kafka.minInsyncReplicas,
      storage: { sizeGib: kafka.storageGib, storageClass: kafka.storageClass },
      resources: { requests: kafka.resources, limits: { memory: kafka.resources.memory } },
      placement: this.placement('brokers'),
      operatorPlacement: this.placement('work'),
      rackAwareness: (google?.zones.length ?? 1) > 1,
      clientNamespaces: [NAMESPACES.apps],
      preventDestroy: kafka.protectStorage ?? production,
    });
    for (const [topicName, topic] of Object.entries(kafka.topics)) {
      this.kafka.addTopic(`topic-${topicName}`, { topicName, ...topic });
    }
    new TraefikDashboard(this, 'dashboard', { namespace: NAMESPACES.traefik, domain });
    if (environment.mesh === 'sidecar') new PeerAuthentication(this, 'mutual-tls', { namespace: NAMESPACES.istio });
  }
}
