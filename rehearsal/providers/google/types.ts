import { type Obj, ProviderError, type Value } from '../../terraform/provider.ts';
import { basename, type Json, relative } from './api.ts';
import type { GoogleCloud } from './cloud.ts';
import { call, type TypeSpec, type UpdateCall } from './handlers.ts';

/** Every resource type of the stand-in provider but the IAM members: where it lives and what it calls things. */

const text = (value: Value | undefined): string => String(value ?? '');
const block = (state: Obj, name: string): Obj | undefined =>
  Array.isArray(state[name]) ? (state[name] as Obj[])[0] : undefined;
const project = (state: Obj, cloud: GoogleCloud): string =>
  typeof state.project === 'string' ? state.project : cloud.project;
const global = (kind: string) => (state: Obj, cloud: GoogleCloud) =>
  `projects/${project(state, cloud)}/global/${kind}/${state.name}`;
const regional = (kind: string) => (state: Obj, cloud: GoogleCloud) =>
  `projects/${project(state, cloud)}/regions/${basename(text(state.region) || cloud.region)}/${kind}/${state.name}`;
const compute = (path: (state: Obj, cloud: GoogleCloud) => string): Pick<TypeSpec, 'self' | 'id'> => ({
  self: (state, cloud) => `compute/v1/${path(state, cloud)}`,
  id: path,
});
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const DROP = '-';

const network: TypeSpec = {
  ...compute(global('networks')),
  names: { routing_mode: DROP, delete_default_routes_on_create: DROP, network_id: DROP, gateway_ipv4: 'gatewayIPv4' },
  body: (body, state) => ({
    ...body,
    ...(typeof state.routing_mode === 'string' ? { routingConfig: { routingMode: state.routing_mode } } : {}),
  }),
  computed: (live) => ({
    routing_mode: live.routingConfig?.routingMode ?? null,
    numeric_id: live.id,
    network_id: live.id,
  }),
  parse: (id) => ({ name: basename(id) }),
};

const subnetwork: TypeSpec = {
  ...compute(regional('subnetworks')),
  names: {
    secondary_ip_range: 'secondaryIpRanges',
    log_config: DROP,
    send_secondary_ip_range_if_empty: DROP,
    subnetwork_id: DROP,
    region: DROP,
  },
  body: (body, state) => {
    const log = block(state, 'log_config');
    return {
      ...body,
      region: state.region,
      ...(log
        ? {
            logConfig: {
              enable: true,
              aggregationInterval: log.aggregation_interval,
              flowSampling: log.flow_sampling,
              metadata: log.metadata,
            },
          }
        : {}),
    };
  },
  computed: (live) => ({
    subnetwork_id: Number(live.id),
    fingerprint: null,
    enable_flow_logs: live.logConfig?.enable ?? null,
  }),
};

const router: TypeSpec = { ...compute(regional('routers')), names: { region: DROP } };

/** NAT is a part of its router, not a resource of its own. */
const natOf = (live: Json, name: Value | undefined): Json | undefined =>
  (live.nats ?? []).find((nat: Json) => nat.name === name);
const address: TypeSpec = { ...compute(regional('addresses')), names: { region: DROP } };

const firewall: TypeSpec = {
  ...compute(global('firewalls')),
  names: {
    allow: 'allowed',
    deny: 'denied',
    'allow.protocol': 'IPProtocol',
    'deny.protocol': 'IPProtocol',
    log_config: DROP,
    enable_logging: DROP,
  },
  body: (body, state) => {
    const log = block(state, 'log_config');
    return { ...body, ...(log ? { logConfig: { enable: true, metadata: log.metadata } } : {}) };
  },
};

const serviceAccount: TypeSpec = {
  self: (state, cloud) =>
    `iam/v1/projects/${project(state, cloud)}/serviceAccounts/${state.account_id}@${cloud.project}.iam.gserviceaccount.com`,
  create: (state, cloud) => `iam/v1/projects/${project(state, cloud)}/serviceAccounts`,
  id: (state, cloud) =>
    `projects/${cloud.project}/serviceAccounts/${state.account_id}@${cloud.project}.iam.gserviceaccount.com`,
  names: { create_ignore_already_exists: DROP, name: DROP },
  body: ({ accountId, displayName, description, disabled }) => ({
    accountId,
    serviceAccount: { displayName, description, disabled },
  }),
  computed: (live) => ({
    email: live.email,
    name: live.name,
    unique_id: live.uniqueId,
    member: `serviceAccount:${live.email}`,
  }),
};

