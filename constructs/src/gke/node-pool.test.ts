import { resource, resources, type Synthesized } from '../testing/index.ts';
import { ArtifactRegistry } from './artifact-registry.ts';
import { PROJECT, REGION, synthCluster, ZONES } from './fixture.ts';
import { KmsKey } from './kms-key.ts';
import { MachineType } from './machine-type.ts';
import type { NodePoolOptions } from './node-pool.ts';

const BASE: NodePoolOptions = { machineType: 'e2-standard-4', nodes: { total: 3 } };
const synth = (props: Partial<NodePoolOptions> = {}, location?: string): Synthesized =>
  synthCluster(location ? { location, zones: undefined } : {}, (cluster) =>
    cluster.addNodePool('work', { ...BASE, ...props }),
  );
const pool = (props: Partial<NodePoolOptions> = {}, location?: string) =>
  resource(synth(props, location), 'google_container_node_pool');
const pools = (json: Synthesized) =>
  resources(json, 'google_service_account').find(({ account_id }) => account_id === 'prod-work-nodes');

test('nodes are hardened', () => {
  expect(pool().node_config).toEqual({
    machine_type: 'e2-standard-4',
    image_type: 'COS_CONTAINERD',
    disk_type: 'pd-balanced',
    disk_size_gb: 100,
    spot: false,
    service_account: expect.stringMatching(/^\$\{google_service_account\.cluster_work_\w+\.email\}$/),
    oauth_scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
    workload_metadata_config: { mode: 'GKE_METADATA' },
    kubelet_config: { insecure_kubelet_readonly_port_enabled: 'FALSE' },
    metadata: { 'disable-legacy-endpoints': 'true' },
    tags: ['prod-node'],
  });
});

test('GKE repairs and upgrades the nodes', () => {
  expect(pool().management).toEqual({ auto_repair: true, auto_upgrade: true });
});

test('a pool belongs to its cluster and is named by its id', () => {
  expect(pool()).toMatchObject({
    name: 'work',
    cluster: expect.stringMatching(/^\$\{google_container_cluster\.\w+\.id\}$/),
    location: REGION,
    project: PROJECT,
  });
});

test('a fixed total is divided by the zones', () => {
  const { node_count, initial_node_count, autoscaling, node_locations } = pool({ nodes: { total: 6 } });
  expect({ node_count, initial_node_count, autoscaling, node_locations }).toEqual({
    node_count: 2,
    initial_node_count: undefined,
    autoscaling: undefined,
    node_locations: ZONES,
  });
});

test('five nodes are five in a zonal cluster', () => {
  expect(pool({ nodes: { total: 5 } }, 'europe-west1-b')).toMatchObject({
    node_count: 5,
    node_locations: ['europe-west1-b'],
  });
});

test('five nodes are five in one zone of a regional cluster', () => {
  const zones = ['europe-west1-c'];
  expect(pool({ nodes: { total: 5 }, zones })).toMatchObject({ node_count: 5, node_locations: zones });
});

test('a total that the zones do not divide is refused, with both ways out', () => {
  expect(() => synth({ nodes: { total: 5 } })).toThrow(
    new Error(
      `prod/cluster/work: nodes.total must be a multiple of the pool's 3 zones: put the pool in one zone ` +
        `(zones: ['europe-west1-b']) or let the autoscaler keep the total (nodes: { minTotal: 5, maxTotal: 6 }), got 5`,
    ),
  );
});

test.each([
  [{ minTotal: 5, maxTotal: 7 }, 2],
  [{ minTotal: 3, maxTotal: 9 }, 1],
  [{ minTotal: 0, maxTotal: 5 }, 0],
  // six would be too many: three, and the autoscaler adds the rest
  [{ minTotal: 5, maxTotal: 5 }, 1],
  [{ minTotal: 1, maxTotal: 2 }, 0],
])('%j are bounds of the total, beginning with %d in each of three zones', (nodes, initial) => {
  const { autoscaling, initial_node_count, node_count } = pool({ nodes });
  expect({ autoscaling, initial_node_count, node_count }).toEqual({
    autoscaling: {
      total_min_node_count: nodes.minTotal,
      total_max_node_count: nodes.maxTotal,
      location_policy: 'BALANCED',
    },
    initial_node_count: initial,
    node_count: undefined,
  });
});

test('what the autoscaler did is not undone, and a new minimum does not replace the pool', () => {
  expect(pool({ nodes: { minTotal: 3, maxTotal: 6 } }).lifecycle).toEqual({
    ignore_changes: ['initial_node_count', 'node_count'],
  });
  expect(pool().lifecycle).toBeUndefined();
});

