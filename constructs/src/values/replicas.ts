import type { IConstruct } from 'constructs';
import { ensure, type Range, range } from '../validation.ts';

/** How many pods: a fixed number, or a range that a HorizontalPodAutoscaler moves within. */
export type Replicas = number | { readonly min: number; readonly max: number };

/** The pods that are there at the least. */
export const minReplicas = (replicas: Replicas): number => (typeof replicas === 'number' ? replicas : replicas.min);

/** The replicas, when each figure lies within the bounds and the range is not upside down. */
export function checkReplicas(scope: IConstruct, prop: string, replicas: Replicas, bounds: Range): Replicas {
  if (typeof replicas === 'number') return range(scope, prop, replicas, bounds);
  const { min, max } = replicas;
  range(scope, `${prop}.min`, min, bounds);
  range(scope, `${prop}.max`, max, bounds);
  ensure(scope, max >= min, `${prop}.max`, `must be at least min (${min})`, max);
  return replicas;
}
