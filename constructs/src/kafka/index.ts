export type { Acl, ConsumeOptions, IKafkaGrantee, IKafkaTopic } from './grants.ts';
export * from './kafka-cluster.ts';
export * from './kafka-topic.ts';
export * from './kafka-user.ts';
export type { KafkaNodes, KafkaStorage } from './node-pools.ts';
export { KAFKA_VERSIONS, type KafkaVersion } from './strimzi.ts';
