import { randomBytes } from 'node:crypto';
import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import { type Authority, createAuthority, issueCertificate } from './certificates.ts';
import { controller, setStatus } from './controller.ts';
import { clusterObjects, type Kafka, type KafkaNodePool, ownedBy, type StrimziOptions } from './strimzi-objects.ts';

/**
 * Stands in for Strimzi's operators, which cannot run on simulated nodes: for a Kafka it leaves behind the brokers' pods
 * with their claims, services and certificates; for a KafkaTopic its Ready status; for a KafkaUser the Secret with a
 * certificate that the clients' authority signed. Evidence: simulated.
 */

const API = 'kafka.strimzi.io/v1';
const MANAGER = 'strimzi-simulator';
const OPERATOR_DEPLOYMENT = 'strimzi-cluster-operator';
const TOPIC_FINALIZER = 'strimzi.io/topic-operator';
const CLUSTER_LABEL = 'strimzi.io/cluster';

interface Topic extends KubeObject {
  spec?: { partitions?: number; replicas?: number; topicName?: string };
}
interface User extends KubeObject {
  spec?: { authentication?: { type: string } };
}
interface Authorities {
  cluster: Authority;
  clients: Authority;
}

const now = () => new Date().toISOString();
const base64 = (text: string) => Buffer.from(text).toString('base64');
const clusterOf = (object: KubeObject): string => object.metadata.labels?.[CLUSTER_LABEL] ?? '';
const key = (namespace: string | undefined, name: string) => `${namespace}/${name}`;

const conditions = (problem?: { reason: string; message: string }) =>
  problem
    ? [{ type: 'Ready', status: 'False', lastTransitionTime: now(), ...problem }]
    : [{ type: 'Ready', status: 'True', lastTransitionTime: now() }];

function secret(
  name: string,
  owner: KubeObject,
  data: Record<string, string>,
  labels: Record<string, string>,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'strimzi-cluster-operator', ...labels },
      ownerReferences: ownedBy(owner as never),
    },
    data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, base64(value)])),
  };
}

