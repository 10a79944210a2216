import type { Json } from './api.ts';
import type { NodeSpec } from './cluster-backend.ts';
import { GoogleCloud, startRestDoor } from './index.ts';

const PROJECT = 'demo-project';
const REGION = 'us-central1';
const COMPUTE = `compute/v1/projects/${PROJECT}`;
const CONTAINER = `container/v1/projects/${PROJECT}/locations/${REGION}`;
const KEY = `projects/${PROJECT}/locations/${REGION}/keyRings/plinth-demo/cryptoKeys/gke`;

let nodes: NodeSpec[];
const cloudWith = (
  quotas?: Record<string, number>,
  services = ['compute', 'container', 'iam', 'cloudkms', 'storage', 'cloudresourcemanager'],
) => {
  nodes = [];
  return new GoogleCloud({
    project: PROJECT,
    region: REGION,
    quotas,
    enabledServices: services,
    keyRing: { location: REGION, name: 'plinth-demo', keys: ['gke'] },
    backend: {
      clusterCreated: async () => ({ endpoint: '127.0.0.1:1', caCertificate: 'PEM' }),
      clusterDeleted: async () => {},
      nodesChanged: async (all) => {
        nodes = all;
      },
    },
  });
};

const subnet = {
  name: 'nodes',
  network: `projects/${PROJECT}/global/networks/net`,
  ipCidrRange: '10.0.0.0/22',
  secondaryIpRanges: [
    { rangeName: 'pods', ipCidrRange: '10.4.0.0/14' },
    { rangeName: 'services', ipCidrRange: '10.8.0.0/20' },
  ],
};
const cluster = (extra: object = {}) => ({
  cluster: {
    name: 'demo',
    network: `projects/${PROJECT}/global/networks/net`,
    subnetwork: `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`,
    locations: ['us-central1-a', 'us-central1-b', 'us-central1-c'],
    ipAllocationPolicy: { clusterSecondaryRangeName: 'pods', servicesSecondaryRangeName: 'services' },
    initialNodeCount: 1,
    nodeConfig: { diskType: 'pd-standard', diskSizeGb: 30 },
    ...extra,
  },
});
const pool = (extra: object = {}, config: object = {}) => ({
  nodePool: {
    name: 'work',
    initialNodeCount: 1,
    config: { machineType: 'e2-standard-4', diskType: 'pd-standard', diskSizeGb: 100, ...config },
    ...extra,
  },
});

async function network(cloud: GoogleCloud): Promise<void> {
  await cloud.request('POST', `${COMPUTE}/global/networks`, { name: 'net', autoCreateSubnetworks: false });
  await cloud.request('POST', `${COMPUTE}/regions/${REGION}/subnetworks`, subnet);
}
async function withCluster(quotas?: Record<string, number>): Promise<GoogleCloud> {
  const cloud = cloudWith(quotas);
  await network(cloud);
  await cloud.request('POST', `${CONTAINER}/clusters`, cluster());
  await cloud.request('DELETE', `${CONTAINER}/clusters/demo/nodePools/default-pool`);
  return cloud;
}
const POOLS = `${CONTAINER}/clusters/demo/nodePools`;

