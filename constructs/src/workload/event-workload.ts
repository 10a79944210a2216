import { Construct } from 'constructs';
import type { Acl, IKafkaGrantee, IKafkaTopic } from '../kafka/grants.ts';
import type { IKafkaCluster } from '../kafka/kafka-cluster.ts';
import { KafkaUser } from '../kafka/kafka-user.ts';
import { clusterCaSecret } from '../kafka/strimzi.ts';
import { SecretCopies } from '../secrets/secret-copies.ts';
import { distinct, ensure, length } from '../validation.ts';
import { LagScaler } from './lag-scaler.ts';
import type { WorkloadOptions } from './options.ts';
import { maxReplicas } from './scaling.ts';
import { Workload } from './workload.ts';

/** What a program that speaks to Kafka is told, and by which variable. */
export const KAFKA_VARIABLES = {
  bootstrapServers: 'KAFKA_BOOTSTRAP_SERVERS',
  tlsFolder: 'KAFKA_TLS_DIR',
  /** Names, separated by commas. */
  topics: 'KAFKA_TOPICS',
  /** Only of consumers. */
  group: 'KAFKA_GROUP',
} as const;

/** Folder with `ca.crt` (who the brokers are), `user.crt` and `user.key` (who the program is), renewed in place. */
export const TLS_FOLDER = '/etc/kafka/tls';

export interface EventWorkloadOptions extends WorkloadOptions {
  readonly cluster: IKafkaCluster;
  /** At least one. More rights come by `topic.grantProduce(...)` and `topic.grantConsume(...)`. */
  readonly topics: readonly IKafkaTopic[];
}

export interface EventProducerProps extends EventWorkloadOptions {}

export interface EventConsumerProps extends EventWorkloadOptions {
  /** Consumer group: its members share the partitions. 1-255 letters, digits, dots, hyphens or underscores. */
  readonly group: string;
}

/** An identity in Kafka, its certificate in the program's namespace, and the program. */
function eventParts(scope: Construct, props: EventWorkloadOptions, group?: string) {
  const { cluster, topics, name, namespace } = props;
  length(scope, 'topics', topics, { min: 1 });
  distinct(scope, 'topics', topics, (topic) => topic.topicName);
  const user = new KafkaUser(scope, 'User', { cluster, userName: name });
  for (const topic of topics) {
    if (group === undefined) topic.grantProduce(user);
    else topic.grantConsume(user, { group });
  }
  const own = `${name}-kafka`;
  const ca = `${name}-kafka-ca`;
  const certificates = new SecretCopies(scope, 'Certificates', {
    name: own,
    from: cluster.namespace,
    namespace,
    secrets: [
      { name: user.secretName, as: own, keys: ['user.crt', 'user.key'] },
      // The CA in the user's own Secret signs clients; this one signs the brokers.
      { name: clusterCaSecret(cluster.clusterName), as: ca, keys: ['ca.crt'] },
    ],
  });
  const workload = new Workload(scope, 'Workload', {
    ...props,
    environment: {
      [KAFKA_VARIABLES.bootstrapServers]: cluster.bootstrapServers,
      [KAFKA_VARIABLES.tlsFolder]: TLS_FOLDER,
      [KAFKA_VARIABLES.topics]: topics.map((topic) => topic.topicName).join(','),
      ...(group === undefined ? {} : { [KAFKA_VARIABLES.group]: group }),
    },
    mounts: [
      {
        volume: 'kafka-tls',
        path: TLS_FOLDER,
        secrets: [
          { name: own, keys: ['user.crt', 'user.key'] },
          { name: ca, keys: ['ca.crt'] },
        ],
      },
    ],
    direct: [{ namespace: cluster.namespace, port: cluster.port }],
    after: [user.resource, ...certificates.copies.map((copy) => copy.resource)],
  });
  return { user, certificates, workload };
}

/** A program that writes to topics: a workload with its own identity in Kafka and the right to produce, nothing else. */
export class EventProducer extends Construct implements IKafkaGrantee {
  readonly user: KafkaUser;
  readonly certificates: SecretCopies;
  readonly workload: Workload;

  constructor(scope: Construct, id: string, props: EventProducerProps) {
    super(scope, id);
    ensure(
      this,
      props.scaling?.type !== 'lag',
      'scaling.type',
      'must be fixed or cpu: only a consumer has a lag',
      props.scaling?.type,
    );
    const { user, certificates, workload } = eventParts(this, props);
    this.user = user;
    this.certificates = certificates;
    this.workload = workload;
  }

  /** Called by topics: `topic.grantProduce(producer)`. */
  addAcl(acl: Acl, topic: IKafkaTopic): void {
    this.user.addAcl(acl, topic);
  }
}

/** A program that reads topics as a member of a group. */
export class EventConsumer extends Construct implements IKafkaGrantee {
  readonly user: KafkaUser;
  readonly certificates: SecretCopies;
  readonly workload: Workload;
  readonly group: string;
  /** Only with `scaling` by lag. */
  readonly lagScaler?: LagScaler;

  constructor(scope: Construct, id: string, props: EventConsumerProps) {
    super(scope, id);
    this.group = props.group;
    const { user, certificates, workload } = eventParts(this, props, props.group);
    this.user = user;
    this.certificates = certificates;
    this.workload = workload;
    this.checkMembers(props.topics);
    if (workload.scaling.type === 'lag') {
      const [own, ca] = certificates.copies.map((copy) => copy.secretName) as [string, string];
      this.lagScaler = new LagScaler(this, 'LagScaler', {
        name: workload.name,
        namespace: workload.namespace,
        scaling: workload.scaling,
        deployment: workload.deployment,
        bootstrapServers: props.cluster.bootstrapServers,
        group: props.group,
        topics: props.topics.map((topic) => topic.topicName),
        certificate: own,
        ca,
      });
    }
  }

  /** Called by topics: `topic.grantConsume(consumer, { group })`. */
  addAcl(acl: Acl, topic: IKafkaTopic): void {
    this.user.addAcl(acl, topic);
  }

  /** A partition is read by one member of a group at a time. */
  private checkMembers(topics: readonly IKafkaTopic[]): void {
    const partitions = topics.reduce((total, topic) => total + (topic.partitions ?? Number.NaN), 0);
    const most = maxReplicas(this.workload.scaling);
    const prop = this.workload.scaling.type === 'fixed' ? 'replicas' : 'scaling.max';
    ensure(
      this,
      !(most > partitions),
      prop,
      `must be at most ${partitions}, the partitions of its topics, since more members of the group have nothing to read`,
      most,
    );
  }
}