const clusterPath = (state: Obj, cloud: GoogleCloud): string =>
  `projects/${project(state, cloud)}/locations/${text(state.location)}/clusters/${state.name}`;

const cluster: TypeSpec = {
  self: (state, cloud) => `container/v1/${clusterPath(state, cloud)}`,
  id: clusterPath,
  names: {
    deletion_protection: DROP,
    remove_default_node_pool: DROP,
    node_locations: 'locations',
    'node_config.taint': 'taints',
    'node_config.guest_accelerator': 'accelerators',
    node_pool: DROP,
    network_policy: 'networkPolicy',
    min_master_version: DROP,
    resource_labels: 'resourceLabels',
    effective_labels: DROP,
    terraform_labels: DROP,
    datapath_provider: DROP,
    logging_config: DROP,
    monitoring_config: DROP,
    maintenance_policy: DROP,
    addons_config: DROP,
    initial_node_count: DROP,
    node_config: DROP,
  },
  body: (body, state) => ({
    cluster: {
      ...body,
      initialNodeCount: state.initial_node_count ?? 1,
      locations: Array.isArray(state.node_locations) ? state.node_locations : undefined,
      nodeConfig: defaultNodeConfig(state),
      networkConfig: { datapathProvider: state.datapath_provider },
      ...(state.deletion_protection === undefined ? {} : {}),
    },
  }),
  plan({ planned, config }) {
    const labels = (config.resource_labels ?? {}) as Record<string, Value>;
    const all = { ...labels, 'goog-terraform-provisioned': 'true' };
    Object.assign(planned, { terraform_labels: all, effective_labels: all });
  },
  computed: (live, state) => ({
    endpoint: live.endpoint,
    master_version: live.currentMasterVersion,
    services_ipv4_cidr: live.servicesIpv4Cidr,
    cluster_ipv4_cidr: live.clusterIpv4Cidr,
    self_link: live.selfLink,
    label_fingerprint: live.labelFingerprint,
    node_version: live.currentNodeVersion,
    datapath_provider: live.networkConfig?.datapathProvider ?? state.datapath_provider ?? null,
    initial_node_count: state.initial_node_count ?? null,
    node_locations: zonesBeside(live),
    master_auth: [
      {
        client_certificate: '',
        client_key: '',
        cluster_ca_certificate: live.masterAuth.clusterCaCertificate,
        client_certificate_config: [{ issue_client_certificate: false }],
      },
    ],
  }),
  async update(update) {
    const names = Object.keys(update.after.cluster).filter(
      (key) => !same(update.after.cluster[key], update.before.cluster[key]),
    );
    for (const name of names) {
      const desired = `desired${name[0]?.toUpperCase()}${name.slice(1)}`;
      await call(update.cloud, 'Error updating google_container_cluster', 'PUT', update.self, {
        update: { [desired]: update.after.cluster[name] },
      });
    }
  },
  guardDelete(prior) {
    if (prior.deletion_protection !== false) {
      throw new ProviderError(
        'Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.',
      );
    }
  },
  parse: (id) => {
    const [, projectId, , location, , name] = relative(id).split('/');
    return { project: projectId ?? '', location: location ?? '', name: name ?? '' };
  },
};

/** The zones beside the cluster's own: a zonal cluster does not name its zone again. */
const zonesBeside = (live: Json): Value => live.locations.filter((zone: string) => zone !== live.location);

function defaultNodeConfig(state: Obj): Json {
  const config = block(state, 'node_config');
  if (!config) return undefined;
  return {
    machineType: config.machine_type ?? 'e2-medium',
    diskType: typeof config.disk_type === 'string' ? config.disk_type : undefined,
    diskSizeGb: typeof config.disk_size_gb === 'number' ? config.disk_size_gb : undefined,
    serviceAccount: typeof config.service_account === 'string' ? config.service_account : undefined,
    spot: config.spot === true,
  };
}

const poolCluster = (state: Obj, cloud: GoogleCloud): string => {
  const named = text(state.cluster);
  return named.includes('/')
    ? relative(named)
    : `projects/${cloud.project}/locations/${state.location}/clusters/${named}`;
};
const poolPath = (state: Obj, cloud: GoogleCloud): string => `${poolCluster(state, cloud)}/nodePools/${state.name}`;

