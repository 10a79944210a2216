/** What a planned change really does to a running platform: Terraform's "update in-place" hides the roll of every node. */

export interface PlannedChange {
  address: string;
  type: string;
  actions: string[];
  before: unknown;
  after: unknown;
  /** Paths whose change forces the replacement, as Terraform reports them. */
  replacePaths?: unknown[][];
}

export type Impact =
  | 'creates'
  | 'destroys'
  | 'updates in place'
  | 'rolls every node'
  | 'replaces'
  | 'replaces the pool'
  | 'replaces the cluster';

export interface ClassifiedChange {
  address: string;
  impact: Impact;
  /** Dotted paths of the attributes that differ. */
  because: string[];
}

/**
 * Node pool attributes whose in-place change makes GKE replace every node of the pool, one surge (or one blue-green
 * batch) after the other. Source: the node pool upgrade page of the GKE documentation and provider 6.50's update code,
 * which calls nodePools.update for each of them.
 */
const ROLLING = [
  'version',
  'node_config.machine_type',
  'node_config.disk_type',
  'node_config.disk_size_gb',
  'node_config.boot_disk',
  'node_config.image_type',
  'node_config.metadata',
  'node_config.gcfs_config',
  'node_config.gvnic',
  'node_config.kubelet_config',
  'node_config.linux_node_config',
  'node_config.workload_metadata_config',
  'node_config.confidential_nodes',
];

const NAMES: Record<string, Impact> = {
  google_container_node_pool: 'replaces the pool',
  google_container_cluster: 'replaces the cluster',
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Dotted paths at which two JSON values differ; positions in lists are left out (`node_config.machine_type`). */
export function differences(before: unknown, after: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return [...new Set(before.flatMap((item, index) => differences(item, after[index], path)))];
  }
  if (isRecord(before) && isRecord(after) && !Array.isArray(before) && !Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path ? `${path}.${key}` : key));
  }
  return [path];
}

export function classifyChange(change: PlannedChange): ClassifiedChange | undefined {
  const { actions, address, type } = change;
  const has = (action: string) => actions.includes(action);
  if (!has('create') && !has('delete') && !has('update')) return undefined;
  if (has('create') && has('delete')) {
    const because = [
      ...new Set((change.replacePaths ?? []).map((path) => path.filter((step) => typeof step === 'string').join('.'))),
    ];
    return { address, impact: NAMES[type] ?? 'replaces', because };
  }
  if (has('create')) return { address, impact: 'creates', because: [] };
  if (has('delete')) return { address, impact: 'destroys', because: [] };
  const because = differences(change.before, change.after);
  const rolls =
    type === 'google_container_node_pool' &&
    because.some((path) => ROLLING.some((rolling) => path === rolling || path.startsWith(`${rolling}.`)));
  return { address, impact: rolls ? 'rolls every node' : 'updates in place', because };
}

export function describeChange({ address, impact, because }: ClassifiedChange): string {
  return `${address}: ${impact}${because.length > 0 ? ` (${because.join(', ')})` : ''}`;
}
