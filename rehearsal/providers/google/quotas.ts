import { findMachineType } from '../../control-plane/machine-types.ts';
import { GoogleApiError } from './api.ts';
import type { NodeSpec } from './cluster-backend.ts';

/**
 * Regional quotas that new projects commonly get. Source: the Compute Engine allocation quotas page; individual projects
 * differ, which is why an environment declares what it was granted.
 */
export const DEFAULT_QUOTAS: Record<string, number> = {
  CPUS: 72,
  N2_CPUS: 72,
  C3_CPUS: 72,
  SSD_TOTAL_GB: 500,
  DISKS_TOTAL_GB: 4096,
  IN_USE_ADDRESSES: 8,
  STATIC_ADDRESSES: 8,
};

/** Families with a quota of their own; all others count against CPUS. */
const OWN_METRIC = new Set([
  'n2',
  'n2d',
  'c2',
  'c2d',
  'c3',
  'c3d',
  'c4',
  'n4',
  'm1',
  'm2',
  'm3',
  'a2',
  'g2',
  't2d',
  't2a',
]);
const SSD = new Set(['pd-ssd', 'pd-balanced']);

export interface QuotaUsage {
  metric: string;
  used: number;
  limit: number;
  declared: boolean;
}

export interface Disk {
  type: string;
  sizeGib: number;
}

export interface Consumers {
  nodes: Pick<NodeSpec, 'machineType' | 'diskType' | 'diskSizeGib'>[];
  disks: Disk[];
  staticAddresses: number;
  inUseAddresses: number;
}

const metricOf = (machineType: string): string => {
  const family = machineType.split('-')[0] ?? '';
  return OWN_METRIC.has(family) ? `${family.toUpperCase()}_CPUS` : 'CPUS';
};

export class Quotas {
  private readonly declared: Record<string, number>;
  private readonly region: string;

  constructor(region: string, declared: Record<string, number> = {}) {
    this.region = region;
    this.declared = declared;
  }

  limit(metric: string): number | undefined {
    return this.declared[metric] ?? DEFAULT_QUOTAS[metric];
  }

  usage({ nodes, disks, staticAddresses, inUseAddresses }: Consumers): QuotaUsage[] {
    const used = new Map<string, number>();
    const add = (metric: string, amount: number) => used.set(metric, (used.get(metric) ?? 0) + amount);
    for (const { machineType, diskType, diskSizeGib } of nodes) {
      const vcpus = findMachineType(machineType)?.vcpus ?? 0;
      add(metricOf(machineType), vcpus);
      // Beside the total, families may be limited on their own where the project says so.
      const family = `${(machineType.split('-')[0] ?? '').toUpperCase()}_CPUS`;
      if (family !== metricOf(machineType) && this.declared[family] !== undefined) add(family, vcpus);
      add(SSD.has(diskType) ? 'SSD_TOTAL_GB' : 'DISKS_TOTAL_GB', diskSizeGib);
    }
    for (const { type, sizeGib } of disks) add(SSD.has(type) ? 'SSD_TOTAL_GB' : 'DISKS_TOTAL_GB', sizeGib);
    if (staticAddresses > 0) add('STATIC_ADDRESSES', staticAddresses);
    if (inUseAddresses > 0) add('IN_USE_ADDRESSES', inUseAddresses);
    return [...used]
      .map(([metric, amount]) => ({
        metric,
        used: amount,
        limit: this.limit(metric) ?? Number.POSITIVE_INFINITY,
        declared: this.declared[metric] !== undefined,
      }))
      .sort((a, b) => a.metric.localeCompare(b.metric));
  }

  /** Refuses what would go beyond a declared quota. An undeclared one is assumed, so its excess is the report's to tell. */
  check(consumers: Consumers): void {
    const exceeded = this.usage(consumers).find(({ used, limit, declared }) => declared && used > limit);
    if (!exceeded) return;
    throw new GoogleApiError(
      403,
      'quotaExceeded',
      `Insufficient regional quota to satisfy request: Quota '${exceeded.metric}' exceeded. Limit: ${exceeded.limit.toFixed(1)} in region ${this.region}, needed: ${exceeded.used.toFixed(1)}.`,
    );
  }
}
