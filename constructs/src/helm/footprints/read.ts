import { isValues, type Values, valueAt } from '../../values/deep-merge.ts';
import type { Toleration } from '../../values/placement.ts';
import type { ChartKey } from '../charts.ts';
import { charts } from '../charts.ts';
import type { Footprint, FootprintWorkload } from '../footprint.ts';

/*
 * A footprint is its chart as a function: values in, workloads out. Reading the very values that Helm gets keeps it true
 * when someone overrides them. Keys that are absent fall back to the chart's own defaults.
 */

type Container = FootprintWorkload['containers'][number];

export function numberAt(values: Values, fallback: number, ...path: string[]): number {
  const value = valueAt(values, ...path);
  return typeof value === 'number' ? value : fallback;
}

export function textAt(values: Values, fallback: string, ...path: string[]): string {
  const value = valueAt(values, ...path);
  return typeof value === 'string' && value !== '' ? value : fallback;
}

export const flagAt = (values: Values, fallback: boolean, ...path: string[]): boolean => {
  const value = valueAt(values, ...path);
  return typeof value === 'boolean' ? value : fallback;
};

type Figures = { cpu?: string; memory?: string };

const figures = (value: unknown): Figures => {
  const { cpu, memory } = isValues(value) ? value : {};
  return {
    ...(cpu === undefined || cpu === null ? {} : { cpu: String(cpu) }),
    ...(memory === undefined || memory === null ? {} : { memory: String(memory) }),
  };
};

/** Requests and limits at a path. Helm merges them figure by figure over the chart's defaults. */
export function resourcesAt(
  values: Values,
  defaults: { requests?: Figures; limits?: Figures },
  ...path: string[]
): Pick<Container, 'requests' | 'limits'> {
  return {
    requests: { ...defaults.requests, ...figures(valueAt(values, ...path, 'requests')) },
    limits: { ...defaults.limits, ...figures(valueAt(values, ...path, 'limits')) },
  };
}

/** Node selector and tolerations below a path, after those that the chart always sets. */
export function placementAt(
  values: Values,
  path: string[] = [],
  always: Toleration[] = [],
): Pick<FootprintWorkload, 'nodeSelector' | 'tolerations'> {
  const nodeSelector = valueAt(values, ...path, 'nodeSelector');
  const given = valueAt(values, ...path, 'tolerations');
  const tolerations = [...always, ...((Array.isArray(given) ? given : []) as Toleration[])];
  return {
    ...(isValues(nodeSelector) && Object.keys(nodeSelector).length > 0
      ? { nodeSelector: nodeSelector as Record<string, string> }
      : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
  };
}

/** Pods that a chart starts with: an autoscaler's minimum where one is on, else the fixed number. */
export const replicasAt = (
  values: Values,
  autoscaled: { on: boolean; min: string[]; defaultMin: number },
  ...path: string[]
): number =>
  autoscaled.on ? numberAt(values, autoscaled.defaultMin, ...autoscaled.min) : numberAt(values, 1, ...path);

/** A footprint with its chart's evidence; what a chart does not bring may be left out. */
export function footprintOf(
  key: ChartKey,
  facts: Partial<Pick<Footprint, 'workloads' | 'services' | 'crds' | 'webhookPorts'>>,
): Footprint {
  const { evidence, recorded } = charts[key];
  return { evidence, recorded: { ...recorded }, workloads: [], services: [], crds: [], webhookPorts: [], ...facts };
}

/** Full names of CRDs of one group, e.g. `kafkas.kafka.strimzi.io`. */
export const crdNames = (group: string, ...plurals: string[]): string[] =>
  plurals.map((plural) => `${plural}.${group}`);
