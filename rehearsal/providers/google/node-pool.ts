import { createHash } from 'node:crypto';
import { findMachineType } from '../../control-plane/machine-types.ts';
import { checkName, GoogleApiError, invalid, type Json } from './api.ts';
import type { GoogleCloud } from './cloud.ts';
import type { NodeSpec } from './cluster-backend.ts';

/** The rules of a node pool, and the machines that follow from it. */

const POOL_NAME = /^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/;
const DISK_TYPES = ['pd-standard', 'pd-balanced', 'pd-ssd', 'hyperdisk-balanced'];
const DISK_GB = { min: 10, max: 65536 };
const EFFECTS: Record<string, string> = {
  NO_SCHEDULE: 'NoSchedule',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
  NO_EXECUTE: 'NoExecute',
};

export function checkNodeConfig(cloud: GoogleCloud, config: Json, zone = `${cloud.region}-b`): void {
  const { machineType = 'e2-medium', diskSizeGb, diskType, serviceAccount } = config;
  if (!findMachineType(machineType)) {
    throw invalid(`Machine type with name '${machineType}' does not exist in zone '${zone}'.`);
  }
  if (diskSizeGb !== undefined && (diskSizeGb < DISK_GB.min || diskSizeGb > DISK_GB.max)) {
    throw invalid(
      `Invalid value for field "node_config.disk_size_gb": "${diskSizeGb}". Must be between ${DISK_GB.min} and ${DISK_GB.max}.`,
    );
  }
  if (diskType !== undefined && !DISK_TYPES.includes(diskType)) {
    throw invalid(
      `Invalid value for field "node_config.disk_type": "${diskType}". Must be one of ${DISK_TYPES.join(', ')}.`,
    );
  }
  if (serviceAccount && serviceAccount !== 'default' && !cloud.knowsServiceAccount(serviceAccount)) {
    throw new GoogleApiError(400, 'badRequest', `Service account "${serviceAccount}" does not exist.`);
  }
  for (const taint of config.taints ?? []) {
    if (!EFFECTS[taint.effect]) throw invalid(`Invalid value for field "node_config.taint.effect": "${taint.effect}".`);
  }
}

export function checkNodePool(cloud: GoogleCloud, pool: Json, cluster: Json): void {
  checkName('nodePool.name', pool.name, POOL_NAME);
  checkNodeConfig(cloud, pool.config ?? {}, pool.locations?.[0]);
  const region = cluster.location.replace(/-[a-z]$/, '');
  for (const zone of pool.locations ?? []) {
    if (!zone.startsWith(`${region}-`)) throw invalid(`Location "${zone}" is not in region "${region}".`);
  }
  if ((pool.initialNodeCount ?? 0) < 0)
    throw invalid(`Invalid value for field "initial_node_count": "${pool.initialNodeCount}".`);
  const {
    enabled,
    minNodeCount = 0,
    maxNodeCount = 0,
    totalMinNodeCount = 0,
    totalMaxNodeCount = 0,
  } = pool.autoscaling ?? {};
  if (!enabled) return;
  const perZone = minNodeCount > 0 || maxNodeCount > 0;
  const total = totalMinNodeCount > 0 || totalMaxNodeCount > 0;
  if (perZone && total) throw invalid('Autoscaling limits are either per zone or total, not both.');
  const [min, max] = total ? [totalMinNodeCount, totalMaxNodeCount] : [minNodeCount, maxNodeCount];
  if (min > max) throw invalid(`Autoscaling: minimum ${min} is greater than maximum ${max}.`);
}

/** How many nodes a pool has: what it was given per zone, held within its autoscaling bounds. */
export function poolSize(pool: Json): number {
  const zones = pool.locations.length;
  const initial = (pool.initialNodeCount ?? 0) * zones;
  const { enabled, minNodeCount = 0, maxNodeCount, totalMinNodeCount, totalMaxNodeCount } = pool.autoscaling ?? {};
  if (!enabled) return initial;
  const min = totalMaxNodeCount ? (totalMinNodeCount ?? 0) : minNodeCount * zones;
  const max = totalMaxNodeCount ? totalMaxNodeCount : (maxNodeCount ?? 0) * zones;
  return Math.min(Math.max(initial, min), max);
}

const hash = (text: string, length: number): string => createHash('sha1').update(text).digest('hex').slice(0, length);

/** The machines of a pool, spread over its zones as evenly as GKE does with location policy BALANCED. */
export function nodesOf(pool: Json, cluster: Json, _cloud: GoogleCloud): NodeSpec[] {
  const { config, locations } = pool;
  const accelerator = config.accelerators?.[0];
  return Array.from({ length: poolSize(pool) }, (_, index) => {
    const zone = locations[index % locations.length];
    const group = hash(`${pool.selfLink}/${zone}/${pool.generation}`, 8);
    return {
      name: `gke-${cluster.name}-${pool.name}-${group}-${hash(`${group}/${index}`, 4)}`,
      pool: pool.name,
      machineType: config.machineType,
      zone,
      region: zone.replace(/-[a-z]$/, ''),
      diskType: config.diskType,
      diskSizeGib: config.diskSizeGb,
      spot: config.spot === true || config.preemptible === true,
      labels: config.labels ?? {},
      taints: (config.taints ?? []).map((taint: Json) => ({ ...taint, effect: EFFECTS[taint.effect] ?? taint.effect })),
      ...(accelerator
        ? { gpu: { type: accelerator.acceleratorType, count: Number(accelerator.acceleratorCount) } }
        : {}),
      serviceAccount: config.serviceAccount,
    };
  });
}
