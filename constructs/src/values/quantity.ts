import type { IConstruct } from 'constructs';
import { ensure, isKnown, pattern } from '../validation.ts';

/** What a container asks of its node. Kubernetes notation: `100m` or `0.5` CPUs, `128Mi` or `1Gi` of memory. */
export type ContainerResources = {
  /** What the scheduler reserves. Both are demanded: a pod without them is the first to be evicted and counts as nothing. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** The most a container gets. Memory above it kills the container, CPU above it is throttled. @default none */
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
};

const cpu = { regex: /^(\d+m|\d+(\.\d{1,3})?)$/, means: 'CPUs such as 100m, 0.5 or 2' };
const memory = { regex: /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/, means: 'memory such as 128Mi or 1Gi' };

const memoryUnits: Record<string, number> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** Thousandths of a CPU in a Kubernetes quantity. */
export const milliCpus = (quantity: string): number =>
  quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Math.round(Number(quantity) * 1000);

/** Bytes in a Kubernetes quantity. */
export function bytes(quantity: string): number {
  const unit = /[A-Za-z]+$/.exec(quantity)?.[0] ?? '';
  return Number(quantity.slice(0, quantity.length - unit.length)) * (memoryUnits[unit] ?? 1);
}

/** The resources, when each figure is a quantity and no limit lies below its request. */
export function containerResources(scope: IConstruct, prop: string, value: ContainerResources): ContainerResources {
  const { requests, limits } = value;
  pattern(scope, `${prop}.requests.cpu`, requests.cpu, cpu);
  pattern(scope, `${prop}.requests.memory`, requests.memory, memory);
  pattern(scope, `${prop}.limits.cpu`, limits?.cpu, cpu);
  pattern(scope, `${prop}.limits.memory`, limits?.memory, memory);
  if (isKnown(limits?.cpu) && isKnown(requests.cpu))
    ensure(
      scope,
      milliCpus(limits.cpu) >= milliCpus(requests.cpu),
      `${prop}.limits.cpu`,
      `must be at least the request of ${requests.cpu}`,
      limits.cpu,
    );
  if (isKnown(limits?.memory) && isKnown(requests.memory))
    ensure(
      scope,
      bytes(limits.memory) >= bytes(requests.memory),
      `${prop}.limits.memory`,
      `must be at least the request of ${requests.memory}`,
      limits.memory,
    );
  return value;
}
