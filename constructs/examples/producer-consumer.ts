import { EventConsumer, EventProducer, KafkaCluster, KafkaTopic, kubeContextProviders } from '@plinth/constructs';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/** A product team's own stack: two programs on a Kafka and a cluster that the platform team runs. */
export class MailStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    kubeContextProviders(this, 'my-context');
    const cluster = KafkaCluster.fromAttributes(this, 'kafka', { clusterName: 'events', namespace: 'kafka' });
    const mails = new KafkaTopic(this, 'mails', { cluster, topicName: 'mails', partitions: 12 });
    const shared = { namespace: 'apps', cluster, topics: [mails] };
    new EventProducer(this, 'reader', { ...shared, name: 'reader', image: 'registry.example.com/mail/reader:1.4.0' });
    new EventConsumer(this, 'nlp', {
      ...shared,
      name: 'nlp',
      image: 'registry.example.com/mail/nlp:2.0.1',
      group: 'nlp',
      scaling: { type: 'cpu', min: 2, max: 12 },
      callers: ['traefik'],
    });
  }
}
