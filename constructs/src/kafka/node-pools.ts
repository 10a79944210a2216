import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, isKnown, pattern, range } from '../validation.ts';
import type { Placement } from '../values/placement.ts';
import { bytes, type ContainerResources, containerResources } from '../values/quantity.ts';
import { nodeTemplate } from './pod-templates.ts';
import { CLUSTER_LABEL, STRIMZI_API } from './strimzi.ts';

const STORAGE_GIB = { min: 1, max: 65536 };
const javaHeap = { regex: /^\d+[mg]$/, means: 'megabytes or gigabytes such as 512m or 1g' };

export interface KafkaStorage {
  /** Of each node, GiB: 1-65536. It can grow where the storage class allows it, never shrink. */
  readonly sizeGib: number;
  /** @default the Kubernetes cluster's default storage class */
  readonly storageClass?: string;
}

export interface KafkaNodes {
  readonly replicas: number;
  readonly storage: KafkaStorage;
  /** Of each node. @default 500m CPU and 2Gi requested, memory limited to the same */
  readonly resources?: ContainerResources;
  /** Heap of the Java machine, e.g. `512m`, below the memory. @default '1g' */
  readonly heap?: string;
  /** @default any node */
  readonly placement?: Placement;
}

interface NodePoolParts {
  clusterName: string;
  namespace: string;
  name: string;
  /** Before the names of props in messages. */
  prop: string;
  roles: string[];
  zones: boolean;
  preventDestroy: boolean;
  dependsOn?: readonly ITerraformDependable[];
}

const NODE_RESOURCES: ContainerResources = { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '2Gi' } };
export const OPERATOR_RESOURCES: ContainerResources = {
  requests: { cpu: '100m', memory: '256Mi' },
  limits: { memory: '256Mi' },
};

const heapBytes = (heap: string): number => bytes(heap.replace('m', 'Mi').replace('g', 'Gi'));

export function nodePool(scope: Construct, id: string, nodes: KafkaNodes, parts: NodePoolParts): CustomResource {
  const { prop } = parts;
  range(scope, `${prop}storage.sizeGib`, nodes.storage.sizeGib, STORAGE_GIB);
  const resources = containerResources(scope, `${prop}resources`, nodes.resources ?? NODE_RESOURCES);
  const heap = pattern(scope, `${prop}heap`, nodes.heap ?? '1g', javaHeap);
  const memory = resources.limits?.memory ?? resources.requests.memory;
  if (isKnown(heap) && isKnown(memory))
    // What is left is Java's own and the page cache; without any the container is killed.
    ensure(
      scope,
      heapBytes(heap) <= bytes(memory) * 0.75,
      `${prop}heap`,
      `must be at most three quarters of the memory of ${memory}`,
      heap,
    );
  return new CustomResource(scope, id, {
    apiVersion: STRIMZI_API,
    kind: 'KafkaNodePool',
    metadata: { name: parts.name, namespace: parts.namespace, labels: { [CLUSTER_LABEL]: parts.clusterName } },
    spec: {
      replicas: nodes.replicas,
      roles: parts.roles,
      resources,
      jvmOptions: { '-Xms': heap, '-Xmx': heap },
      storage: {
        type: 'jbod',
        volumes: [
          {
            id: 0,
            type: 'persistent-claim',
            size: `${nodes.storage.sizeGib}Gi`,
            ...(nodes.storage.storageClass ? { class: nodes.storage.storageClass } : {}),
            kraftMetadata: 'shared',
            deleteClaim: false,
          },
        ],
      },
      template: nodeTemplate(
        { [CLUSTER_LABEL]: parts.clusterName, 'strimzi.io/pool-name': parts.name },
        nodes.placement,
        parts.zones,
      ),
    },
    preventDestroy: parts.preventDestroy,
    dependsOn: parts.dependsOn,
  });
}
