import type { IConstruct } from 'constructs';
import { type IKafkaCluster, KafkaCluster } from './kafka-cluster.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { clusterPath } from './strimzi.ts';

/**
 * Every topic of the cluster, sorted; undefined where nobody here can know. All are known when the cluster is declared in
 * the same app, in whichever stack, or when its attributes list them.
 */
export function knownTopics(scope: IConstruct, cluster: IKafkaCluster): string[] | undefined {
  const path = clusterPath(cluster);
  const all = scope.node.root.node.findAll();
  const declared = all.some((one) => one instanceof KafkaCluster && clusterPath(one) === path);
  if (!declared && cluster.topicNames === undefined) return undefined;
  const topics = all
    .filter((one) => one instanceof KafkaTopic)
    .filter((topic) => clusterPath(topic.cluster) === path)
    .map((topic) => topic.topicName);
  return [...new Set([...topics, ...(cluster.topicNames ?? [])])].sort();
}
