import type { IConstruct } from 'constructs';
import { ensure, isKnown, range, refuse } from '../validation.ts';

/**
 * How many nodes a pool has in all its zones together. Google counts per zone, which makes "5 nodes" fifteen in a
 * region of three zones: so a fixed total must be a multiple of the zones, and a bounded one is left to the autoscaler.
 */
export type NodeTotals =
  | { /** Nodes in all zones together, 0-15000. */ readonly total: number }
  | {
      /** Fewest nodes in all zones together, 0-15000. */
      readonly minTotal: number;
      /** Most nodes in all zones together, 1-15000. */
      readonly maxTotal: number;
    };

/** https://cloud.google.com/kubernetes-engine/quotas: nodes in a cluster. */
export const NODES = { min: 0, max: 15_000 };
export const MAX_NODES = { min: 1, max: 15_000 };

export interface NodeCounts {
  /** Nodes in each zone, when fixed. */
  readonly perZone?: number;
  /** Nodes in each zone to begin with, when autoscaled. */
  readonly initialPerZone?: number;
  readonly totals?: { readonly min: number; readonly max: number };
}

export function nodeCounts(scope: IConstruct, nodes: NodeTotals, zones: readonly string[] | undefined): NodeCounts {
  if ('total' in nodes) return { perZone: fixed(scope, range(scope, 'nodes.total', nodes.total, NODES), zones) };
  const min = range(scope, 'nodes.minTotal', nodes.minTotal, NODES);
  const max = range(scope, 'nodes.maxTotal', nodes.maxTotal, MAX_NODES);
  ensure(scope, min <= max, 'nodes.minTotal', `must not be more than nodes.maxTotal ${max}`, min);
  return { initialPerZone: initial(min, max, zones?.length ?? 1), totals: { min, max } };
}

function fixed(scope: IConstruct, total: number, zones: readonly string[] | undefined): number {
  if (!isKnown(zones)) refuse(scope, 'zones', 'must be given to spread nodes.total over them');
  if (total % zones.length === 0) return total / zones.length;
  const up = Math.ceil(total / zones.length) * zones.length;
  return refuse(
    scope,
    'nodes.total',
    `must be a multiple of the pool's ${zones.length} zones: put the pool in one zone (zones: ['${zones[0]}']) ` +
      `or let the autoscaler keep the total (nodes: { minTotal: ${total}, maxTotal: ${up} })`,
    total,
  );
}

/**
 * The fewest nodes a zone that make at least the minimum, if that many are allowed in total; else the most that are.
 * The autoscaler then brings the pool up to its minimum.
 */
function initial(min: number, max: number, zones: number): number {
  const enough = Math.ceil(min / zones);
  return enough * zones <= max ? enough : Math.floor(max / zones);
}
