import type { IKafkaCluster } from './kafka-cluster.ts';

/** One rule of Kafka's authoriser. */
export interface Acl {
  readonly resource: { readonly type: 'topic' | 'group'; readonly name: string; readonly patternType: 'literal' };
  readonly operations: readonly ('Read' | 'Write' | 'Describe')[];
}

/** What may be given rights: a KafkaUser, or a workload that has one. */
export interface IKafkaGrantee {
  /** Adds one rule; the same rule twice is one. */
  addAcl(acl: Acl, topic: IKafkaTopic): void;
}

export interface ConsumeOptions {
  /** Consumer group, 1-255 characters: only as a member of it may the topic be read. */
  readonly group: string;
}

/** A topic, ours or somebody else's. */
export interface IKafkaTopic {
  readonly topicName: string;
  /** Where it is, if that is known. */
  readonly cluster?: IKafkaCluster;
  /** Known of topics that are declared here: more members of a group than partitions have nothing to read. */
  readonly partitions?: number;
  /** Right to write records, and nothing else. */
  grantProduce(grantee: IKafkaGrantee): void;
  /** Right to read records as a member of the group, and nothing else. */
  grantConsume(grantee: IKafkaGrantee, options: ConsumeOptions): void;
}

const acl = (type: 'topic' | 'group', name: string, ...operations: Acl['operations']): Acl => ({
  resource: { type, name, patternType: 'literal' },
  operations,
});

/**
 * Write includes what an idempotent producer needs since Kafka 3, and nobody gets Create: a topic that is not declared is a
 * misspelt name more often than a wish.
 */
export function grantProduce(topic: IKafkaTopic, grantee: IKafkaGrantee): void {
  grantee.addAcl(acl('topic', topic.topicName, 'Write', 'Describe'), topic);
}

export function grantConsume(topic: IKafkaTopic, grantee: IKafkaGrantee, { group }: ConsumeOptions): void {
  grantee.addAcl(acl('topic', topic.topicName, 'Read', 'Describe'), topic);
  grantee.addAcl(acl('group', group, 'Read'), topic);
}