test('spot machines are taken where there are any', () => {
  const spot = pool({ provisioning: 'spot', nodes: { minTotal: 0, maxTotal: 3 } });
  expect([spot.node_config.spot, spot.autoscaling.location_policy]).toEqual([true, 'ANY']);
});

test('nodes run under an account of their pool, which may log, measure and pull', () => {
  const json = synth();
  expect(pools(json)).toEqual({
    account_id: 'prod-work-nodes',
    project: PROJECT,
    display_name: 'Nodes of pool work in cluster prod',
  });
  const roles = resources(json, 'google_project_iam_member').filter(({ member }) => member.includes('cluster_work'));
  expect(roles.map(({ role }) => role).sort()).toEqual([
    'roles/artifactregistry.reader',
    'roles/container.defaultNodeServiceAccount',
  ]);
});

test('no node starts before its account may log and pull', () => {
  expect(pool().depends_on).toEqual([
    expect.stringContaining('role-container-defaultNodeServiceAccount'),
    expect.stringContaining('role-artifactregistry-reader'),
  ]);
});

test('nodes can be kept to pull from named repositories only', () => {
  const json = synthCluster({}, (cluster) => {
    const images = new ArtifactRegistry(cluster, 'images', {
      repositoryId: 'images',
      location: REGION,
      project: PROJECT,
    });
    cluster.addNodePool('work', { ...BASE, registries: [images] });
  });
  const roles = resources(json, 'google_project_iam_member').map(({ role }) => role);
  expect(roles).not.toContain('roles/artifactregistry.reader');
  expect(resource(json, 'google_artifact_registry_repository_iam_member')).toMatchObject({
    role: 'roles/artifactregistry.reader',
    member: expect.stringContaining('google_service_account.cluster_work'),
  });
});

test('a surge upgrade adds a node and misses none', () => {
  expect(pool().upgrade_settings).toEqual({ strategy: 'SURGE', max_surge: 1, max_unavailable: 0 });
});

test('a blue-green upgrade keeps the old nodes for an hour', () => {
  expect(pool({ upgrade: 'blue-green' }).upgrade_settings).toEqual({
    strategy: 'BLUE_GREEN',
    blue_green_settings: {
      node_pool_soak_duration: '3600s',
      standard_rollout_policy: { batch_node_count: 1, batch_soak_duration: '300s' },
    },
  });
});

