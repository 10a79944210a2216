import { randomBytes } from 'node:crypto';
import { alreadyExists, basename, checkName, GoogleApiError, invalid, type Json, notFound, relative } from './api.ts';
import { overlaps, parseRange } from './cidr.ts';
import type { Call, GoogleCloud, Route } from './cloud.ts';
import { checkNodeConfig, checkNodePool, nodesOf } from './node-pool.ts';

/** Kubernetes Engine: clusters, their pools, and the nodes that follow from both. */

const service = 'container';
const BASE = 'https://container.googleapis.com/v1';
const CLUSTER_NAME = /^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/;
/** What the simulated control plane is called; its own version stands in the report. */
const VERSION = '1.36.1-gke.1000000';

function operation(cloud: GoogleCloud, location: string, type: string, target: string): Json {
  const name = `operation-${Date.now()}-${randomBytes(4).toString('hex')}`;
  return {
    name,
    operationType: type,
    status: 'DONE',
    location,
    zone: location,
    selfLink: `${BASE}/projects/${cloud.projectNumber}/locations/${location}/operations/${name}`,
    targetLink: `${BASE}/${target}`,
    startTime: cloud.now(),
    endTime: cloud.now(),
  };
}

export const isZone = (location: string): boolean => /^[a-z]+-[a-z]+\d+-[a-z]$/.test(location);

/** Nodes of every pool of every cluster, for the backend. Pools keep the names of nodes that go on. */
async function reconcileNodes(cloud: GoogleCloud): Promise<void> {
  const nodes = [...cloud.resources]
    .filter(([path]) => path.includes('/nodePools/'))
    .flatMap(([path, pool]) => nodesOf(pool, cloud.get(path.replace(/\/nodePools\/.*$/, '')), cloud));
  await cloud.setNodes(nodes);
}

function checkCluster(cloud: GoogleCloud, cluster: Json, location: string): void {
  checkName('cluster.name', cluster.name, CLUSTER_NAME);
  const region = isZone(location) ? location.replace(/-[a-z]$/, '') : location;
  for (const zone of cluster.locations ?? []) {
    if (!zone.startsWith(`${region}-`)) throw invalid(`Location "${zone}" is not in region "${region}".`);
  }
  const network = relative(String(cluster.network ?? ''));
  if (!cloud.find(network)) throw notFound(network);
  const subnetwork = relative(String(cluster.subnetwork ?? ''));
  const subnet = cloud.find(subnetwork);
  if (!subnet) throw notFound(subnetwork);
  const { clusterSecondaryRangeName, servicesSecondaryRangeName } = cluster.ipAllocationPolicy ?? {};
  const secondary: Json[] = subnet.secondaryIpRanges ?? [];
  for (const name of [clusterSecondaryRangeName, servicesSecondaryRangeName]) {
    if (name && !secondary.some((range) => range.rangeName === name)) {
      throw invalid(
        `Pod or services secondary range "${name}" does not exist in subnetwork "${basename(subnetwork)}".`,
      );
    }
  }
  const master = cluster.privateClusterConfig?.masterIpv4CidrBlock;
  if (master) {
    const range = parseRange('cluster.private_cluster_config.master_ipv4_cidr_block', master);
    if (range.prefix !== 28)
      throw invalid(`Invalid value for field "master_ipv4_cidr_block": "${master}". Must be a /28.`);
    const taken = [subnet.ipCidrRange, ...secondary.map((one) => one.ipCidrRange)];
    const conflict = taken.find((text) => overlaps(parseRange('ipCidrRange', text), range));
    if (conflict) throw invalid(`The given master_ipv4_cidr ${master} overlaps with an existing network ${conflict}.`);
  }
  const pool = cluster.workloadIdentityConfig?.workloadPool;
  if (pool && pool !== `${cloud.project}.svc.id.goog`) {
    throw invalid(`Invalid value for field "workload_pool": "${pool}". Must be "${cloud.project}.svc.id.goog".`);
  }
  const { state, keyName } = cluster.databaseEncryption ?? {};
  if (state === 'ENCRYPTED') {
    const agent = `serviceAccount:service-${cloud.projectNumber}@container-engine-robot.iam.gserviceaccount.com`;
    const role = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
    if (!cloud.find(relative(keyName))) throw notFound(relative(keyName));
    if (!cloud.hasRole(relative(keyName), role, agent) && !cloud.hasRole(`projects/${cloud.project}`, role, agent)) {
      throw new GoogleApiError(
        400,
        'failedPrecondition',
        `Cloud KMS key ${keyName} is not usable: grant ${role} on it to ${agent}.`,
      );
    }
  }
  if (cluster.nodeConfig) checkNodeConfig(cloud, cluster.nodeConfig);
}

