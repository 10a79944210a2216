import type { ContainerNodePoolUpgradeSettings } from '@cdktf/provider-google/lib/container-node-pool/index.js';
import type { IConstruct } from 'constructs';
import { ensure, oneOf, type Pattern, pattern, range } from '../validation.ts';
import type { MachineType } from './machine-type.ts';

export const DISK_TYPES = ['pd-standard', 'pd-balanced', 'pd-ssd', 'hyperdisk-balanced'] as const;
export type DiskType = (typeof DISK_TYPES)[number];
/** GKE's least boot disk is 10 GB; 2000 keeps a slip of a digit from being a bill. */
export const DISK_SIZE_GIB = { min: 10, max: 2000 };
/** https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr */
export const PODS_PER_NODE = { min: 8, max: 256 };
/** https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies: at most 20 nodes at a time. */
export const SURGE = { min: 0, max: 20 };
export const BATCH_NODES = { min: 1, max: 100 };
export const SOAK_SECONDS = { min: 0, max: 7 * 86_400 };
export const GPU_COUNTS = [1, 2, 4, 8, 16];

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
const GOOGLE_EFFECTS = { NoSchedule: 'NO_SCHEDULE', PreferNoSchedule: 'PREFER_NO_SCHEDULE', NoExecute: 'NO_EXECUTE' };

/** A Kubernetes label or taint key, outside the domains that Kubernetes and GKE keep to themselves. */
export const NODE_KEY: Pattern = {
  regex:
    /^(?!([a-z0-9.-]*\.)?(kubernetes|k8s)\.io\/)(?!cloud\.google\.com\/)([a-z0-9][a-z0-9.-]{0,252}\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
  means: 'a Kubernetes key such as dedicated or example.com/role, outside kubernetes.io, k8s.io and cloud.google.com',
};
export const NODE_VALUE: Pattern = {
  regex: /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/,
  means: 'a Kubernetes label value: at most 63 letters, digits, dots, hyphens or underscores',
};

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: (typeof TAINT_EFFECTS)[number];
}

export interface Gpu {
  /** e.g. `nvidia-l4`. https://cloud.google.com/compute/docs/gpus */
  readonly type: string;
  /** GPUs a node: 1, 2, 4, 8 or 16. */
  readonly count: number;
  /** Driver that GKE installs on the nodes. @default 'DEFAULT', the one of the node's version */
  readonly driver?: 'DEFAULT' | 'LATEST' | 'INSTALLATION_DISABLED';
}

/** Add new nodes, move the pods, remove old ones, a few at a time. */
export interface SurgeUpgrade {
  readonly strategy: 'surge';
  /** Extra nodes while upgrading, 0-20 a zone. @default 1 */
  readonly maxSurge?: number;
  /** Nodes that may be missing meanwhile, 0-20 a zone. @default 0 */
  readonly maxUnavailable?: number;
}

/** Build the whole new pool beside the old one, which stays for a way back; doubles the pool, and its quota, meanwhile. */
export interface BlueGreenUpgrade {
  readonly strategy: 'blue-green';
  /** Old nodes drained at a time, 1-100. @default 1 */
  readonly batchNodes?: number;
  /** Seconds to wait after each batch, 0-604800. @default 300 */
  readonly batchSoakSeconds?: number;
  /** Seconds to keep the old nodes after the last batch, 0-604800. @default 3600 (Google's own) */
  readonly poolSoakSeconds?: number;
}

export type UpgradeStrategy = 'surge' | 'blue-green' | SurgeUpgrade | BlueGreenUpgrade;

export function upgradeSettings(scope: IConstruct, upgrade: UpgradeStrategy): ContainerNodePoolUpgradeSettings {
  const chosen = typeof upgrade === 'string' ? { strategy: upgrade } : upgrade;
  oneOf<string>(scope, 'upgrade.strategy', chosen.strategy, ['surge', 'blue-green']);
  if (chosen.strategy === 'surge') {
    const { maxSurge = 1, maxUnavailable = 0 } = chosen as SurgeUpgrade;
    range(scope, 'upgrade.maxSurge', maxSurge, SURGE);
    range(scope, 'upgrade.maxUnavailable', maxUnavailable, SURGE);
    const sum = maxSurge + maxUnavailable;
    range(scope, 'upgrade.maxSurge + maxUnavailable', sum, { ...SURGE, min: 1 });
    return { strategy: 'SURGE', maxSurge, maxUnavailable };
  }
  const { batchNodes = 1, batchSoakSeconds = 300, poolSoakSeconds = 3600 } = chosen as BlueGreenUpgrade;
  range(scope, 'upgrade.batchNodes', batchNodes, BATCH_NODES);
  range(scope, 'upgrade.batchSoakSeconds', batchSoakSeconds, SOAK_SECONDS);
  range(scope, 'upgrade.poolSoakSeconds', poolSoakSeconds, SOAK_SECONDS);
  return {
    strategy: 'BLUE_GREEN',
    blueGreenSettings: {
      nodePoolSoakDuration: `${poolSoakSeconds}s`,
      standardRolloutPolicy: { batchNodeCount: batchNodes, batchSoakDuration: `${batchSoakSeconds}s` },
    },
  };
}

export function taints(scope: IConstruct, wanted: readonly Taint[]) {
  return wanted.map(({ key, value, effect }) => ({
    key: pattern(scope, 'taints.key', key, NODE_KEY),
    value: pattern(scope, 'taints.value', value, NODE_VALUE),
    effect: GOOGLE_EFFECTS[oneOf(scope, 'taints.effect', effect, TAINT_EFFECTS)],
  }));
}

export function nodeLabels(scope: IConstruct, labels: Readonly<Record<string, string>>): Record<string, string> {
  for (const [key, value] of Object.entries(labels)) {
    pattern(scope, 'labels', key, NODE_KEY);
    pattern(scope, `labels.${key}`, value, NODE_VALUE);
  }
  return { ...labels };
}

/** GPUs that plug into general-purpose N1 machines; all later ones come with a machine family of their own. */
const N1_GPUS = ['nvidia-tesla-t4', 'nvidia-tesla-v100', 'nvidia-tesla-p100', 'nvidia-tesla-p4'];

export function accelerators(scope: IConstruct, gpu: Gpu, machine: MachineType) {
  oneOf(scope, 'gpu.count', gpu.count, GPU_COUNTS);
  const pluggable = N1_GPUS.includes(gpu.type);
  const fits = pluggable ? machine.family === 'n1' : /^[ag]\d/.test(machine.family) && machine.family !== 'g1';
  const needs = pluggable ? 'an n1 machine' : 'a machine of the accelerator families (a2, a3, g2 ...)';
  ensure(scope, fits, 'gpu.type', `${gpu.type} needs ${needs}, not ${machine}`);
  return [
    {
      type: gpu.type,
      count: gpu.count,
      gpuDriverInstallationConfig: { gpuDriverVersion: gpu.driver ?? 'DEFAULT' },
    },
  ];
}

/** Newer families take Hyperdisk only, older ones persistent disks only. */
export function diskFits(scope: IConstruct, diskType: DiskType, machine: MachineType): void {
  const hyperdisk = diskType.startsWith('hyperdisk');
  if (machine.hyperdiskOnly) ensure(scope, hyperdisk, 'diskType', `must be hyperdisk-balanced on ${machine}`, diskType);
  const without = ['e2', 'n1', 'n2', 'n2d', 't2d', 'c2', 'c2d', 'g2'].includes(machine.family);
  ensure(scope, !(hyperdisk && without), 'diskType', `must not be a hyperdisk on ${machine}`, diskType);
}