const ROLLING = [
  'machineType',
  'diskType',
  'diskSizeGb',
  'imageType',
  'workloadMetadataConfig',
  'kubeletConfig',
  'linuxNodeConfig',
  'gcfsConfig',
  'gvnic',
];

async function updatePool({ cloud, before, after, self }: UpdateCall): Promise<void> {
  const doing = 'Error updating google_container_node_pool';
  const put = (body: Json) => call(cloud, doing, 'PUT', self, body);
  const [was, is] = [before.nodePool, after.nodePool];
  if (!same(was.autoscaling, is.autoscaling)) {
    await call(cloud, doing, 'PUT', self.replace(/\/nodePools\/.*$/, ''), {
      update: { desiredNodePoolId: basename(self), desiredNodePoolAutoscaling: is.autoscaling ?? { enabled: false } },
    });
  }
  for (const field of ROLLING) if (!same(was.config[field], is.config[field])) await put({ [field]: is.config[field] });
  if (!same(was.config.labels, is.config.labels)) await put({ labels: { labels: is.config.labels ?? {} } });
  if (!same(was.config.taints, is.config.taints)) await put({ taints: { taints: is.config.taints ?? [] } });
  if (!same(was.config.tags, is.config.tags)) await put({ tags: { tags: is.config.tags ?? [] } });
  if (!same(was.config.resourceLabels, is.config.resourceLabels))
    await put({ resourceLabels: { labels: is.config.resourceLabels ?? {} } });
  if (!same(was.upgradeSettings, is.upgradeSettings)) await put({ upgradeSettings: is.upgradeSettings });
  if (!same(was.locations, is.locations)) await put({ locations: is.locations });
  if (!same(was.management, is.management))
    await call(cloud, doing, 'POST', `${self}:setManagement`, { management: is.management });
  if (!same(was.initialNodeCount, is.initialNodeCount) && is.initialNodeCount !== undefined) {
    await call(cloud, doing, 'POST', `${self}:setSize`, { nodeCount: is.initialNodeCount });
  }
}

const nodePool: TypeSpec = {
  self: (state, cloud) => `container/v1/${poolPath(state, cloud)}`,
  id: poolPath,
  names: {
    cluster: DROP,
    location: DROP,
    node_count: DROP,
    initial_node_count: DROP,
    node_locations: 'locations',
    node_config: 'config',
    'node_config.taint': 'taints',
    'node_config.guest_accelerator': 'accelerators',
    'node_config.guest_accelerator.type': 'acceleratorType',
    'node_config.guest_accelerator.count': 'acceleratorCount',
    max_pods_per_node: DROP,
    version: DROP,
  },
  body: (body, state) => ({
    nodePool: {
      ...body,
      config: body.config ?? {},
      initialNodeCount: [state.node_count, state.initial_node_count].find((count) => typeof count === 'number') ?? 0,
      ...(body.autoscaling ? { autoscaling: { ...body.autoscaling, enabled: true } } : {}),
    },
  }),
  update: updatePool,
  computed: (live, state, cloud) => {
    const own = cloud.nodes.filter((node) => node.pool === live.name).length;
    return {
      version: live.version,
      node_count: Math.floor(own / live.locations.length),
      initial_node_count:
        typeof state.initial_node_count === 'number' ? state.initial_node_count : (live.initialNodeCount ?? null),
      max_pods_per_node: Number(live.maxPodsConstraint?.maxPodsPerNode ?? 110),
      instance_group_urls: live.instanceGroupUrls,
      managed_instance_group_urls: live.instanceGroupUrls,
      name_prefix: '',
      operation: null,
    };
  },
  parse: (id) => {
    const path = relative(id);
    return { cluster: path.replace(/\/nodePools\/.*$/, ''), name: basename(path), location: path.split('/')[3] ?? '' };
  },
};

const repositoryPath = (state: Obj, cloud: GoogleCloud): string =>
  `projects/${project(state, cloud)}/locations/${text(state.location) || cloud.region}/repositories/${state.repository_id}`;

