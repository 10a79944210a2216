import type { TerraformStack } from 'cdktf';
import { synthOnCluster } from '../helm/fixture.ts';
import { aKafka, foreignKafka, manifests, providerProblems } from '../kafka/fixture.ts';
import { KafkaTopic } from '../kafka/kafka-topic.ts';
import { inventory, recorded, resource, resources } from '../testing/index.ts';
import { EventConsumer, type EventConsumerProps, EventProducer, type EventProducerProps } from './event-workload.ts';
import { HttpService } from './http-service.ts';

const kafka = (stack: TerraformStack) => {
  const cluster = aKafka(stack);
  return { cluster, topics: [cluster.addTopic('mails', { topicName: 'mails' })] };
};
const program = (name: string) => ({ name, namespace: 'apps', image: `example.com/${name}:1.0` });
const producer = (props: Partial<EventProducerProps> = {}) =>
  synthOnCluster((stack) => {
    new EventProducer(stack, 'Producer', { ...program('reader'), ...kafka(stack), ...props });
  });
const consumer = (props: Partial<EventConsumerProps> = {}) =>
  synthOnCluster((stack) => {
    new EventConsumer(stack, 'Consumer', { ...program('nlp'), ...kafka(stack), group: 'nlp', ...props });
  });
const acls = (json: ReturnType<typeof producer>) => manifests(json, 'KafkaUser')[0]!.spec.authorization.acls;
const on = (type: string, name: string, ...operations: string[]) => ({
  resource: { type, name, patternType: 'literal' },
  operations,
});

test('a producer has the right to produce to its topics, and nothing else', () => {
  expect(acls(producer())).toEqual([on('topic', 'mails', 'Describe', 'Write')]);
});

test('a consumer has the right to consume its topics as its group, and nothing else', () => {
  expect(acls(consumer())).toEqual([on('group', 'nlp', 'Read'), on('topic', 'mails', 'Describe', 'Read')]);
});

test('further rights are granted by topics', () => {
  const json = synthOnCluster((stack) => {
    const { cluster, topics } = kafka(stack);
    const nlp = new EventConsumer(stack, 'Consumer', { ...program('nlp'), cluster, topics, group: 'nlp' });
    const reader = new EventProducer(stack, 'Producer', { ...program('reader'), cluster, topics });
    cluster.addTopic('entities', { topicName: 'entities' }).grantProduce(nlp);
    cluster.addTopic('state', { topicName: 'state' }).grantConsume(reader, { group: 'reader' });
  });
  const [ofNlp, ofReader] = manifests(json, 'KafkaUser').map(({ spec }) => spec.authorization.acls);
  expect(ofNlp).toContainEqual(on('topic', 'entities', 'Describe', 'Write'));
  expect(ofReader).toContainEqual(on('group', 'reader', 'Read'));
});

test('a program is told where Kafka is, which topics are meant, and where its certificate lies', () => {
  expect(resource(consumer(), 'kubernetes_config_map_v1').data).toEqual({
    PORT: '8080',
    KAFKA_BOOTSTRAP_SERVERS: 'events-kafka-bootstrap.kafka.svc:9093',
    KAFKA_TLS_DIR: '/etc/kafka/tls',
    KAFKA_TOPICS: 'mails',
    KAFKA_GROUP: 'nlp',
  });
  expect(resource(producer(), 'kubernetes_config_map_v1').data).not.toHaveProperty('KAFKA_GROUP');
});

test('certificate, key and the CA of the brokers are copied, and shown in one folder', () => {
  const json = producer();
  const copied = manifests(json, 'ExternalSecret').map(({ metadata, spec }) => [
    metadata.namespace,
    spec.target.name,
    spec.data.map((datum: { secretKey: string; remoteRef: { key: string } }) => [datum.remoteRef.key, datum.secretKey]),
  ]);
  expect(copied).toEqual([
    ['apps', 'reader-kafka-ca', [['events-cluster-ca-cert', 'ca.crt']]],
    [
      'apps',
      'reader-kafka',
      [
        ['reader', 'user.crt'],
        ['reader', 'user.key'],
      ],
    ],
  ]);
  const pod = resource(json, 'kubernetes_deployment_v1').spec.template.spec;
  const file = (key: string) => ({ key, path: key });
  expect(pod.volume[1]).toEqual({
    name: 'kafka-tls',
    projected: [
      {
        default_mode: '0440',
        sources: [
          { secret: [{ name: 'reader-kafka', items: [file('user.crt'), file('user.key')] }] },
          { secret: [{ name: 'reader-kafka-ca', items: [file('ca.crt')] }] },
        ],
      },
    ],
  });
  expect(pod.container[0].volume_mount[1]).toEqual({
    name: 'kafka-tls',
    mount_path: '/etc/kafka/tls',
    read_only: true,
  });
});

