import { onPool } from '../kubernetes/placement.ts';
import { recorded, resources } from '../testing/index.ts';
import { foreignKafka, manifests, providerProblems, synthKafka } from './fixture.ts';
import type { KafkaClusterProps } from './kafka-cluster.ts';

const kafkaOf = (props: Partial<KafkaClusterProps> = {}) => manifests(synthKafka(props), 'Kafka')[0]!;
const poolsOf = (props: Partial<KafkaClusterProps> = {}) => manifests(synthKafka(props), 'KafkaNodePool');

test('the only listener is encrypted, and every client shows a certificate', () => {
  expect(kafkaOf().spec.kafka.listeners).toEqual([
    { name: 'tls', port: 9093, type: 'internal', tls: true, authentication: { type: 'tls' } },
  ]);
  expect(kafkaOf().spec.kafka.authorization).toEqual({ type: 'simple' });
});

test('three brokers keep three copies, and two must have a record', () => {
  expect(kafkaOf().spec.kafka.config).toEqual({
    'auto.create.topics.enable': false,
    'default.replication.factor': 3,
    'min.insync.replicas': 2,
    'offsets.topic.replication.factor': 3,
    'transaction.state.log.replication.factor': 3,
    'transaction.state.log.min.isr': 2,
  });
});

test('one broker keeps one copy, and still can be written to', () => {
  expect(kafkaOf({ brokers: 1 }).spec.kafka.config).toMatchObject({
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'transaction.state.log.min.isr': 1,
  });
});

test('nodes are broker and controller in one, with one volume that outlives them', () => {
  const pools = poolsOf();
  expect(pools.map(({ metadata, spec }) => ({ metadata, replicas: spec.replicas, roles: spec.roles }))).toEqual([
    {
      metadata: { name: 'brokers', namespace: 'kafka', labels: { 'strimzi.io/cluster': 'events' } },
      replicas: 3,
      roles: ['controller', 'broker'],
    },
  ]);
  expect(pools[0]!.spec.storage).toEqual({
    type: 'jbod',
    volumes: [
      {
        id: 0,
        type: 'persistent-claim',
        size: '100Gi',
        class: 'premium-rwo',
        kraftMetadata: 'shared',
        deleteClaim: false,
      },
    ],
  });
});

test('controllers may have nodes of their own, and then any number of brokers will do', () => {
  const json = synthKafka({
    brokers: 4,
    controllers: { storage: { sizeGib: 20 }, resources: { requests: { cpu: '250m', memory: '1Gi' } }, heap: '512m' },
  });
  expect(
    manifests(json, 'KafkaNodePool').map(({ metadata, spec }) => [metadata.name, spec.replicas, spec.roles]),
  ).toEqual([
    ['brokers', 4, ['broker']],
    ['controllers', 3, ['controller']],
  ]);
  const kafka = resources(json, 'kubernetes_manifest').find(({ manifest }) => manifest.kind === 'Kafka')!;
  expect(kafka.depends_on).toEqual([
    expect.stringMatching(/^kubernetes_manifest\.Kafka_Brokers_/),
    expect.stringMatching(/^kubernetes_manifest\.Kafka_Controllers_/),
  ]);
});

test('every pod passes Pod Security restricted without help of the operator', () => {
  const container = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    capabilities: { drop: ['ALL'] },
  };
  const { template } = poolsOf()[0]!.spec;
  expect(template.pod.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    fsGroup: 0,
  });
  expect([template.kafkaContainer, template.initContainer]).toEqual([
    { securityContext: container },
    { securityContext: container },
  ]);
  expect(kafkaOf().spec.entityOperator.template).toEqual({
    pod: { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
    topicOperatorContainer: { securityContext: container },
    userOperatorContainer: { securityContext: container },
  });
});

test('no two brokers share a machine, and zones are evenly used', () => {
  const { pod } = poolsOf()[0]!.spec.template;
  const matchLabels = { 'strimzi.io/cluster': 'events', 'strimzi.io/pool-name': 'brokers' };
  expect(pod.affinity).toEqual({
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  });
  expect(pod.topologySpreadConstraints).toEqual([
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels },
    },
  ]);
  expect(kafkaOf().spec.kafka.rack).toEqual({ type: 'topology-label', topologyKey: 'topology.kubernetes.io/zone' });
});

test('a cluster in one zone knows no racks', () => {
  expect(kafkaOf({ rackAwareness: false }).spec.kafka).not.toHaveProperty('rack');
  const { template } = poolsOf({ rackAwareness: false })[0]!.spec;
  expect(template.pod).not.toHaveProperty('topologySpreadConstraints');
  expect(template).not.toHaveProperty('initContainer');
});

test('brokers go to their pool and accept its taint; the operators go to theirs', () => {
  const taint = { key: 'dedicated', value: 'kafka', effect: 'NoSchedule' } as const;
  const json = synthKafka({ placement: onPool('brokers', [taint]), operatorPlacement: onPool('work') });
  const inPool = (pool: string) => ({
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'cloud.google.com/gke-nodepool', operator: 'In', values: [pool] }] },
      ],
    },
  });
  const brokers = manifests(json, 'KafkaNodePool')[0]!.spec.template.pod;
  expect(brokers.affinity.nodeAffinity).toEqual(inPool('brokers'));
  expect(brokers.tolerations).toEqual([{ key: 'dedicated', operator: 'Equal', value: 'kafka', effect: 'NoSchedule' }]);
  const operators = manifests(json, 'Kafka')[0]!.spec.entityOperator.template.pod;
  expect(operators.affinity).toEqual({ nodeAffinity: inPool('work') });
});

