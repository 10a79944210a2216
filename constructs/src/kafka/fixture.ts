import type { TerraformStack } from 'cdktf';
import { synthOnCluster } from '../helm/fixture.ts';
import { type Block, resources, type Synthesized, schemaProblems } from '../testing/index.ts';
import { type IKafkaCluster, KafkaCluster, type KafkaClusterProps } from './kafka-cluster.ts';

/** A cluster `events` in `kafka`, for tests of one of its properties. */
export const aKafka = (stack: TerraformStack, props: Partial<KafkaClusterProps> = {}): KafkaCluster =>
  new KafkaCluster(stack, 'Kafka', {
    clusterName: 'events',
    namespace: 'kafka',
    storage: { sizeGib: 100, storageClass: 'premium-rwo' },
    ...props,
  });

/** The same cluster, declared elsewhere. */
export const foreignKafka = (stack: TerraformStack, props: { topicNames?: string[] } = {}): IKafkaCluster =>
  KafkaCluster.fromAttributes(stack, 'Kafka', { clusterName: 'events', namespace: 'kafka', ...props });

/** What was declared of a kind, as the API server gets it. */
export const manifests = (json: Synthesized, kind: string): Block[] =>
  resources(json, 'kubernetes_manifest')
    .map(({ manifest }) => manifest)
    .filter((manifest) => manifest.kind === kind);

export const synthKafka = (
  props: Partial<KafkaClusterProps> = {},
  then: (kafka: KafkaCluster, stack: TerraformStack) => void = () => {},
): Synthesized => synthOnCluster((stack) => then(aKafka(stack, props), stack));

/** What the real kubernetes provider would refuse. The body of a custom resource may be anything to it. */
export const providerProblems = (json: Synthesized): string[] =>
  schemaProblems(json, 'kubernetes-2.38.0').filter((problem) => !problem.endsWith(': manifest is no dynamic'));