test('what copies the certificate may read it and the CA in Kafka’s namespace, and nothing else', () => {
  expect(resource(producer(), 'kubernetes_role_v1')).toEqual({
    metadata: { name: 'reader-kafka', namespace: 'kafka' },
    rule: [
      {
        api_groups: [''],
        resources: ['secrets'],
        resource_names: ['events-cluster-ca-cert', 'reader'],
        verbs: ['get'],
      },
    ],
  });
});

test('pods start after their user and its copies, and reach the brokers past the sidecar', () => {
  const json = producer({ mesh: 'sidecar' });
  const { depends_on, spec } = resource(json, 'kubernetes_deployment_v1');
  expect(depends_on.slice(3)).toEqual([
    expect.stringMatching(/^kubernetes_manifest\.Producer_User_/),
    expect.stringMatching(/^kubernetes_manifest\.Producer_Certificates_Copy-reader-kafka_/),
    expect.stringMatching(/^kubernetes_manifest\.Producer_Certificates_Copy-reader-kafka-ca_/),
  ]);
  expect(spec.template.metadata.annotations['traffic.sidecar.istio.io/excludeOutboundPorts']).toBe('9093');
  expect(resource(json, 'kubernetes_network_policy_v1').spec.egress[1]).toEqual({
    to: [{ namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'kafka' } } }],
    ports: [{ port: '9093', protocol: 'TCP' }],
  });
});

test('by lag the number belongs to KEDA, which asks Kafka as the consumer itself', () => {
  const json = consumer({ scaling: { type: 'lag', min: 0, max: 6, recordsPerReplica: 500 } });
  expect(manifests(json, 'TriggerAuthentication').map(({ spec }) => spec)).toEqual([
    {
      secretTargetRef: [
        { parameter: 'ca', name: 'nlp-kafka-ca', key: 'ca.crt' },
        { parameter: 'cert', name: 'nlp-kafka', key: 'user.crt' },
        { parameter: 'key', name: 'nlp-kafka', key: 'user.key' },
      ],
    },
  ]);
  expect(manifests(json, 'ScaledObject').map(({ spec }) => spec)).toEqual([
    {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nlp' },
      minReplicaCount: 0,
      maxReplicaCount: 6,
      cooldownPeriod: 300,
      triggers: [
        {
          type: 'kafka',
          metadata: {
            bootstrapServers: 'events-kafka-bootstrap.kafka.svc:9093',
            consumerGroup: 'nlp',
            topic: 'mails',
            lagThreshold: '500',
            tls: 'enable',
          },
          authenticationRef: { name: 'nlp-kafka' },
        },
      ],
    },
  ]);
  expect(resource(json, 'kubernetes_deployment_v1').lifecycle).toEqual({ ignore_changes: ['spec[0].replicas'] });
  expect(inventory(json)).not.toHaveProperty('kubernetes_horizontal_pod_autoscaler_v2');
});

test('only a consumer has a lag', () => {
  const scaling = { type: 'lag', min: 0, max: 2 } as const;
  expect(() => producer({ scaling })).toThrow(
    new Error('prod/Producer: scaling.type must be fixed or cpu: only a consumer has a lag, got "lag"'),
  );
  expect(() => synthOnCluster((stack) => void new HttpService(stack, 'Http', { ...program('api'), scaling }))).toThrow(
    new Error('prod/Http: scaling.type must be fixed or cpu: only a consumer has a lag, got "lag"'),
  );
});