test('only the namespaces that are named may connect', () => {
  const peers = kafkaOf({ clientNamespaces: ['apps', 'keda'] }).spec.kafka.listeners[0].networkPolicyPeers;
  expect(peers).toEqual(
    ['apps', 'keda'].map((name) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    })),
  );
});

test('brokers have half their memory as heap, and the operators requests and limits', () => {
  const { resources: figures, jvmOptions } = poolsOf()[0]!.spec;
  expect(figures).toEqual({ requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '2Gi' } });
  expect(jvmOptions).toEqual({ '-Xms': '1g', '-Xmx': '1g' });
  const { topicOperator, userOperator } = kafkaOf().spec.entityOperator;
  const small = { resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } } };
  expect([topicOperator, userOperator]).toEqual([small, small]);
});

test('Terraform waits until Kafka is ready, and will not delete it', () => {
  const all = resources(synthKafka(), 'kubernetes_manifest');
  const kafka = all.find(({ manifest }) => manifest.kind === 'Kafka')!;
  expect(kafka.wait).toEqual({ condition: [{ type: 'Ready', status: 'True' }] });
  expect(kafka.timeouts).toEqual({ create: '900s', update: '900s' });
  expect(all.map(({ lifecycle }) => lifecycle)).toEqual([{ prevent_destroy: true }, { prevent_destroy: true }]);
  const open = resources(synthKafka({ preventDestroy: false }), 'kubernetes_manifest');
  expect(open.map(({ lifecycle }) => lifecycle)).toEqual([undefined, undefined]);
});

test('during an upgrade the format of the metadata can stay behind', () => {
  expect(kafkaOf({ version: '4.3.0', metadataVersion: '4.2' }).spec.kafka).toMatchObject({
    version: '4.3.0',
    metadataVersion: '4.2',
  });
  expect(kafkaOf().spec.kafka).not.toHaveProperty('metadataVersion');
});

test('bootstrap servers are told by name, of a cluster that is declared elsewhere too', () => {
  synthKafka({}, (kafka, stack) => {
    expect(kafka.bootstrapServers).toBe('events-kafka-bootstrap.kafka.svc:9093');
    expect(foreignKafka(stack).bootstrapServers).toBe(kafka.bootstrapServers);
  });
});

test('a topic is found by its name, and the names are told where it is not', () => {
  synthKafka({}, (kafka) => {
    const mails = kafka.addTopic('mails', { topicName: 'mails' });
    kafka.addTopic('orders', { topicName: 'orders' });
    expect(kafka.topic('mails')).toBe(mails);
    expect(() => kafka.topic('mail')).toThrow(
      `prod/Kafka: topic must be one of the cluster's topics (mails, orders), got "mail"`,
    );
  });
});

const refusals: [string, Partial<KafkaClusterProps>, string][] = [
  [
    'a long name',
    { clusterName: 'a'.repeat(31) },
    `clusterName must be 1-30 lower-case letters, digits or hyphens, starting with a letter, got "${'a'.repeat(31)}"`,
  ],
  ['no broker', { brokers: 0 }, 'brokers must be 1-99, got 0'],
  [
    'an even number of controllers',
    { brokers: 4 },
    'brokers must be odd where they are controllers too, so that a majority exists; or give controllers nodes of their own, got 4',
  ],
  [
    'two controllers',
    { controllers: { replicas: 2 as never, storage: { sizeGib: 5 } } },
    'controllers.replicas must be one of 1, 3, 5, got 2',
  ],
  [
    'a version that Strimzi does not run',
    { version: '3.9.0' as never },
    'version must be one of 4.2.0, 4.2.1, 4.3.0, 4.3.1, got "3.9.0"',
  ],
  ['more copies than brokers', { replicationFactor: 5 }, 'replicationFactor must be 1-3, got 5'],
  ['as many copies in sync as there are', { minInsyncReplicas: 3 }, 'minInsyncReplicas must be 1-2, got 3'],
  ['an empty disk', { storage: { sizeGib: 0 } }, 'storage.sizeGib must be 1-65536, got 0'],
  ['a heap without a unit', { heap: '1024' }, 'heap must be megabytes or gigabytes such as 512m or 1g, got "1024"'],
  [
    'a heap that leaves no memory',
    { heap: '2g' },
    'heap must be at most three quarters of the memory of 2Gi, got "2g"',
  ],
  ['nobody who may connect', { clientNamespaces: [] }, 'clientNamespaces must have at least 1 entries, got 0'],
  [
    'a setting that has a prop',
    { config: { 'min.insync.replicas': 1 } },
    'config.min.insync.replicas is set by the prop minInsyncReplicas',
  ],
  [
    'a setting that Strimzi would drop',
    { config: { listeners: 'PLAINTEXT://:9092' } },
    'config.listeners is decided by Strimzi and would be ignored',
  ],
  [
    'a strange metadata version',
    { metadataVersion: '3.9' },
    'metadataVersion must be a version of the metadata such as 4.2 or 4.2-IV1, got "3.9"',
  ],
];

test.each(refusals)('%s is refused', (_, props, message) => {
  expect(() => synthKafka(props)).toThrow(new Error(`prod/Kafka: ${message}`));
});

test('settings that Strimzi leaves open are taken', () => {
  const config = { 'log.retention.hours': 48, 'ssl.cipher.suites': 'TLS_AES_256_GCM_SHA384' };
  expect(kafkaOf({ config }).spec.kafka.config).toMatchObject(config);
});

(recorded('kubernetes-2.38.0') ? test : test.skip)('the real provider knows every attribute', () => {
  const json = synthKafka({ controllers: { storage: { sizeGib: 5 } } }, (kafka) => {
    kafka.addTopic('a', { topicName: 'a' });
  });
  expect(providerProblems(json)).toEqual([]);
});
