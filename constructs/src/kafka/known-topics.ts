import type { IConstruct } from 'constructs';
import { type IKafkaCluster, KafkaCluster } from './kafka-cluster.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { sameCluster } from './strimzi.ts';

/**
 * Every topic of the cluster, sorted; undefined where nobody here can know. All are known when the cluster is declared in
 * the same app, in whichever stack, or when its attributes list them.
 */
export function knownTopics(scope: IConstruct, cluster: IKafkaCluster): string[] | undefined {
  const all = scope.node.root.node.findAll();
  const declared = all.some((one) => one instanceof KafkaCluster && sameCluster(one, cluster));
  if (!declared && cluster.topicNames === undefined) return undefined;
  const topics = all
    .filter((one) => one instanceof KafkaTopic)
    .filter((topic) => sameCluster(topic.cluster, cluster))
    .map((topic) => topic.topicName);
  return [...new Set([...topics, ...(cluster.topicNames ?? [])])].sort();
}