test('more members of a group than partitions are refused, where the partitions are known', () => {
  expect(() => consumer({ scaling: { type: 'cpu', min: 1, max: 7 } })).toThrow(
    new Error(
      'prod/Consumer: scaling.max must be at most 6, the partitions of its topics, since more members of the group have nothing to read, got 7',
    ),
  );
  expect(() => consumer({ replicas: 7 })).toThrow(/^prod\/Consumer: replicas must be at most 6, /);
  const unknown = synthOnCluster((stack) => {
    const topics = [KafkaTopic.fromTopicName(stack, 'Mails', 'mails')];
    const cluster = foreignKafka(stack);
    new EventConsumer(stack, 'Consumer', { ...program('nlp'), cluster, topics, group: 'nlp', replicas: 7 });
  });
  expect(resources(unknown, 'kubernetes_deployment_v1')[0]!.spec.replicas).toBe('7');
});

test('a program without a topic, or with one twice, is refused', () => {
  expect(() => producer({ topics: [] })).toThrow(
    new Error('prod/Producer: topics must have at least 1 entries, got 0'),
  );
  expect(() =>
    synthOnCluster((stack) => {
      const { cluster, topics } = kafka(stack);
      new EventProducer(stack, 'Producer', { ...program('reader'), cluster, topics: [...topics, ...topics] });
    }),
  ).toThrow(new Error('prod/Producer: topics must not repeat an entry, got "mails"'));
});

test('a program that was granted a misspelt topic is refused at synthesis, and the topics there are are named', () => {
  expect(() =>
    synthOnCluster((stack) => {
      const { cluster } = kafka(stack);
      const topics = [KafkaTopic.fromTopicName(stack, 'Mail', 'mail')];
      new EventProducer(stack, 'Producer', { ...program('reader'), cluster, topics });
    }),
  ).toThrow(
    'prod/Producer/User: KafkaUser reader is granted topic "mail", which does not exist in kafka/events (topics: mails)',
  );
});

test('an HttpService is called by its url, and named in the calls of others', () => {
  const json = synthOnCluster((stack) => {
    const nlp = new HttpService(stack, 'Nlp', { ...program('nlp'), callers: [{ namespace: 'apps', app: 'reader' }] });
    expect([nlp.url, nlp.serviceName, nlp.port]).toEqual(['http://nlp.apps.svc', 'nlp', 8080]);
    new HttpService(stack, 'Reader', { ...program('reader'), calls: [nlp] });
  });
  const [, reader] = resources(json, 'kubernetes_network_policy_v1');
  expect(reader!.spec.egress[1]).toEqual({
    to: [
      {
        namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'apps' } },
        pod_selector: { match_labels: { 'app.kubernetes.io/name': 'nlp' } },
      },
    ],
    ports: [{ port: '8080', protocol: 'TCP' }],
  });
});

(recorded('kubernetes-2.38.0') ? test : test.skip)('the real provider knows every attribute', () => {
  const json = synthOnCluster((stack) => {
    const { cluster, topics } = kafka(stack);
    const everything = {
      cluster,
      topics,
      ports: [{ name: 'grpc', port: 9000 }],
      callers: ['traefik'],
      calls: [{ namespace: 'db', port: 5432, app: 'db' }],
      egressPorts: [443],
      metrics: { namespaces: ['gmp-system'] },
      identityAnnotations: { 'iam.gke.io/gcp-service-account': 'a@example.com' },
      secrets: [{ env: 'A', name: 'a', key: 'a' }],
      secretFiles: [{ name: 'a', path: '/etc/a', keys: ['a'] }],
      placement: { pool: 'work', tolerations: [{ key: 'a', operator: 'Exists' as const }] },
      probes: { startup: { tcpPort: 9000 }, liveness: { command: ['alive'] } },
      command: ['node'],
      args: ['main.js'],
      priorityClass: 'high',
      mesh: 'sidecar' as const,
    };
    new EventProducer(stack, 'Producer', { ...program('reader'), ...everything, port: 'none' });
    const scaling = { type: 'cpu', min: 1, max: 6 } as const;
    new EventConsumer(stack, 'Consumer', { ...program('nlp'), ...everything, group: 'nlp', scaling });
    new HttpService(stack, 'Http', program('api'));
  });
  expect(providerProblems(json)).toEqual([]);
});
