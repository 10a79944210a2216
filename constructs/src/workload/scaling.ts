import { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2/index.js';
import type { Construct } from 'constructs';
import { ensure, range } from '../validation.ts';

/** Who decides how many replicas there are; there is only ever one. */
export type Scaling =
  /** Terraform: 0-1000. */
  | { readonly type: 'fixed'; readonly replicas: number }
  /** A HorizontalPodAutoscaler, by the CPU used against the CPU requested (percent, 10-100; default 70). */
  | CpuScaling
  /** KEDA, by the records that a consumer's group has not read yet. KEDA must be installed. Only for EventConsumer. */
  | LagScaling;

export interface CpuScaling {
  readonly type: 'cpu';
  /** 1-1000 */
  readonly min: number;
  /** `min`-1000 */
  readonly max: number;
  /** 10-100. @default 70 */
  readonly targetPercent?: number;
}

export interface LagScaling {
  readonly type: 'lag';
  /** 0-1000; with 0 nothing runs while nothing is to be read. */
  readonly min: number;
  /** `min`-1000, at most the partitions of the topics. */
  readonly max: number;
  /** Unread records for which one more replica is started: 1-1000000. @default 100 */
  readonly recordsPerReplica?: number;
  /** Seconds of quiet until the last replica goes, where `min` is 0: 0-86400. @default 300 */
  readonly cooldownSeconds?: number;
}

const REPLICAS = { min: 0, max: 1000 };

/** The scaling that was asked for in either way, checked. */
export function checkScaling(
  scope: Construct,
  { replicas, scaling }: { replicas?: number; scaling?: Scaling },
): Scaling {
  ensure(scope, replicas === undefined || scaling === undefined, 'replicas', 'must not be given beside scaling');
  if (!scaling) return { type: 'fixed', replicas: range(scope, 'replicas', replicas ?? 1, REPLICAS) };
  if (scaling.type === 'fixed') {
    range(scope, 'scaling.replicas', scaling.replicas, REPLICAS);
    return scaling;
  }
  range(scope, 'scaling.min', scaling.min, { ...REPLICAS, min: scaling.type === 'cpu' ? 1 : 0 });
  range(scope, 'scaling.max', scaling.max, { ...REPLICAS, min: Math.max(1, scaling.min) });
  if (scaling.type === 'cpu') {
    range(scope, 'scaling.targetPercent', scaling.targetPercent, { min: 10, max: 100 });
  } else {
    range(scope, 'scaling.recordsPerReplica', scaling.recordsPerReplica, { min: 1, max: 1_000_000 });
    range(scope, 'scaling.cooldownSeconds', scaling.cooldownSeconds, { min: 0, max: 86_400 });
  }
  return scaling;
}

/** The most replicas there can be. */
export const maxReplicas = (scaling: Scaling): number => (scaling.type === 'fixed' ? scaling.replicas : scaling.max);

export function cpuAutoscaler(
  scope: Construct,
  metadata: { name: string; namespace: string },
  deployment: string,
  container: string,
  { min, max, targetPercent }: CpuScaling,
): HorizontalPodAutoscalerV2 {
  return new HorizontalPodAutoscalerV2(scope, 'Autoscaler', {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
      minReplicas: min,
      maxReplicas: max,
      metric: [
        {
          // Of the program alone: an idle sidecar's request would thin out the percentage.
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container,
            target: { type: 'Utilization', averageUtilization: targetPercent ?? 70 },
          },
        },
      ],
    },
  });
}
