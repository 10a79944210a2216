import { mostNodes } from './node-pools.ts';
import type { Environment } from './schema.ts';

/**
 * Regional quotas that a new project commonly gets. Source: Google's Compute Engine allocation quotas; projects differ,
 * which is why an environment declares what it was granted.
 */
export const DEFAULT_QUOTAS: Record<string, number> = {
  CPUS: 72,
  SSD_TOTAL_GB: 500,
  DISKS_TOTAL_GB: 4096,
  IN_USE_ADDRESSES: 8,
  STATIC_ADDRESSES: 8,
};

/** Shared-core types have two virtual CPUs each, whatever their name says. */
const SHARED_CORE = new Set(['e2-micro', 'e2-small', 'e2-medium']);

export function vcpusOf(machineType: string): number {
  if (SHARED_CORE.has(machineType)) return 2;
  const custom = /custom-(?:[a-z]+-)?(\d+)-\d+/.exec(machineType);
  return Number(custom?.[1] ?? /-(\d+)(?:-|$|[a-z])/.exec(machineType)?.[1] ?? 1);
}

/** Addresses: the load balancer's and one of NAT. */
const ADDRESSES = 2;

/** What the environment uses at most, by Google's metric. */
export function quotaUse(environment: Environment): Record<string, number> {
  const used: Record<string, number> = {};
  const add = (metric: string, amount: number) => {
    if (amount > 0) used[metric] = (used[metric] ?? 0) + amount;
  };
  for (const pool of Object.values(environment.nodePools)) {
    const nodes = mostNodes(pool);
    const family = pool.machineType.split('-')[0] ?? '';
    const vcpus = nodes * vcpusOf(pool.machineType);
    if (family === 'n1' || family === 'e2') add('CPUS', vcpus);
    add(`${family.toUpperCase()}_CPUS`, vcpus);
    add(pool.diskType === 'pd-standard' ? 'DISKS_TOTAL_GB' : 'SSD_TOTAL_GB', nodes * pool.diskSizeGib);
  }
  add(
    environment.kafka.storageClass === 'premium-rwo' ? 'SSD_TOTAL_GB' : 'DISKS_TOTAL_GB',
    environment.kafka.brokers * environment.kafka.storageGib,
  );
  add('IN_USE_ADDRESSES', ADDRESSES);
  return used;
}

export interface QuotaVerdict {
  /** Declared quotas that do not hold the environment: it would be refused. */
  errors: string[];
  /** Assumed quotas that do not: a request to make before the first deployment. */
  warnings: string[];
}

export function checkQuotas(environment: Environment): QuotaVerdict {
  const verdict: QuotaVerdict = { errors: [], warnings: [] };
  if (!environment.google) return verdict;
  const { region, project } = environment.google;
  for (const [metric, used] of Object.entries(quotaUse(environment))) {
    const declared = (environment.quotas as Record<string, number | undefined> | undefined)?.[metric];
    const assumed = DEFAULT_QUOTAS[metric];
    if (declared !== undefined && used > declared) {
      verdict.errors.push(
        `quotas.${metric} must be at least ${used}, which the pools and volumes use at most, got ${declared}`,
      );
    } else if (declared === undefined && assumed !== undefined && used > assumed) {
      verdict.warnings.push(
        `quota ${metric} in ${region}: ${used} needed, a new project has ${assumed}: request ${used} for project ${project} and declare it under quotas`,
      );
    }
  }
  return verdict;
}