const repository: TypeSpec = {
  self: (state, cloud) => `artifactregistry/v1/${repositoryPath(state, cloud)}`,
  create: (state, cloud) =>
    `artifactregistry/v1/${repositoryPath(state, cloud).replace(/\/[^/]+$/, '')}?repository_id=${state.repository_id}`,
  id: repositoryPath,
  names: { repository_id: DROP, location: DROP, name: DROP, cleanup_policies: DROP },
  computed: (_live, state) => ({ name: state.repository_id ?? null }),
};

const keyRingPath = (state: Obj, cloud: GoogleCloud): string =>
  `projects/${project(state, cloud)}/locations/${state.location}/keyRings/${state.name}`;
const keyRing: TypeSpec = {
  self: (state, cloud) => `kms/v1/${keyRingPath(state, cloud)}`,
  create: (state, cloud) => `kms/v1/${keyRingPath(state, cloud).replace(/\/[^/]+$/, '')}?keyRingId=${state.name}`,
  id: keyRingPath,
  names: { name: DROP, location: DROP },
};
const cryptoKeyPath = (state: Obj): string => `${relative(text(state.key_ring))}/cryptoKeys/${state.name}`;
const cryptoKey: TypeSpec = {
  self: (state) => `kms/v1/${cryptoKeyPath(state)}`,
  create: (state) => `kms/v1/${relative(text(state.key_ring))}/cryptoKeys?cryptoKeyId=${state.name}`,
  id: cryptoKeyPath,
  names: { name: DROP, key_ring: DROP, skip_initial_version_creation: DROP, primary: DROP },
};

const bucket: TypeSpec = {
  self: (state) => `storage/v1/b/${state.name}`,
  create: () => 'storage/v1/b',
  id: (state) => text(state.name),
  names: {
    location: DROP,
    force_destroy: DROP,
    lifecycle_rule: DROP,
    uniform_bucket_level_access: DROP,
    public_access_prevention: DROP,
    soft_delete_policy: DROP,
    encryption: DROP,
    project_number: DROP,
    time_created: DROP,
    updated: DROP,
  },
  body: (body, state) => {
    const key = block(state, 'encryption')?.default_kms_key_name;
    return {
      ...body,
      location: state.location,
      iamConfiguration: {
        uniformBucketLevelAccess: { enabled: state.uniform_bucket_level_access === true },
        publicAccessPrevention:
          typeof state.public_access_prevention === 'string' ? state.public_access_prevention : 'inherited',
      },
      ...(typeof key === 'string' ? { encryption: { defaultKmsKeyName: key } } : {}),
    };
  },
  computed: (live, state) => ({
    url: `gs://${live.name}`,
    self_link: live.selfLink,
    project_number: Number(live.projectNumber),
    time_created: live.timeCreated,
    updated: live.timeCreated,
    uniform_bucket_level_access: live.iamConfiguration?.uniformBucketLevelAccess?.enabled ?? null,
    public_access_prevention: live.iamConfiguration?.publicAccessPrevention ?? null,
    location: state.location ?? null,
  }),
};

const secretPath = (state: Obj, cloud: GoogleCloud): string =>
  `projects/${project(state, cloud)}/secrets/${state.secret_id}`;
const secret: TypeSpec = {
  self: (state, cloud) => `secretmanager/v1/${secretPath(state, cloud)}`,
  create: (state, cloud) => `secretmanager/v1/projects/${project(state, cloud)}/secrets?secretId=${state.secret_id}`,
  id: secretPath,
  names: {
    secret_id: DROP,
    name: DROP,
    'replication.auto': 'automatic',
    version_destroy_ttl: 'versionDestroyTtl',
    effective_annotations: DROP,
    annotations: DROP,
  },
  computed: (_live, state, cloud) => ({
    name: `projects/${cloud.projectNumber}/secrets/${state.secret_id}`,
    effective_annotations: (state.annotations as Value) ?? {},
  }),
};

export const TYPES: Record<string, TypeSpec> = {
  google_compute_network: network,
  google_compute_subnetwork: subnetwork,
  google_compute_router: router,
  google_compute_address: address,
  google_compute_firewall: firewall,
  google_service_account: serviceAccount,
  google_container_cluster: cluster,
  google_container_node_pool: nodePool,
  google_artifact_registry_repository: repository,
  google_kms_key_ring: keyRing,
  google_kms_crypto_key: cryptoKey,
  google_storage_bucket: bucket,
  google_secret_manager_secret: secret,
};
export { clusterPath, cryptoKeyPath, keyRingPath, natOf, repositoryPath, secretPath };