/** What the server fills in, as far as the provider reads it back. */
function serverFields(
  cloud: GoogleCloud,
  cluster: Json,
  path: string,
  location: string,
  endpoint: { endpoint: string; caCertificate: string },
): Json {
  const subnet = cloud.get(relative(cluster.subnetwork));
  const range = (name: string | undefined) =>
    (subnet.secondaryIpRanges ?? []).find((one: Json) => one.rangeName === name)?.ipCidrRange;
  const policy = cluster.ipAllocationPolicy ?? {};
  const pods = range(policy.clusterSecondaryRangeName) ?? policy.clusterIpv4CidrBlock ?? '10.4.0.0/14';
  const services = range(policy.servicesSecondaryRangeName) ?? policy.servicesIpv4CidrBlock ?? '10.8.0.0/20';
  const dns = cluster.controlPlaneEndpointsConfig?.dnsEndpointConfig;
  return {
    id: cloud.number(path),
    selfLink: `${BASE}/${path}`,
    location,
    zone: location,
    status: 'RUNNING',
    createTime: cloud.now(),
    endpoint: '203.0.113.2',
    initialClusterVersion: VERSION,
    currentMasterVersion: VERSION,
    currentNodeVersion: VERSION,
    clusterIpv4Cidr: pods,
    servicesIpv4Cidr: services,
    locations: cluster.locations?.length
      ? cluster.locations
      : isZone(location)
        ? [location]
        : [`${location}-a`, `${location}-b`, `${location}-c`],
    // Without these two the next plan would replace the cluster.
    networkConfig: {
      ...cluster.networkConfig,
      network: relative(cluster.network),
      subnetwork: relative(cluster.subnetwork),
    },
    network: basename(cluster.network),
    subnetwork: basename(cluster.subnetwork),
    ipAllocationPolicy: {
      useIpAliases: true,
      stackType: 'IPV4',
      podCidrOverprovisionConfig: { disable: false },
      ...policy,
      clusterIpv4Cidr: pods,
      clusterIpv4CidrBlock: pods,
      servicesIpv4Cidr: services,
      servicesIpv4CidrBlock: services,
    },
    masterAuth: {
      clientCertificateConfig: {},
      ...cluster.masterAuth,
      clusterCaCertificate: Buffer.from(endpoint.caCertificate).toString('base64'),
    },
    controlPlaneEndpointsConfig: {
      ipEndpointsConfig: {
        enabled: true,
        enablePublicEndpoint: false,
        ...cluster.controlPlaneEndpointsConfig?.ipEndpointsConfig,
      },
      dnsEndpointConfig: { allowExternalTraffic: false, ...dns, endpoint: endpoint.endpoint },
    },
    labelFingerprint: cloud.etag(),
    etag: cloud.etag(),
  };
}

