import { type Placement, poolLabel, type Toleration } from '../values/placement.ts';

/** A taint as node pools have it. */
export interface PoolTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: NonNullable<Toleration['effect']>;
}

/**
 * The nodes of one pool.
 * @param pool the pool's name, which GKE puts on its nodes as a label
 * @param taints those of the pool, without which its nodes stay out of reach @default none
 */
export const onPool = (pool: string, taints: readonly PoolTaint[] = []): Placement => ({
  nodeSelector: { [poolLabel]: pool },
  tolerations: taints.map(({ key, value, effect }) => ({ key, operator: 'Equal', value, effect })),
});

/** Any node without a taint. */
export const anywhere: Placement = {};
