import type { NodeSpec } from '../providers/google/cluster-backend.ts';
import type { Report } from '../report/report.ts';

/**
 * US dollars, us-central1, on demand, without committed or sustained use discounts; read off the public price list in
 * September 2026. An estimate to compare sizes with, not a bill: regions differ by up to a third.
 */
const BASIS = 'us-central1 list prices of September 2026, on demand, 730 h; traffic and storage beyond disks left out';
const HOURS = 730;
const CLUSTER_PER_HOUR = 0.1;
const MACHINES_PER_HOUR: Record<string, number> = {
  'n1-standard-2': 0.095,
  'e2-medium': 0.0335,
  'e2-standard-4': 0.134,
};
/** Families whose price is proportional to the vCPUs of the listed type. */
const PER_VCPU_HOUR: Record<string, number> = { 'n1-standard': 0.0475, 'e2-standard': 0.0335 };
const DISKS_PER_GIB: Record<string, number> = { 'pd-standard': 0.04, 'pd-balanced': 0.1, 'pd-ssd': 0.17 };
/** Spot machines are 60 to 91 % cheaper; the cautious end. */
const SPOT_SHARE = 0.4;

const cents = (value: number): number => Math.round(value * 100) / 100;

function machinePerHour(type: string): number | undefined {
  if (MACHINES_PER_HOUR[type] !== undefined) return MACHINES_PER_HOUR[type];
  const match = /^([a-z0-9]+-[a-z]+)-(\d+)$/.exec(type);
  const perVcpu = match ? PER_VCPU_HOUR[match[1] ?? ''] : undefined;
  return perVcpu === undefined ? undefined : perVcpu * Number(match?.[2]);
}

/** Claims are volumes of pods by disk type. */
export function monthlyCost(
  nodes: NodeSpec[],
  claims: { diskType: string; sizeGib: number }[],
): { cost: NonNullable<Report['cost']>; unknown: string[] } {
  const items = new Map<string, number>([['cluster fee', CLUSTER_PER_HOUR * HOURS]]);
  const unknown = new Set<string>();
  const add = (name: string, usd: number) => items.set(name, (items.get(name) ?? 0) + usd);
  for (const node of nodes) {
    const perHour = machinePerHour(node.machineType);
    if (perHour === undefined) unknown.add(node.machineType);
    else add(`pool ${node.pool}: machines`, perHour * HOURS * (node.spot ? SPOT_SHARE : 1));
    add(`pool ${node.pool}: boot disks`, (DISKS_PER_GIB[node.diskType] ?? 0) * node.diskSizeGib);
  }
  for (const claim of claims) add(`volumes (${claim.diskType})`, (DISKS_PER_GIB[claim.diskType] ?? 0) * claim.sizeGib);
  const list = [...items].map(([name, usd]) => ({ name, monthlyUsd: cents(usd) }));
  return {
    cost: { monthlyUsd: cents(list.reduce((total, item) => total + item.monthlyUsd, 0)), basis: BASIS, items: list },
    unknown: [...unknown].map((type) => `no price known for machine type ${type}: it is left out of the cost`),
  };
}