async function createCluster({ cloud, params, body }: Call): Promise<Json> {
  const location = params.location ?? '';
  const cluster = body.cluster ?? body;
  const path = `projects/${cloud.project}/locations/${location}/clusters/${cluster.name}`;
  cloud.requireService('compute');
  if (cloud.find(path)) throw alreadyExists(path);
  checkCluster(cloud, cluster, location);
  const pools: Json[] = cluster.nodePools ?? [
    { name: 'default-pool', initialNodeCount: cluster.initialNodeCount ?? 0, config: cluster.nodeConfig ?? {} },
  ];
  const { name } = cluster;
  const endpoint = await cloud.backend.clusterCreated({ name, location, version: VERSION });
  const { nodePools: _pools, nodeConfig: _config, initialNodeCount: _count, ...rest } = cluster;
  cloud.resources.set(path, {
    ...rest,
    ...serverFields(cloud, cluster, path, location, endpoint),
    initialNodeCount: cluster.initialNodeCount,
  });
  try {
    for (const pool of pools) addPool(cloud, path, pool);
    await reconcileNodes(cloud);
  } catch (error) {
    await removeCluster(cloud, path);
    throw error;
  }
  return operation(cloud, location, 'CREATE_CLUSTER', path);
}

async function removeCluster(cloud: GoogleCloud, path: string): Promise<void> {
  const { name, location } = cloud.get(path);
  for (const [pool] of cloud.under(`${path}/`, 'nodePools')) cloud.resources.delete(pool);
  await reconcileNodes(cloud);
  cloud.resources.delete(path);
  await cloud.backend.clusterDeleted({ name, location });
}

function addPool(cloud: GoogleCloud, cluster: string, pool: Json): string {
  const path = `${cluster}/nodePools/${pool.name}`;
  if (cloud.find(path)) throw alreadyExists(path);
  const parent = cloud.get(cluster);
  const complete = {
    ...pool,
    config: {
      machineType: 'e2-medium',
      diskType: 'pd-balanced',
      diskSizeGb: 100,
      imageType: 'COS_CONTAINERD',
      serviceAccount: 'default',
      oauthScopes: [],
      ...pool.config,
    },
    locations: pool.locations?.length ? pool.locations : parent.locations,
    management: { autoRepair: true, autoUpgrade: true, ...pool.management },
    upgradeSettings: { maxSurge: 1, strategy: 'SURGE', ...pool.upgradeSettings },
    maxPodsConstraint: { maxPodsPerNode: '110', ...pool.maxPodsConstraint },
    networkConfig: {
      enablePrivateNodes: true,
      podRange: parent.ipAllocationPolicy?.clusterSecondaryRangeName,
      podIpv4CidrBlock: parent.clusterIpv4Cidr,
      ...pool.networkConfig,
    },
    podIpv4CidrSize: 24,
    version: VERSION,
    status: 'RUNNING',
    selfLink: `${BASE}/${path}`,
    etag: cloud.etag(),
    /** Raised whenever every node is replaced by a new one. */
    generation: 1,
  };
  checkNodePool(cloud, complete, parent);
  complete.instanceGroupUrls = complete.locations.map(
    (zone: string) =>
      `https://www.googleapis.com/compute/v1/projects/${cloud.project}/zones/${zone}/instanceGroupManagers/gke-${parent.name}-${pool.name}-grp`,
  );
  cloud.resources.set(path, complete);
  return path;
}

async function createPool({ cloud, params, body }: Call): Promise<Json> {
  const cluster = `projects/${cloud.project}/locations/${params.location}/clusters/${params.cluster}`;
  const path = addPool(cloud, cluster, body.nodePool ?? body);
  try {
    await reconcileNodes(cloud);
  } catch (error) {
    cloud.resources.delete(path);
    throw error;
  }
  return operation(cloud, params.location ?? '', 'CREATE_NODE_POOL', path);
}

/** Fields of nodePools.update that replace every node of the pool, and where they stand in the pool. */
const ROLLING: Record<string, string> = {
  machineType: 'machineType',
  diskType: 'diskType',
  diskSizeGb: 'diskSizeGb',
  imageType: 'imageType',
  workloadMetadataConfig: 'workloadMetadataConfig',
  kubeletConfig: 'kubeletConfig',
  linuxNodeConfig: 'linuxNodeConfig',
  gcfsConfig: 'gcfsConfig',
  gvnic: 'gvnic',
};

