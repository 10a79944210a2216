import type { PendingPod, PoolReport } from '../report/report.ts';
import type { Container, KubeNode, Pod } from './objects.ts';
import { GIB, parseQuantity, round } from './quantity.ts';

const POOL_LABEL = 'cloud.google.com/gke-nodepool';
const TYPE_LABEL = 'node.kubernetes.io/instance-type';

export interface Requests {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

const sum = (a: Requests, b: Requests): Requests => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory });
const most = (a: Requests, b: Requests): Requests => ({
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
});
const ofContainer = (container: Container): Requests => ({
  cpu: parseQuantity(container.resources?.requests?.cpu ?? 0),
  memory: parseQuantity(container.resources?.requests?.memory ?? 0),
});

/**
 * What the scheduler reserves for a pod: its containers and restartable init containers (native sidecars) together, or
 * the largest ordinary init container beside the sidecars started before it, whichever is more; plus the overhead.
 */
export function podRequests(pod: Pod): Requests {
  const zero: Requests = { cpu: 0, memory: 0 };
  let sidecars = zero;
  let largestInit = zero;
  for (const container of pod.spec.initContainers ?? []) {
    const wanted = ofContainer(container);
    if (container.restartPolicy === 'Always') sidecars = sum(sidecars, wanted);
    largestInit = most(largestInit, container.restartPolicy === 'Always' ? sidecars : sum(sidecars, wanted));
  }
  const running = pod.spec.containers.map(ofContainer).reduce(sum, sidecars);
  const overhead: Requests = {
    cpu: parseQuantity(pod.spec.overhead?.cpu ?? 0),
    memory: parseQuantity(pod.spec.overhead?.memory ?? 0),
  };
  return sum(most(running, largestInit), overhead);
}

const finished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
export const podPath = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}`;

/** Pods without a node, each with the scheduler's own reason. */
export function pendingPods(pods: Pod[]): PendingPod[] {
  return pods
    .filter((pod) => !pod.spec.nodeName && !finished(pod) && !pod.metadata.deletionTimestamp)
    .map((pod) => {
      const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
      return { name: podPath(pod), reason: scheduled?.message ?? 'the scheduler has not looked at it yet' };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

interface PoolFigures {
  nodes: number;
  machineType: string;
  allocatable: Requests;
  requested: Requests;
  pods: number;
}

function figures(nodes: KubeNode[], pods: Pod[]): Map<string, PoolFigures> {
  const pools = new Map<string, PoolFigures>();
  const poolOfNode = new Map<string, PoolFigures>();
  for (const node of nodes) {
    const name = node.metadata.labels?.[POOL_LABEL] ?? 'nodes';
    const pool = pools.get(name) ?? {
      nodes: 0,
      machineType: node.metadata.labels?.[TYPE_LABEL] ?? 'unknown',
      allocatable: { cpu: 0, memory: 0 },
      requested: { cpu: 0, memory: 0 },
      pods: 0,
    };
    pool.nodes += 1;
    pool.allocatable = sum(pool.allocatable, {
      cpu: parseQuantity(node.status.allocatable.cpu ?? 0),
      memory: parseQuantity(node.status.allocatable.memory ?? 0),
    });
    pools.set(name, pool);
    poolOfNode.set(node.metadata.name, pool);
  }
  for (const pod of pods) {
    const pool = pod.spec.nodeName ? poolOfNode.get(pod.spec.nodeName) : undefined;
    if (!pool || finished(pod)) continue;
    pool.requested = sum(pool.requested, podRequests(pod));
    pool.pods += 1;
  }
  return pools;
}

const headroom = (pool: PoolFigures): { cpu: number; memoryGib: number } => ({
  cpu: round(pool.allocatable.cpu - pool.requested.cpu),
  memoryGib: round((pool.allocatable.memory - pool.requested.memory) / GIB),
});

/** The pools as they are, and what is left of them in a second look taken with every autoscaler at its maximum. */
export function poolReports(nodes: KubeNode[], now: Pod[], atMax: Pod[]): PoolReport[] {
  const later = figures(nodes, atMax);
  return [...figures(nodes, now)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, pool]) => ({
      name,
      nodes: pool.nodes,
      machineType: pool.machineType,
      cpu: { allocatable: round(pool.allocatable.cpu), requested: round(pool.requested.cpu) },
      memory: { allocatable: round(pool.allocatable.memory / GIB), requested: round(pool.requested.memory / GIB) },
      pods: pool.pods,
      headroomNow: headroom(pool),
      headroomAtMax: headroom(later.get(name) ?? pool),
    }));
}