export function startStrimzi(
  client: KubeClient,
  options: StrimziOptions,
  signal: AbortSignal,
  onError?: (error: unknown) => void,
): void {
  const authorities = new Map<string, Authorities>();
  /** Generation that was last reconciled, by object: an operator acts on changes, not on every event. */
  const seen = new Map<string, string>();
  /** Partitions that a topic was created with or grown to: they can never shrink. */
  const partitionsOf = new Map<string, number>();

  const unchanged = (object: KubeObject, extra = ''): boolean => {
    const id = `${object.kind}/${object.metadata.uid}`;
    const state = `${object.metadata.generation}/${extra}`;
    if (seen.get(id) === state) return true;
    seen.set(id, state);
    return false;
  };

  async function authoritiesOf(kafka: KubeObject): Promise<Authorities> {
    const id = String(kafka.metadata.uid);
    const known = authorities.get(id);
    if (known) return known;
    const made = { cluster: await createAuthority('cluster-ca v0'), clients: await createAuthority('clients-ca v0') };
    authorities.set(id, made);
    const name = kafka.metadata.name;
    const labels = { [CLUSTER_LABEL]: name, 'strimzi.io/kind': 'Kafka' };
    for (const [kind, authority] of Object.entries(made)) {
      const password = randomBytes(12).toString('hex');
      await client.apply(
        secret(
          `${name}-${kind}-ca-cert`,
          kafka,
          { 'ca.crt': authority.certificate, 'ca.password': password, 'ca.p12': '' },
          labels,
        ),
        { fieldManager: MANAGER, force: true },
      );
      await client.apply(secret(`${name}-${kind}-ca`, kafka, { 'ca.key': authority.privateKey }, labels), {
        fieldManager: MANAGER,
        force: true,
      });
    }
    return made;
  }

  async function reconcileKafka(kafka: Kafka, pools: KafkaNodePool[]): Promise<void> {
    const object = kafka as unknown as KubeObject;
    if (kafka.metadata.deletionTimestamp) return;
    if (unchanged(object, pools.map((pool) => `${pool.metadata.uid}:${pool.metadata.generation}`).join())) return;
    const authority = await authoritiesOf(object);
    const { name, namespace } = kafka.metadata;
    const listeners = kafka.spec.kafka.listeners.map((listener) => ({
      name: listener.name,
      bootstrapServers: `${name}-kafka-bootstrap.${namespace}.svc:${listener.port}`,
      addresses: [{ host: `${name}-kafka-bootstrap.${namespace}.svc`, port: listener.port }],
      ...(listener.tls ? { certificates: [authority.cluster.certificate] } : {}),
    }));
    try {
      for (const wanted of clusterObjects(kafka, pools, options)) {
        const exists =
          (wanted.kind === 'Pod' || wanted.kind === 'PersistentVolumeClaim') &&
          (await client.get(wanted.apiVersion, wanted.kind, wanted.metadata.name, wanted.metadata.namespace));
        // Pods and claims cannot be changed in place; the operator rolls them, which simulated pods do not show.
        if (!exists) await client.apply(wanted as never, { fieldManager: MANAGER, force: true });
      }
      for (const pool of pools) {
        await setStatus(client, pool as unknown as KubeObject, {
          observedGeneration: pool.metadata.generation,
          conditions: conditions(),
          replicas: pool.spec.replicas,
          roles: pool.spec.roles,
        });
      }
      await setStatus(client, object, {
        observedGeneration: kafka.metadata.generation,
        conditions: conditions(),
        listeners,
        kafkaVersion: kafka.spec.kafka.version,
        clusterId: kafka.metadata.uid,
      });
    } catch (error) {
      // Most often admission refusing a pod; the status says so, as the operator's would, and a later event tries again.
      seen.delete(`Kafka/${kafka.metadata.uid}`);
      await setStatus(client, object, {
        observedGeneration: kafka.metadata.generation,
        conditions: conditions({ reason: 'ReconciliationFailed', message: (error as Error).message }),
      });
    }
  }

  const setFinalizers = (topic: Topic, finalizers: string[]) =>
    client.patch(API, 'KafkaTopic', topic.metadata.name, { metadata: { finalizers } }, topic.metadata);

  async function reconcileTopic(topic: Topic, kafka: Kafka | undefined, brokers: number): Promise<void> {
    const entityOperator = kafka?.spec.entityOperator?.topicOperator !== undefined;
    const finalizers = topic.metadata.finalizers ?? [];
    if (topic.metadata.deletionTimestamp) {
      // Without its operator the finalizer stays, and the namespace cannot go: the order of teardown matters.
      if (entityOperator && finalizers.includes(TOPIC_FINALIZER)) {
        await setFinalizers(
          topic,
          finalizers.filter((finalizer) => finalizer !== TOPIC_FINALIZER),
        );
      }
      return;
    }
    if (!entityOperator) return;
    if (!finalizers.includes(TOPIC_FINALIZER)) {
      await setFinalizers(topic, [...finalizers, TOPIC_FINALIZER]);
    }
    if (unchanged(topic, String(brokers))) return;
    const { partitions, replicas } = topic.spec ?? {};
    const before = partitionsOf.get(String(topic.metadata.uid)) ?? 0;
    if (partitions !== undefined && partitions > before) partitionsOf.set(String(topic.metadata.uid), partitions);
    const problem =
      partitions !== undefined && partitions < before
        ? { reason: 'NotSupported', message: `Decreasing partitions not supported (from ${before} to ${partitions})` }
        : replicas !== undefined && replicas > brokers
          ? {
              reason: 'KafkaError',
              message: `Unable to replicate the partition ${replicas} time(s): The target replication factor of ${replicas} cannot be reached because only ${brokers} broker(s) are registered`,
            }
          : undefined;
    await setStatus(client, topic, {
      observedGeneration: topic.metadata.generation,
      topicName: topic.spec?.topicName ?? topic.metadata.name,
      topicId: String(topic.metadata.uid),
      conditions: conditions(problem),
    });
  }

  async function reconcileUser(user: User, kafka: Kafka | undefined): Promise<void> {
    if (!kafka?.spec.entityOperator?.userOperator || user.metadata.deletionTimestamp) return;
    if (unchanged(user)) return;
    const authority = await authoritiesOf(kafka as unknown as KubeObject);
    const { name } = user.metadata;
    if (user.spec?.authentication?.type === 'tls') {
      const issued = await issueCertificate(authority.clients, name);
      await client.apply(
        secret(
          name,
          user,
          {
            'ca.crt': authority.clients.certificate,
            'user.crt': issued.certificate,
            'user.key': issued.privateKey,
            'user.password': randomBytes(12).toString('hex'),
            'user.p12': '',
          },
          { [CLUSTER_LABEL]: clusterOf(user), 'strimzi.io/kind': 'KafkaUser' },
        ),
        { fieldManager: MANAGER, force: true },
      );
    }
    await setStatus(client, user, {
      observedGeneration: user.metadata.generation,
      conditions: conditions(),
      username: `CN=${name}`,
      secret: name,
    });
  }

  controller(client, {
    name: 'strimzi',
    kinds: [
      ['apps/v1', 'Deployment'],
      [API, 'Kafka'],
      [API, 'KafkaNodePool'],
      [API, 'KafkaTopic'],
      [API, 'KafkaUser'],
    ],
    signal,
    onError,
    async reconcile(world) {
      // An operator that is not installed does nothing.
      if (!world.of<KubeObject>('Deployment').some((one) => one.metadata.name === OPERATOR_DEPLOYMENT)) return;
      const kafkas = new Map(
        world.of<Kafka>('Kafka').map((kafka) => [key(kafka.metadata.namespace, kafka.metadata.name), kafka]),
      );
      const pools = world.of<KafkaNodePool>('KafkaNodePool');
      const poolsOf = (kafka: Kafka) =>
        pools.filter(
          (pool) =>
            pool.metadata.namespace === kafka.metadata.namespace &&
            pool.metadata.labels?.[CLUSTER_LABEL] === kafka.metadata.name,
        );
      for (const kafka of kafkas.values()) {
        const own = poolsOf(kafka);
        if (own.length > 0) await reconcileKafka(kafka, own);
      }
      const kafkaOf = (object: KubeObject) => kafkas.get(key(object.metadata.namespace, clusterOf(object)));
      for (const topic of world.of<Topic>('KafkaTopic')) {
        const kafka = kafkaOf(topic);
        const brokers = (kafka ? poolsOf(kafka) : [])
          .filter((pool) => pool.spec.roles.includes('broker'))
          .reduce((total, pool) => total + pool.spec.replicas, 0);
        await reconcileTopic(topic, kafka, brokers);
      }
      for (const user of world.of<User>('KafkaUser')) await reconcileUser(user, kafkaOf(user));
    },
  });
}