async function updatePool(call: Call): Promise<Json> {
  const { cloud, params, body } = call;
  const path = `projects/${cloud.project}/locations/${params.location}/clusters/${params.cluster}/nodePools/${params.pool}`;
  const before = cloud.get(path);
  const next = structuredClone(before);
  switch (params.verb) {
    case 'setSize':
      next.initialNodeCount = body.nodeCount;
      break;
    case 'setAutoscaling':
      next.autoscaling = body.autoscaling;
      break;
    case 'setManagement':
      next.management = body.management;
      break;
    default: {
      for (const [field, place] of Object.entries(ROLLING)) {
        if (body[field] === undefined) continue;
        next.config[place] = body[field];
        next.generation += 1;
      }
      if (body.labels) next.config.labels = body.labels.labels;
      if (body.taints) next.config.taints = body.taints.taints;
      if (body.tags) next.config.tags = body.tags.tags;
      if (body.resourceLabels) next.config.resourceLabels = body.resourceLabels.labels;
      for (const field of ['upgradeSettings', 'locations', 'nodeNetworkConfig'])
        if (body[field] !== undefined) next[field] = body[field];
    }
  }
  next.etag = cloud.etag();
  checkNodePool(cloud, next, cloud.get(path.replace(/\/nodePools\/.*$/, '')));
  cloud.resources.set(path, next);
  try {
    await reconcileNodes(cloud);
  } catch (error) {
    cloud.resources.set(path, before);
    throw error;
  }
  return operation(cloud, params.location ?? '', 'UPDATE_NODE_POOL', path);
}

/** Fields of clusters.update that are not simply `desired` plus the cluster's own name for them. */
const DESIRED: Record<string, string> = {
  desiredClusterAutoscaling: 'autoscaling',
  desiredReleaseChannel: 'releaseChannel',
  desiredDatapathProvider: 'networkConfig.datapathProvider',
  desiredIntraNodeVisibilityConfig: 'networkConfig',
};

async function updateCluster({ cloud, params, body }: Call): Promise<Json> {
  const path = `projects/${cloud.project}/locations/${params.location}/clusters/${params.cluster}`;
  const next = structuredClone(cloud.get(path));
  const update = body.update ?? {};
  const pool = update.desiredNodePoolId;
  if (pool && update.desiredNodePoolAutoscaling) {
    const poolPath = `${path}/nodePools/${pool}`;
    const wanted = { ...cloud.get(poolPath), autoscaling: update.desiredNodePoolAutoscaling };
    checkNodePool(cloud, wanted, next);
    cloud.resources.set(poolPath, wanted);
    await reconcileNodes(cloud);
    return operation(cloud, params.location ?? '', 'UPDATE_CLUSTER', path);
  }
  for (const [field, value] of Object.entries(update)) {
    const own = DESIRED[field] ?? field.replace(/^desired([A-Z])/, (_, letter: string) => letter.toLowerCase());
    const [first = '', second] = own.split('.');
    if (second) next[first] = { ...next[first], [second]: value };
    else
      next[first] =
        typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...next[first], ...value } : value;
  }
  next.etag = cloud.etag();
  cloud.resources.set(path, next);
  return operation(cloud, params.location ?? '', 'UPDATE_CLUSTER', path);
}

const LOCATION = String.raw`^container/(?:v1|v1beta1)/projects/(?<project>[^/]+)/locations/(?<location>[^/]+)`;
const CLUSTER = String.raw`${LOCATION}/clusters/(?<cluster>[^/:]+)`;
const POOL = String.raw`${CLUSTER}/nodePools/(?<pool>[^/:]+)`;
const at = (path: string) => new RegExp(`${path}$`);
const clusterPath = ({ cloud, params }: Call) =>
  `projects/${cloud.project}/locations/${params.location}/clusters/${params.cluster}`;