describe("refuses what Google refuses, in Google's words", () => {
  const cases: [string, string, object, string][] = [
    ['a name', 'global/networks', { name: 'Net' }, "Invalid value for field 'resource.name': 'Net'."],
    [
      'a missing network',
      `regions/${REGION}/routers`,
      { name: 'r', network: 'global/networks/absent' },
      'was not found',
    ],
    [
      'a range',
      `regions/${REGION}/subnetworks`,
      { ...subnet, name: 'two', ipCidrRange: '10.0.0.0' },
      'Must be a CIDR address range.',
    ],
    [
      'an overlap',
      `regions/${REGION}/subnetworks`,
      { ...subnet, name: 'two', secondaryIpRanges: [] },
      "Invalid IPCidrRange: 10.0.0.0/22 conflicts with existing subnetwork 'nodes' (10.0.0.0/22).",
    ],
    [
      'a duplicate',
      'global/networks',
      { name: 'net' },
      `The resource 'projects/${PROJECT}/global/networks/net' already exists`,
    ],
    [
      'a firewall rule that says nothing',
      'global/firewalls',
      { name: 'f', network: subnet.network },
      'exactly one of allowed and denied must be set.',
    ],
  ];
  test.each(cases)('%s', async (_name, path, body, message) => {
    const cloud = cloudWith();
    await network(cloud);
    await expect(cloud.request('POST', `${COMPUTE}/${path}`, body)).rejects.toThrow(message);
  });

  test('an API that is not enabled', async () => {
    const cloud = cloudWith(undefined, []);
    await expect(cloud.request('POST', `${COMPUTE}/global/networks`, { name: 'net' })).rejects.toThrow(
      `compute.googleapis.com has not been used in project ${PROJECT} before or it is disabled.`,
    );
  });

  test('a network that is in use', async () => {
    const cloud = cloudWith();
    await network(cloud);
    await expect(cloud.request('DELETE', `${COMPUTE}/global/networks/net`)).rejects.toThrow(
      `is already being used by 'projects/${PROJECT}/regions/${REGION}/subnetworks/nodes'`,
    );
  });

  test.each([
    [
      'a secondary range that the subnetwork has not',
      { ipAllocationPolicy: { clusterSecondaryRangeName: 'absent' } },
      'secondary range "absent" does not exist in subnetwork "nodes".',
    ],
    [
      'a control plane range that is no /28',
      { privateClusterConfig: { masterIpv4CidrBlock: '172.16.0.0/24' } },
      'Must be a /28.',
    ],
    [
      'a control plane range in use',
      { privateClusterConfig: { masterIpv4CidrBlock: '10.0.0.0/28' } },
      'overlaps with an existing network 10.0.0.0/22',
    ],
    [
      'the identities of another project',
      { workloadIdentityConfig: { workloadPool: 'other.svc.id.goog' } },
      `Must be "${PROJECT}.svc.id.goog".`,
    ],
    [
      'a zone elsewhere',
      { locations: ['europe-west1-b'] },
      'Location "europe-west1-b" is not in region "us-central1".',
    ],
    [
      'a key that the service may not use',
      { databaseEncryption: { state: 'ENCRYPTED', keyName: KEY } },
      'grant roles/cloudkms.cryptoKeyEncrypterDecrypter on it',
    ],
  ])('a cluster with %s', async (_name, extra, message) => {
    const cloud = cloudWith();
    await network(cloud);
    await expect(cloud.request('POST', `${CONTAINER}/clusters`, cluster(extra))).rejects.toThrow(message);
  });

  test.each([
    [
      'a machine type',
      {},
      { machineType: 'e2-huge-4' },
      "Machine type with name 'e2-huge-4' does not exist in zone 'us-central1-a'.",
    ],
    [
      'a disk size',
      {},
      { diskSizeGb: 5 },
      'Invalid value for field "node_config.disk_size_gb": "5". Must be between 10 and 65536.',
    ],
    ['an identity that nobody made', {}, { serviceAccount: 'x@y' }, 'Service account "x@y" does not exist.'],
    [
      'bounds in the wrong order',
      { autoscaling: { enabled: true, totalMinNodeCount: 5, totalMaxNodeCount: 3 } },
      {},
      'Autoscaling: minimum 5 is greater than maximum 3.',
    ],
    [
      'bounds per zone and in total',
      { autoscaling: { enabled: true, maxNodeCount: 3, totalMaxNodeCount: 3 } },
      {},
      'either per zone or total, not both',
    ],
  ])('a pool with %s', async (_name, extra, config, message) => {
    const cloud = await withCluster();
    await expect(cloud.request('POST', POOLS, pool(extra, config))).rejects.toThrow(message);
  });

  test.each([
    ['CPUS', { CPUS: 8 }, {}, "Quota 'CPUS' exceeded. Limit: 8.0 in region us-central1, needed: 12.0."],
    [
      'SSD_TOTAL_GB',
      { SSD_TOTAL_GB: 250 },
      { diskType: 'pd-ssd' },
      "Quota 'SSD_TOTAL_GB' exceeded. Limit: 250.0 in region us-central1, needed: 300.0.",
    ],
  ])('a declared quota of %s', async (_name, quotas, config, message) => {
    const cloud = await withCluster(quotas);
    await expect(cloud.request('POST', POOLS, pool({}, config))).rejects.toThrow(message);
    expect(nodes).toEqual([]);
  });

  test('a volume beyond a declared quota', async () => {
    const cloud = await withCluster({ SSD_TOTAL_GB: 150 });
    cloud.useDisk('one', { type: 'pd-ssd', sizeGib: 100 });
    expect(() => cloud.useDisk('two', { type: 'pd-ssd', sizeGib: 100 })).toThrow("Quota 'SSD_TOTAL_GB' exceeded.");
  });

  test('a request that it does not know, in place of accepting it', async () => {
    await expect(cloudWith().request('POST', `${COMPUTE}/global/images`, {})).rejects.toThrow('is not simulated');
  });
});