test('taints are written as Google names them', () => {
  const taints = [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' as const }];
  expect(pool({ taints }).node_config.taint).toEqual([{ key: 'dedicated', value: 'kafka', effect: 'NO_SCHEDULE' }]);
});

test('GPUs come with their driver', () => {
  const gpu = { type: 'nvidia-l4', count: 1 };
  expect(pool({ machineType: 'g2-standard-4', gpu }).node_config.guest_accelerator).toEqual([
    { type: 'nvidia-l4', count: 1, gpu_driver_installation_config: { gpu_driver_version: 'DEFAULT' } },
  ]);
});

test('boot disks are encrypted with a key of ours once Compute Engine may use it', () => {
  const json = synthCluster({}, (cluster) => {
    const diskKey = KmsKey.fromName(cluster, 'disks', { name: 'disks', keyRing: 'r', location: REGION });
    cluster.addNodePool('work', { ...BASE, diskKey });
  });
  const made = resource(json, 'google_container_node_pool');
  expect(made.node_config.boot_disk_kms_key).toMatch(/^\$\{data\.google_kms_crypto_key\.cluster_disks_\w+\.id\}$/);
  expect(made.depends_on).toContainEqual(expect.stringContaining('grant-encrypt-decrypt-compute-engine-agent'));
});

test('a machine type may be a name or a value', () => {
  expect(pool({ machineType: MachineType.of('n1-standard-2') }).node_config.machine_type).toBe('n1-standard-2');
});

test('the resource below is open to overrides', () => {
  const json = synthCluster({}, (cluster) =>
    cluster.addNodePool('work', BASE).resource.addOverride('node_config.gvnic', { enabled: true }),
  );
  expect(resource(json, 'google_container_node_pool').node_config.gvnic).toEqual({ enabled: true });
});

const taint = { key: 'dedicated', value: 'kafka', effect: 'NoSchedule' as const };
test.each<[string, Partial<NodePoolOptions>, string]>([
  ['a small disk', { diskSizeGib: 5 }, 'diskSizeGib must be 10-2000, got 5'],
  ['half a GiB', { diskSizeGib: 10.5 }, 'diskSizeGib must be a whole number, got 10.5'],
  [
    'an unknown disk',
    { diskType: 'ssd' as 'pd-ssd' },
    'diskType must be one of pd-standard, pd-balanced, pd-ssd, hyperdisk-balanced, got "ssd"',
  ],
  [
    'a persistent disk on c4',
    { machineType: 'c4-standard-4' },
    'diskType must be hyperdisk-balanced on c4-standard-4, got "pd-balanced"',
  ],
  [
    'a hyperdisk on e2',
    { diskType: 'hyperdisk-balanced' },
    'diskType must not be a hyperdisk on e2-standard-4, got "hyperdisk-balanced"',
  ],
  [
    'a machine that is none',
    { machineType: 'large' },
    'machineType must be a machine type such as e2-standard-4, got "large"',
  ],
  [
    'a size that does not exist',
    { machineType: 'e2-standard-5' },
    `machineType must have one of e2's vCPU counts 2, 4, 8, 16, 32, got "e2-standard-5"`,
  ],
  [
    'a class that does not exist',
    { machineType: 't2d-highmem-4' },
    `machineType must be one of t2d's classes standard, got "t2d-highmem-4"`,
  ],
  [
    'bounds the wrong way round',
    { nodes: { minTotal: 5, maxTotal: 3 } },
    'nodes.minTotal must not be more than nodes.maxTotal 3, got 5',
  ],
  ['room for no node', { nodes: { minTotal: 0, maxTotal: 0 } }, 'nodes.maxTotal must be 1-15000, got 0'],
  ['fewer than no nodes', { nodes: { total: -1 } }, 'nodes.total must be 0-15000, got -1'],
  ['no zone', { zones: [] }, 'zones must have at least 1 entries, got 0'],
  [
    'a zone of another region',
    { zones: ['us-central1-a'] },
    `zones must lie in the cluster's region europe-west1, got "us-central1-a"`,
  ],
  ['a taint twice', { taints: [taint, taint] }, 'taints must not repeat an entry, got "dedicated:NoSchedule"'],
  [
    "a taint by Google's name",
    { taints: [{ ...taint, effect: 'NO_SCHEDULE' as 'NoSchedule' }] },
    'taints.effect must be one of NoSchedule, PreferNoSchedule, NoExecute, got "NO_SCHEDULE"',
  ],
  [
    "a label of GKE's own",
    { labels: { 'cloud.google.com/gke-nodepool': 'x' } },
    'labels must be a Kubernetes key such as dedicated or example.com/role, outside kubernetes.io, k8s.io and cloud.google.com, got "cloud.google.com/gke-nodepool"',
  ],
  [
    'a label value with spaces',
    { labels: { role: 'a b' } },
    'labels.role must be a Kubernetes label value: at most 63 letters, digits, dots, hyphens or underscores, got "a b"',
  ],
  [
    'an upgrade that cannot move',
    { upgrade: { strategy: 'surge', maxSurge: 0 } },
    'upgrade.maxSurge + maxUnavailable must be 1-20, got 0',
  ],
  [
    'more than 20 at a time',
    { upgrade: { strategy: 'surge', maxSurge: 15, maxUnavailable: 15 } },
    'upgrade.maxSurge + maxUnavailable must be 1-20, got 30',
  ],
  [
    'an unknown upgrade',
    { upgrade: 'rolling' as 'surge' },
    'upgrade.strategy must be one of surge, blue-green, got "rolling"',
  ],
  [
    'a GPU on a machine that takes none',
    { gpu: { type: 'nvidia-l4', count: 1 } },
    'gpu.type nvidia-l4 needs a machine of the accelerator families (a2, a3, g2 ...), not e2-standard-4',
  ],
  [
    'a T4 on a machine that is no n1',
    { gpu: { type: 'nvidia-tesla-t4', count: 1 } },
    'gpu.type nvidia-tesla-t4 needs an n1 machine, not e2-standard-4',
  ],
  [
    'three GPUs',
    { machineType: 'g2-standard-4', gpu: { type: 'nvidia-l4', count: 3 } },
    'gpu.count must be one of 1, 2, 4, 8, 16, got 3',
  ],
  ['too many pods', { maxPodsPerNode: 257 }, 'maxPodsPerNode must be 8-256, got 257'],
  [
    'a name with capitals',
    { poolName: 'Work' },
    'poolName must be 1-40 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen, got "Work"',
  ],
])('%s is refused', (_, props, message) => {
  expect(() => synth(props)).toThrow(new Error(`prod/cluster/work: ${message}`));
});
