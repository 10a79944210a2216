import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, isKnown, oneOf, pattern, range } from '../validation.ts';
import { type ConsumeOptions, grantConsume, grantProduce, type IKafkaGrantee, type IKafkaTopic } from './grants.ts';
import type { IKafkaCluster } from './kafka-cluster.ts';
import { CLUSTER_LABEL, STRIMZI_API } from './strimzi.ts';

const PARTITIONS = { min: 1, max: 10_000 };
const RETENTION_HOURS = { min: 1, max: 87_600 };
const HOUR_MS = 3_600_000;
const topicName = {
  // Kafka allows 249 of them.
  regex: /^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,247}[a-zA-Z0-9])?$/,
  means: '1-249 letters, digits, dots, hyphens or underscores, starting and ending with a letter or digit',
};
/** Settings with a prop of their own, which also checks them. */
const PROPS: Readonly<Record<string, string>> = {
  'cleanup.policy': 'cleanup',
  'retention.ms': 'retentionHours',
  'min.insync.replicas': 'minInsyncReplicas',
};

export interface KafkaTopicOptions {
  /** 1-249 letters, digits, hyphens, and either dots or underscores. */
  readonly topicName: string;
  /** 1-10000. More can be added later, which moves keys to other partitions; none can be taken away. @default 6 */
  readonly partitions?: number;
  /** Copies of each partition, at most the cluster's brokers. @default the cluster's replicationFactor */
  readonly replicas?: number;
  /** How long records are kept, hours: 1-87600, or `forever`. Without meaning for `compact`. @default 168, a week */
  readonly retentionHours?: number | 'forever';
  /** `delete` after the retention, `compact` to the last record of each key, or both. @default 'delete' */
  readonly cleanup?: 'delete' | 'compact' | 'compact,delete';
  /**
   * Copies that must have a record before it counts as written; below `replicas`, unless that is 1.
   * @default the cluster's, or one below `replicas` where that is less
   */
  readonly minInsyncReplicas?: number;
  /** Further configuration of the topic, by Kafka's names. @default none */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
}

export interface KafkaTopicProps extends KafkaTopicOptions {
  readonly cluster: IKafkaCluster;
}

export interface KafkaTopicAttributes {
  readonly topicName: string;
  readonly cluster: IKafkaCluster;
  /** @default unknown: the number of a group's members is not checked against it */
  readonly partitions?: number;
}

const imported = (topicName: string, attributes: Partial<KafkaTopicAttributes>): IKafkaTopic => ({
  topicName,
  ...attributes,
  grantProduce(grantee) {
    grantProduce(this, grantee);
  },
  grantConsume(grantee, options) {
    grantConsume(this, grantee, options);
  },
});

/** The most copies that may be demanded while one broker is down for an upgrade. */
const mostInsync = (replicas: number): number => Math.max(1, replicas - 1);

export class KafkaTopic extends Construct implements IKafkaTopic {
  /** A topic that is declared elsewhere. Where the cluster is declared in the same app, so must the topic be. */
  static fromAttributes(scope: Construct, _id: string, attributes: KafkaTopicAttributes): IKafkaTopic {
    return imported(pattern(scope, 'topicName', attributes.topicName, topicName), attributes);
  }

  /** Like {@link fromAttributes}, of whichever cluster the user that it is granted to belongs to. */
  static fromTopicName(scope: Construct, _id: string, name: string): IKafkaTopic {
    return imported(pattern(scope, 'topicName', name, topicName), {});
  }

  readonly topicName: string;
  readonly cluster: IKafkaCluster;
  readonly partitions: number;
  /** The KafkaTopic resource, for `manifest.addOverride`. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: KafkaTopicProps) {
    super(scope, id);
    const { cluster } = props;
    this.cluster = cluster;
    this.topicName = pattern(this, 'topicName', props.topicName, topicName);
    // The names of metrics turn both into the same character.
    ensure(
      this,
      !/\..*_|_.*\./.test(this.topicName),
      'topicName',
      'must have either dots or underscores, not both, since two such names share their metrics',
      this.topicName,
    );
    this.partitions = range(this, 'partitions', props.partitions ?? 6, PARTITIONS);
    const replicas = range(this, 'replicas', props.replicas, { min: 1, max: cluster.brokers });
    // Kubernetes allows no capitals and underscores in a name; Kafka does.
    const objectName = this.topicName.toLowerCase().replaceAll('_', '-');
    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: STRIMZI_API,
      kind: 'KafkaTopic',
      metadata: { name: objectName, namespace: cluster.namespace, labels: { [CLUSTER_LABEL]: cluster.clusterName } },
      spec: {
        ...(objectName === this.topicName ? {} : { topicName: this.topicName }),
        partitions: this.partitions,
        ...(replicas === undefined ? {} : { replicas }),
        config: this.config(props, replicas),
      },
      // Topics go before the operator that removes their finalizer.
      dependsOn: cluster.dependable ? [cluster.dependable] : undefined,
    });
  }

  grantProduce(grantee: IKafkaGrantee): void {
    grantProduce(this, grantee);
  }

  grantConsume(grantee: IKafkaGrantee, options: ConsumeOptions): void {
    grantConsume(this, grantee, options);
  }

  private config(props: KafkaTopicProps, replicas: number | undefined) {
    const cleanup = oneOf(this, 'cleanup', props.cleanup ?? 'delete', ['delete', 'compact', 'compact,delete']);
    for (const [setting, prop] of Object.entries(PROPS))
      ensure(this, props.config?.[setting] === undefined, `config.${setting}`, `is set by the prop ${prop}`);
    return {
      'cleanup.policy': cleanup,
      'retention.ms': this.retentionMs(props.retentionHours ?? 168),
      ...this.insync(props, replicas),
      ...props.config,
    };
  }

  private retentionMs(hours: number | 'forever'): number {
    return hours === 'forever' ? -1 : range(this, 'retentionHours', hours, RETENTION_HOURS) * HOUR_MS;
  }

  private insync({ minInsyncReplicas, cluster }: KafkaTopicProps, replicas: number | undefined) {
    const copies = replicas ?? cluster.replicationFactor;
    const most = isKnown(copies) ? mostInsync(copies) : undefined;
    if (minInsyncReplicas !== undefined) {
      range(this, 'minInsyncReplicas', minInsyncReplicas, { min: 1 });
      if (most !== undefined)
        ensure(
          this,
          minInsyncReplicas <= most,
          'minInsyncReplicas',
          `must be at most ${most} with ${copies} replicas`,
          minInsyncReplicas,
        );
      return { 'min.insync.replicas': minInsyncReplicas };
    }
    // A topic with fewer copies than the cluster demands could never be written to.
    if (most === undefined || cluster.minInsyncReplicas === undefined || cluster.minInsyncReplicas <= most) return {};
    return { 'min.insync.replicas': most };
  }
}
