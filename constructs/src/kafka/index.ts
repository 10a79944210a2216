export * from './kafka-cluster.ts';
export * from './kafka-topic.ts';
export * from './kafka-user.ts';
