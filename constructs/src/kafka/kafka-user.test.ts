import type { TerraformStack } from 'cdktf';
import { synthOnCluster } from '../helm/fixture.ts';
import { resources } from '../testing/synth.ts';
import { foreignKafka, manifests, synthKafka } from './fixture.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { KafkaUser } from './kafka-user.ts';

const withUser = (grant: (user: KafkaUser, kafka: KafkaCluster, stack: TerraformStack) => void) =>
  synthKafka({}, (kafka, stack) => {
    kafka.addTopic('mails', { topicName: 'mails' });
    kafka.addTopic('orders', { topicName: 'orders' });
    grant(new KafkaUser(stack, 'User', { cluster: kafka, userName: 'nlp' }), kafka, stack);
  });
const aclsOf = (...args: Parameters<typeof withUser>) =>
  manifests(withUser(...args), 'KafkaUser')[0]!.spec.authorization.acls;
const on = (type: 'topic' | 'group', name: string, ...operations: string[]) => ({
  resource: { type, name, patternType: 'literal' },
  operations,
});

test('a user shows a certificate and has the rights it was granted', () => {
  const json = withUser((user, kafka) => kafka.topic('mails').grantProduce(user));
  expect(manifests(json, 'KafkaUser')).toEqual([
    {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaUser',
      metadata: { name: 'nlp', namespace: 'kafka', labels: { 'strimzi.io/cluster': 'events' } },
      spec: {
        authentication: { type: 'tls' },
        authorization: { type: 'simple', acls: [on('topic', 'mails', 'Describe', 'Write')] },
      },
    },
  ]);
});

test('to produce is Write and Describe on the topic, and nothing else', () => {
  expect(aclsOf((user, kafka) => kafka.topic('mails').grantProduce(user))).toEqual([
    on('topic', 'mails', 'Describe', 'Write'),
  ]);
});

test('to consume is Read and Describe on the topic, Read on the group, and nothing else', () => {
  expect(aclsOf((user, kafka) => kafka.topic('mails').grantConsume(user, { group: 'g' }))).toEqual([
    on('group', 'g', 'Read'),
    on('topic', 'mails', 'Describe', 'Read'),
  ]);
});

test('grants add up in any order, each once', () => {
  const all = (user: KafkaUser, kafka: KafkaCluster) => [
    () => kafka.topic('orders').grantProduce(user),
    () => kafka.topic('mails').grantConsume(user, { group: 'g' }),
    () => kafka.topic('mails').grantProduce(user),
    () => kafka.topic('mails').grantProduce(user),
  ];
  const forwards = aclsOf((user, kafka) => all(user, kafka).map((grant) => grant()));
  const backwards = aclsOf((user, kafka) =>
    all(user, kafka)
      .reverse()
      .map((grant) => grant()),
  );
  expect(forwards).toEqual([
    on('group', 'g', 'Read'),
    on('topic', 'mails', 'Describe', 'Read', 'Write'),
    on('topic', 'orders', 'Describe', 'Write'),
  ]);
  expect(backwards).toEqual(forwards);
});

test('Terraform waits for the certificate', () => {
  const json = withUser((user, kafka) => kafka.topic('mails').grantProduce(user));
  const user = resources(json, 'kubernetes_manifest').find(({ manifest }) => manifest.kind === 'KafkaUser')!;
  expect(user.wait).toEqual({ condition: [{ type: 'Ready', status: 'True' }] });
});

test('a user without rights is refused', () => {
  expect(() => withUser(() => {})).toThrow(
    'prod/User: KafkaUser nlp has no rights: grant it a topic with grantProduce or grantConsume, or remove it',
  );
});

test('a right on a topic that nobody declares is refused, and the topics there are are named', () => {
  expect(() =>
    withUser((user, _, stack) => KafkaTopic.fromTopicName(stack, 'Mail', 'mail').grantProduce(user)),
  ).toThrow(
    'prod/User: KafkaUser nlp is granted topic "mail", which does not exist in kafka/events (topics: mails, orders)',
  );
});

test('a topic by name is as good as the topic, before it is declared too', () => {
  const json = synthKafka({}, (kafka, stack) => {
    const user = new KafkaUser(stack, 'User', { cluster: kafka, userName: 'nlp' });
    KafkaTopic.fromTopicName(stack, 'Later', 'later').grantProduce(user);
    kafka.addTopic('later', { topicName: 'later' });
  });
  expect(manifests(json, 'KafkaUser')[0]!.spec.authorization.acls).toEqual([on('topic', 'later', 'Describe', 'Write')]);
});

test('topics of a cluster that is declared elsewhere are known where they are listed', () => {
  const granted = (topicNames?: string[]) => () =>
    synthOnCluster((stack) => {
      const user = new KafkaUser(stack, 'User', { cluster: foreignKafka(stack, { topicNames }), userName: 'nlp' });
      KafkaTopic.fromTopicName(stack, 'Mails', 'mails').grantProduce(user);
    });
  expect(manifests(granted(undefined)(), 'KafkaUser')).toHaveLength(1);
  expect(manifests(granted(['mails'])(), 'KafkaUser')).toHaveLength(1);
  expect(granted(['orders'])).toThrow(
    'prod/User: KafkaUser nlp is granted topic "mails", which does not exist in kafka/events (topics: orders)',
  );
});

test('a right on a topic of another cluster is refused', () => {
  expect(() =>
    withUser((user, _, stack) => {
      const cluster = KafkaCluster.fromAttributes(stack, 'Other', { clusterName: 'logs', namespace: 'kafka' });
      KafkaTopic.fromAttributes(stack, 'Theirs', { topicName: 'mails', cluster }).grantProduce(user);
    }),
  ).toThrow(new Error(`prod/User: topic must be of the user's Kafka cluster kafka/events, got "mails of kafka/logs"`));
});

test('names that no certificate and no group may have are refused', () => {
  expect(() =>
    synthKafka({}, (kafka, stack) => void new KafkaUser(stack, 'User', { cluster: kafka, userName: 'NLP' })),
  ).toThrow(
    new Error(
      'prod/User: userName must be 1-64 lower-case letters, digits, hyphens or dots, starting and ending with a letter or digit, got "NLP"',
    ),
  );
  expect(() => withUser((user, kafka) => kafka.topic('mails').grantConsume(user, { group: 'a b' }))).toThrow(
    new Error('prod/User: group must be 1-255 letters, digits, dots, hyphens or underscores, got "a b"'),
  );
});