const withPools = (call: Call): Json => {
  const path = clusterPath(call);
  return { ...call.cloud.get(path), nodePools: call.cloud.under(`${path}/`, 'nodePools').map(([, pool]) => pool) };
};

export const CONTAINER: Route[] = [
  { method: 'POST', path: at(`${LOCATION}/clusters`), service, handle: createCluster },
  { method: 'GET', path: at(CLUSTER), service, handle: withPools },
  { method: 'PUT', path: at(CLUSTER), service, handle: updateCluster },
  {
    method: 'POST',
    path: at(`${CLUSTER}:(?<verb>setResourceLabels|setMaintenancePolicy|setLocations|setLegacyAbac|setNetworkPolicy)`),
    service,
    handle: (call) => {
      const path = clusterPath(call);
      const { name: _name, labelFingerprint: _fingerprint, ...fields } = call.body;
      call.cloud.resources.set(path, { ...call.cloud.get(path), ...fields, labelFingerprint: call.cloud.etag() });
      return operation(call.cloud, call.params.location ?? '', 'UPDATE_CLUSTER', path);
    },
  },
  {
    method: 'DELETE',
    path: at(CLUSTER),
    service,
    handle: async (call) => {
      const path = clusterPath(call);
      await removeCluster(call.cloud, path);
      return operation(call.cloud, call.params.location ?? '', 'DELETE_CLUSTER', path);
    },
  },
  {
    method: 'GET',
    path: at(`${CLUSTER}/nodePools`),
    service,
    handle: (call) => ({ nodePools: withPools(call).nodePools }),
  },
  { method: 'POST', path: at(`${CLUSTER}/nodePools`), service, handle: createPool },
  {
    method: 'GET',
    path: at(POOL),
    service,
    handle: (call) => call.cloud.get(`${clusterPath(call)}/nodePools/${call.params.pool}`),
  },
  { method: 'PUT', path: at(POOL), service, handle: updatePool },
  { method: 'POST', path: at(`${POOL}:(?<verb>setSize|setAutoscaling|setManagement)`), service, handle: updatePool },
  {
    method: 'DELETE',
    path: at(POOL),
    service,
    handle: async (call) => {
      const path = `${clusterPath(call)}/nodePools/${call.params.pool}`;
      call.cloud.get(path);
      call.cloud.resources.delete(path);
      await reconcileNodes(call.cloud);
      return operation(call.cloud, call.params.location ?? '', 'DELETE_NODE_POOL', path);
    },
  },
  {
    method: 'GET',
    path: at(`${LOCATION}/operations/(?<name>[^/]+)`),
    handle: ({ cloud, params }) => ({ ...operation(cloud, params.location ?? '', 'GET', ''), name: params.name }),
  },
  {
    method: 'GET',
    path: at(`${LOCATION}/serverConfig`),
    service,
    handle: () => ({ defaultClusterVersion: VERSION, validMasterVersions: [VERSION], validNodeVersions: [VERSION] }),
  },
  // Instance groups of a pool, which the provider reads for their size.
  {
    method: 'GET',
    path: /^compute\/(?:v1|beta)\/projects\/(?<project>[^/]+)\/zones\/(?<zone>[^/]+)\/instanceGroupManagers\/gke-(?<group>.+)-grp$/,
    handle: ({ cloud, params }) => ({
      name: `gke-${params.group}-grp`,
      targetSize: cloud.nodes.filter((node) => node.zone === params.zone && params.group?.endsWith(`-${node.pool}`))
        .length,
      instanceGroup: `https://www.googleapis.com/compute/v1/projects/${cloud.project}/zones/${params.zone}/instanceGroups/gke-${params.group}-grp`,
    }),
  },
];
