import { manifests, synthKafka } from './fixture.ts';
import type { KafkaClusterProps } from './kafka-cluster.ts';
import { KafkaTopic, type KafkaTopicOptions } from './kafka-topic.ts';

const synthTopic = (options: Partial<KafkaTopicOptions> = {}, kafka: Partial<KafkaClusterProps> = {}) =>
  synthKafka(kafka, (cluster) => void cluster.addTopic('mails', { topicName: 'mails', ...options }));
const topic = (...args: Parameters<typeof synthTopic>) => manifests(synthTopic(...args), 'KafkaTopic')[0]!;

test('a topic has six partitions, a week, and the copies of its cluster', () => {
  expect(topic()).toEqual({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name: 'mails', namespace: 'kafka', labels: { 'strimzi.io/cluster': 'events' } },
    spec: { partitions: 6, config: { 'cleanup.policy': 'delete', 'retention.ms': 604_800_000 } },
  });
});

test('it goes before the operator that removes its finalizer', () => {
  const json = synthTopic();
  const id = (kind: string) =>
    Object.entries(json.resource!.kubernetes_manifest!).find(([, { manifest }]) => manifest.kind === kind)![0];
  expect(json.resource!.kubernetes_manifest![id('KafkaTopic')]!.depends_on).toEqual([
    `kubernetes_manifest.${id('Kafka')}`,
  ]);
});

test('everything can be said', () => {
  expect(
    topic({
      partitions: 12,
      replicas: 3,
      retentionHours: 24,
      cleanup: 'compact,delete',
      minInsyncReplicas: 2,
      config: { 'segment.bytes': 1_048_576 },
    }).spec,
  ).toEqual({
    partitions: 12,
    replicas: 3,
    config: {
      'cleanup.policy': 'compact,delete',
      'retention.ms': 86_400_000,
      'min.insync.replicas': 2,
      'segment.bytes': 1_048_576,
    },
  });
});

test('records can be kept for ever', () => {
  expect(topic({ retentionHours: 'forever' }).spec.config['retention.ms']).toBe(-1);
});

test('a name that Kubernetes does not allow is kept beside one that it does', () => {
  const { metadata, spec } = topic({ topicName: 'Mail_State' });
  expect([metadata.name, spec.topicName]).toEqual(['mail-state', 'Mail_State']);
});

test('a topic with fewer copies than its cluster demands can still be written to', () => {
  expect(topic({ replicas: 1 }).spec.config['min.insync.replicas']).toBe(1);
  expect(topic({ replicas: 2 }).spec.config['min.insync.replicas']).toBe(1);
  expect(topic({ replicas: 3 }).spec.config).not.toHaveProperty('min.insync.replicas');
});

const refusals: [string, Partial<KafkaTopicOptions>, string][] = [
  [
    'a name with a space',
    { topicName: 'new mails' },
    'topicName must be 1-249 letters, digits, dots, hyphens or underscores, starting and ending with a letter or digit, got "new mails"',
  ],
  [
    'a name with dots and underscores',
    { topicName: 'mail.new_ones' },
    'topicName must have either dots or underscores, not both, since two such names share their metrics, got "mail.new_ones"',
  ],
  ['no partition', { partitions: 0 }, 'partitions must be 1-10000, got 0'],
  ['more copies than brokers', { replicas: 4 }, 'replicas must be 1-3, got 4'],
  ['no retention', { retentionHours: 0 }, 'retentionHours must be 1-87600, got 0'],
  [
    'an unknown clean-up',
    { cleanup: 'none' as never },
    'cleanup must be one of delete, compact, compact,delete, got "none"',
  ],
  [
    'all copies in sync',
    { replicas: 3, minInsyncReplicas: 3 },
    'minInsyncReplicas must be at most 2 with 3 replicas, got 3',
  ],
  [
    'a setting that has a prop',
    { config: { 'retention.ms': 1 } },
    'config.retention.ms is set by the prop retentionHours',
  ],
];

test.each(refusals)('%s is refused', (_, options, message) => {
  expect(() => synthTopic(options)).toThrow(new Error(`prod/Kafka/mails: ${message}`));
});

test('two declarations of one topic are refused', () => {
  expect(() =>
    synthKafka({}, (cluster, stack) => {
      cluster.addTopic('mails', { topicName: 'mails' });
      new KafkaTopic(stack, 'again', { topicName: 'mails', cluster });
    }),
  ).toThrow(
    new Error(
      'prod/again/Resource: name must be free, but prod/Kafka/mails/Resource declares the same KafkaTopic in namespace kafka, got "mails"',
    ),
  );
});
