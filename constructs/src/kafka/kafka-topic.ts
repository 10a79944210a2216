import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, isKnown, oneOf, pattern, range } from '../validation.ts';
import { CLUSTER_LABEL, type IKafkaCluster, STRIMZI_API } from './kafka-cluster.ts';

/** One rule of Kafka's authoriser. */
export interface Acl {
  readonly resource: { readonly type: 'topic' | 'group'; readonly name: string; readonly patternType: 'literal' };
  readonly operations: readonly ('Read' | 'Write' | 'Describe')[];
}

/** What may be given rights: a KafkaUser, or a workload that has one. */
export interface IKafkaGrantee {
  addAcl(acl: Acl): void;
}

/** A topic, ours or somebody else's. */
export interface IKafkaTopic {
  readonly topicName: string;
  /** Right to write records, and nothing else. */
  grantProduce(grantee: IKafkaGrantee): void;
  /** Right to read records as a member of `group`, and nothing else. */
  grantConsume(grantee: IKafkaGrantee, group: string): void;
}

const PARTITIONS = { min: 1, max: 10_000 };
const RETENTION_HOURS = { min: 1, max: 87_600 };
const HOUR_MS = 3_600_000;
// Kafka allows 249; the dot and the underscore become the same character in metrics, so a name has one of them at most.
const topicName = {
  regex: /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/,
  means: '1-249 letters, digits, dots, hyphens or underscores',
};

export interface KafkaTopicOptions {
  readonly topicName: string;
  /** 1-10000. More can be added later, never taken away. @default 6 */
  readonly partitions?: number;
  /** Copies of each partition, at most the cluster's brokers. @default the cluster's own default */
  readonly replicas?: number;
  /** How long records are kept, hours: 1-87600. @default 168, a week */
  readonly retentionHours?: number;
  /** `delete` after the retention, or `compact` to the last record of each key. @default 'delete' */
  readonly cleanup?: 'delete' | 'compact';
  /** Copies that must have a record before it counts as written; below `replicas`. @default the cluster's own default */
  readonly minInsyncReplicas?: number;
  /** Further configuration of the topic. @default none */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
}

export interface KafkaTopicProps extends KafkaTopicOptions {
  readonly cluster: IKafkaCluster;
}

const acl = (type: 'topic' | 'group', name: string, ...operations: Acl['operations']): Acl => ({
  resource: { type, name, patternType: 'literal' },
  operations,
});

/** Rights on a topic by its name. Writing includes what an idempotent producer needs since Kafka 3. */
const grants = (name: string): IKafkaTopic => ({
  topicName: name,
  grantProduce: (grantee) => grantee.addAcl(acl('topic', name, 'Write', 'Describe')),
  grantConsume(grantee, group) {
    grantee.addAcl(acl('topic', name, 'Read', 'Describe'));
    grantee.addAcl(acl('group', group, 'Read'));
  },
});

export class KafkaTopic extends Construct implements IKafkaTopic {
  /** A topic that is declared elsewhere. */
  static fromTopicName(scope: Construct, _id: string, name: string): IKafkaTopic {
    return grants(pattern(scope, 'topicName', name, topicName));
  }

  readonly topicName: string;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: KafkaTopicProps) {
    super(scope, id);
    const { cluster } = props;
    this.topicName = pattern(this, 'topicName', props.topicName, topicName);
    const partitions = range(this, 'partitions', props.partitions ?? 6, PARTITIONS);
    const retentionHours = range(this, 'retentionHours', props.retentionHours ?? 168, RETENTION_HOURS);
    const cleanup = oneOf(this, 'cleanup', props.cleanup ?? 'delete', ['delete', 'compact']);
    const replicas = range(this, 'replicas', props.replicas, { min: 1, max: cluster.brokers });
    if (isKnown(props.minInsyncReplicas) && isKnown(replicas)) {
      const below = Math.max(1, replicas - 1);
      ensure(
        this,
        props.minInsyncReplicas <= below,
        'minInsyncReplicas',
        `must be at most ${below} with ${replicas} replicas`,
        props.minInsyncReplicas,
      );
    }
    // Kubernetes allows no capitals and underscores in a name; Kafka does.
    const objectName = this.topicName.toLowerCase().replaceAll('_', '-');
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: STRIMZI_API,
      kind: 'KafkaTopic',
      metadata: { name: objectName, namespace: cluster.namespace, labels: { [CLUSTER_LABEL]: cluster.clusterName } },
      spec: {
        ...(objectName === this.topicName ? {} : { topicName: this.topicName }),
        partitions,
        ...(replicas === undefined ? {} : { replicas }),
        config: {
          'cleanup.policy': cleanup,
          'retention.ms': retentionHours * HOUR_MS,
          ...(props.minInsyncReplicas === undefined ? {} : { 'min.insync.replicas': props.minInsyncReplicas }),
          ...props.config,
        },
      },
      // Topics go before the operator that removes their finalizer.
      dependsOn: cluster.dependable ? [cluster.dependable] : undefined,
    });
  }

  grantProduce(grantee: IKafkaGrantee): void {
    grants(this.topicName).grantProduce(grantee);
  }

  grantConsume(grantee: IKafkaGrantee, group: string): void {
    grants(this.topicName).grantConsume(grantee, group);
  }
}