describe('nodes follow from pools', () => {
  const zones = () =>
    nodes
      .map(({ zone }) => zone.slice(-1))
      .sort()
      .join('');

  test('a count is per zone', async () => {
    const cloud = await withCluster();
    await cloud.request('POST', POOLS, pool({ initialNodeCount: 2 }));
    expect(zones()).toBe('aabbcc');
  });

  test('a total is spread over the zones, and never below its minimum', async () => {
    const cloud = await withCluster();
    await cloud.request(
      'POST',
      POOLS,
      pool({ autoscaling: { enabled: true, totalMinNodeCount: 5, totalMaxNodeCount: 8 } }),
    );
    expect(zones()).toBe('aabbc');
  });

  test('another machine type replaces every node, other labels none', async () => {
    const cloud = await withCluster();
    await cloud.request('POST', POOLS, pool());
    const before = nodes.map(({ name }) => name);
    await cloud.request('PUT', `${POOLS}/work`, { labels: { labels: { a: 'b' } } });
    expect(nodes.map(({ name }) => name)).toEqual(before);
    await cloud.request('PUT', `${POOLS}/work`, { machineType: 'e2-standard-8' });
    expect(nodes.filter(({ name }) => before.includes(name))).toEqual([]);
    expect(new Set(nodes.map(({ machineType }) => machineType))).toEqual(new Set(['e2-standard-8']));
  });

  test('they go with their pool, and all with the cluster', async () => {
    const cloud = await withCluster();
    await cloud.request('POST', POOLS, pool());
    await cloud.request('DELETE', `${CONTAINER}/clusters/demo`);
    expect(nodes).toEqual([]);
  });
});

describe('the REST door', () => {
  test('answers as the real provider asks: not there, created, done, there', async () => {
    const door = await startRestDoor(cloudWith());
    const base = door.environment.GOOGLE_COMPUTE_CUSTOM_ENDPOINT;
    const at = `${base}projects/${PROJECT}/global/networks`;
    try {
      expect((await fetch(`${at}/net?alt=json`)).status).toBe(404);
      const created = await fetch(`${at}?alt=json`, { method: 'POST', body: JSON.stringify({ name: 'net' }) });
      expect(await created.json()).toMatchObject({ kind: 'compute#operation', status: 'DONE' });
      expect(await (await fetch(`${at}/net`)).json()).toMatchObject({ name: 'net', mtu: 1460 });
      const again = await fetch(at, { method: 'POST', body: JSON.stringify({ name: 'net' }) });
      expect([again.status, ((await again.json()) as Json).error.errors[0].reason]).toEqual([409, 'alreadyExists']);
    } finally {
      await door.close();
    }
  });

  test('reads the version that the provider writes twice as one', async () => {
    const door = await startRestDoor(cloudWith());
    try {
      const response = await fetch(
        `${door.environment.GOOGLE_CONTAINER_CUSTOM_ENDPOINT}v1/v1/projects/${PROJECT}/locations/${REGION}/clusters/absent`,
      );
      expect(response.status).toBe(404);
      expect(((await response.json()) as Json).error.message).toContain('clusters/absent');
    } finally {
      await door.close();
    }
  });

  test('a policy that was read before somebody else wrote is refused', async () => {
    const cloud = cloudWith();
    const at = `resourcemanager/v1/projects/${PROJECT}`;
    const read = await cloud.request('POST', `${at}:getIamPolicy`);
    const bindings = [{ role: 'roles/viewer', members: ['user:a@example.com'] }];
    await cloud.request('POST', `${at}:setIamPolicy`, { policy: { ...read, bindings } });
    await expect(cloud.request('POST', `${at}:setIamPolicy`, { policy: { ...read, bindings } })).rejects.toThrow(
      'concurrent policy changes',
    );
  });
});
