import { Construct } from 'constructs';
import type { IKafkaCluster } from '../kafka/kafka-cluster.ts';
import type { Acl, IKafkaGrantee, IKafkaTopic } from '../kafka/kafka-topic.ts';
import { KafkaUser } from '../kafka/kafka-user.ts';
import { SecretCopies } from '../secrets/secret-copies.ts';
import { length } from '../validation.ts';
import type { WorkloadOptions } from './options.ts';
import { TLS_FOLDER } from './pod.ts';
import { Workload } from './workload.ts';

/** What a program that speaks to Kafka is told, and by which variable. */
export const KAFKA_VARIABLES = {
  bootstrapServers: 'KAFKA_BOOTSTRAP_SERVERS',
  tlsFolder: 'KAFKA_TLS_DIR',
  topics: 'KAFKA_TOPICS',
  group: 'KAFKA_GROUP',
} as const;

export interface EventWorkloadOptions extends WorkloadOptions {
  readonly cluster: IKafkaCluster;
  /** At least one. */
  readonly topics: readonly IKafkaTopic[];
}

export interface EventProducerProps extends EventWorkloadOptions {}

export interface EventConsumerProps extends EventWorkloadOptions {
  /** Consumer group: its members share the partitions. */
  readonly group: string;
}

interface Parts {
  user: KafkaUser;
  certificates: SecretCopies;
  workload: Workload;
}

/** An identity in Kafka, its certificate in the program's namespace, and the program. */
function eventParts(scope: Construct, props: EventWorkloadOptions, group: string | undefined): Parts {
  const { cluster, topics, name, namespace } = props;
  length(scope, 'topics', topics, { min: 1 });
  const user = new KafkaUser(scope, 'User', { cluster, userName: name });
  for (const topic of topics) {
    if (group === undefined) topic.grantProduce(user);
    else topic.grantConsume(user, group);
  }
  const secretName = `${name}-kafka`;
  const certificates = new SecretCopies(scope, 'Certificates', {
    name: secretName,
    from: cluster.namespace,
    namespace,
    secrets: [
      { name: user.secretName, as: secretName, keys: ['user.crt', 'user.key'] },
      { name: `${cluster.clusterName}-cluster-ca-cert`, as: `${secretName}-ca`, keys: ['ca.crt'] },
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
    certificates: certificates.copies.map((copy) => copy.secretName),
    reaches: [{ namespace: cluster.namespace, port: cluster.port }],
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
    ({
      user: this.user,
      certificates: this.certificates,
      workload: this.workload,
    } = eventParts(this, props, undefined));
  }

  /** Called by topics: `topic.grantProduce(producer)`. */
  addAcl(acl: Acl): void {
    this.user.addAcl(acl);
  }
}

/** A program that reads topics as a member of a group. */
export class EventConsumer extends Construct implements IKafkaGrantee {
  readonly user: KafkaUser;
  readonly certificates: SecretCopies;
  readonly workload: Workload;

  constructor(scope: Construct, id: string, props: EventConsumerProps) {
    super(scope, id);
    ({
      user: this.user,
      certificates: this.certificates,
      workload: this.workload,
    } = eventParts(this, props, props.group));
  }

  /** Called by topics: `topic.grantConsume(consumer, group)`. */
  addAcl(acl: Acl): void {
    this.user.addAcl(acl);
  }
}
