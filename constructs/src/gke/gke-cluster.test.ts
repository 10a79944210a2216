import { TerraformOutput } from 'cdktf';
import { dataSource, inventory, names, resource, resources } from '../testing/index.ts';
import { aCluster, PROJECT, REGION, synthCluster, synthGoogle, ZONES } from './fixture.ts';
import { GkeCluster, type GkeClusterProps } from './gke-cluster.ts';
import { KmsKey } from './kms-key.ts';

const cluster = (props: Partial<GkeClusterProps> = {}) => resource(synthCluster(props), 'google_container_cluster');

test.each<[string, Record<string, unknown>]>([
  ['cannot be destroyed by accident', { deletion_protection: true }],
  [
    'gives nodes no public address, nor itself',
    {
      private_cluster_config: {
        enable_private_nodes: true,
        enable_private_endpoint: true,
        master_ipv4_cidr_block: '172.16.0.0/28',
      },
    },
  ],
  [
    'answers on its DNS endpoint only',
    {
      control_plane_endpoints_config: {
        dns_endpoint_config: { allow_external_traffic: true },
        ip_endpoints_config: { enabled: false },
      },
    },
  ],
  ['enforces network policies by Dataplane V2', { datapath_provider: 'ADVANCED_DATAPATH' }],
  ['shows traffic within a node', { enable_intranode_visibility: true }],
  [
    'gives pods and Services addresses of the VPC',
    {
      networking_mode: 'VPC_NATIVE',
      ip_allocation_policy: {
        cluster_secondary_range_name: 'pods',
        services_secondary_range_name: 'services',
        stack_type: 'IPV4',
      },
    },
  ],
  ['lets no Service claim an external address', { service_external_ips_config: { enabled: false } }],
  ['has Workload Identity', { workload_identity_config: { workload_pool: 'example-project.svc.id.goog' } }],
  ['shields its nodes', { enable_shielded_nodes: true }],
  ['issues no client certificate', { master_auth: { client_certificate_config: { issue_client_certificate: false } } }],
  ['has no ABAC', { enable_legacy_abac: false }],
  ['answers anonymous users on health checks only', { anonymous_authentication_config: { mode: 'LIMITED' } }],
  [
    'refuses roles for everybody',
    {
      rbac_binding_config: {
        enable_insecure_binding_system_authenticated: false,
        enable_insecure_binding_system_unauthenticated: false,
      },
    },
  ],
  [
    'closes the unauthenticated kubelet port',
    {
      node_pool_defaults: {
        node_config_defaults: { insecure_kubelet_readonly_port_enabled: 'FALSE', logging_variant: 'DEFAULT' },
      },
    },
  ],
  ['follows a release channel', { release_channel: { channel: 'REGULAR' } }],
  [
    'shows its weaknesses',
    { security_posture_config: { mode: 'BASIC', vulnerability_mode: 'VULNERABILITY_DISABLED' } },
  ],
  ['logs itself and its workloads', { logging_config: { enable_components: ['SYSTEM_COMPONENTS', 'WORKLOADS'] } }],
  ['tells what each namespace costs', { cost_management_config: { enabled: true } }],
  ['recommends sizes of pods', { vertical_pod_autoscaling: { enabled: true } }],
  ['makes no pools by itself', { cluster_autoscaling: { enabled: false, autoscaling_profile: 'BALANCED' } }],
  ['loses its default pool', { remove_default_node_pool: true, initial_node_count: 1 }],
])('by default the cluster %s', (_, expected) => {
  const actual = cluster();
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]]))).toEqual(expected);
});

test('metrics are collected, those of workloads and of traffic too', () => {
  expect(cluster().monitoring_config).toEqual({
    enable_components: ['SYSTEM_COMPONENTS', 'STORAGE', 'POD', 'DEPLOYMENT', 'STATEFULSET', 'DAEMONSET', 'HPA'],
    managed_prometheus: { enabled: true },
    advanced_datapath_observability_config: { enable_metrics: true, enable_relay: false },
  });
});

test('Secrets are encrypted with the key, once the GKE agent of the project may use it', () => {
  const json = synthCluster();
  const made = resource(json, 'google_container_cluster');
  const [grant] = names(json, 'google_kms_crypto_key_iam_member');
  expect(made.database_encryption).toEqual({
    state: 'ENCRYPTED',
    key_name: expect.stringMatching(/^\$\{data\.google_kms_crypto_key\.\w+\.id\}$/),
  });
  expect(made.depends_on).toContain(`google_kms_crypto_key_iam_member.${grant}`);
  expect(resource(json, 'google_kms_crypto_key_iam_member')).toMatchObject({
    role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
    member: expect.stringMatching(
      /^serviceAccount:service-\$\{data\.google_project\.[\w-]+\.number\}@container-engine-robot\.iam\.gserviceaccount\.com$/,
    ),
  });
  expect(dataSource(json, 'google_project')).toEqual({ project_id: PROJECT });
});

test('the pool that GKE makes first is as hardened as the others and takes no SSD quota', () => {
  expect(cluster().node_config).toEqual({
    machine_type: 'e2-medium',
    image_type: 'COS_CONTAINERD',
    disk_type: 'pd-standard',
    disk_size_gb: 30,
    service_account: expect.stringMatching(/^\$\{google_service_account\.[\w-]+\.email\}$/),
    oauth_scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
    workload_metadata_config: { mode: 'GKE_METADATA' },
    kubelet_config: { insecure_kubelet_readonly_port_enabled: 'FALSE' },
    metadata: { 'disable-legacy-endpoints': 'true' },
    tags: ['prod-node'],
  });
});

test('the second plan is empty: what Google answers for the removed pool is ignored', () => {
  expect(cluster().lifecycle).toEqual({ ignore_changes: ['node_config'] });
});

test('the first pool runs under an account that may log and measure and nothing else', () => {
  const json = synthCluster();
  expect(resource(json, 'google_service_account').account_id).toBe('prod-default-nodes');
  expect(resources(json, 'google_project_iam_member').map(({ role }) => role)).toEqual([
    'roles/container.defaultNodeServiceAccount',
  ]);
});

test('a regional cluster has its nodes in the zones it was given', () => {
  expect(cluster().node_locations).toEqual(ZONES);
});

test('a zonal cluster has its nodes in its own zone, which is not listed again', () => {
  const zonal = { location: 'europe-west1-b', zones: undefined };
  expect(cluster(zonal)).toMatchObject({ location: 'europe-west1-b' });
  expect(cluster(zonal).node_locations).toBeUndefined();
  const two = { location: 'europe-west1-b', zones: ['europe-west1-b', 'europe-west1-c'] };
  expect(cluster(two).node_locations).toEqual(['europe-west1-c']);
});

test('networks that may connect by address are named when there is an address', () => {
  const authorizedNetworks = [{ name: 'office', cidr: '203.0.113.0/24' }];
  expect(cluster({ endpoint: { ip: { publicAddress: true, authorizedNetworks } } })).toMatchObject({
    private_cluster_config: { enable_private_endpoint: false },
    control_plane_endpoints_config: { ip_endpoints_config: { enabled: true } },
    master_authorized_networks_config: {
      gcp_public_cidrs_access_enabled: false,
      private_endpoint_enforcement_enabled: true,
      cidr_blocks: [{ cidr_block: '203.0.113.0/24', display_name: 'office' }],
    },
  });
});

test('without an address no networks are named: the provider would plan them again and again', () => {
  expect(cluster().master_authorized_networks_config).toBeUndefined();
});

test('upgrades come at weekends, two windows of six hours', () => {
  expect(cluster().maintenance_policy).toEqual({
    recurring_window: {
      start_time: '2026-01-10T02:00:00Z',
      end_time: '2026-01-10T08:00:00Z',
      recurrence: 'FREQ=WEEKLY;BYDAY=SA,SU',
    },
  });
});

test('a window may pass midnight, and begins on its first day', () => {
  const maintenance = { startTime: '22:00', durationHours: 4, days: ['FR', 'TU', 'WE'] as const };
  expect(cluster({ maintenance }).maintenance_policy.recurring_window).toEqual({
    start_time: '2026-01-06T22:00:00Z',
    end_time: '2026-01-07T02:00:00Z',
    recurrence: 'FREQ=WEEKLY;BYDAY=TU,WE,FR',
  });
});

test('upgrades are held back while an exclusion lasts', () => {
  const exclusions = [{ name: 'year-end', from: '2026-12-20T00:00:00Z', to: '2027-01-04T00:00:00Z' }];
  expect(cluster({ maintenance: { exclusions } }).maintenance_policy.maintenance_exclusion).toEqual([
    {
      exclusion_name: 'year-end',
      start_time: '2026-12-20T00:00:00Z',
      end_time: '2027-01-04T00:00:00Z',
      exclusion_options: { scope: 'NO_MINOR_OR_NODE_UPGRADES' },
    },
  ]);
});

test.each<[string, Partial<GkeClusterProps>, Record<string, unknown>]>([
  [
    'binary authorization',
    { binaryAuthorization: true },
    { binary_authorization: { evaluation_mode: 'PROJECT_SINGLETON_POLICY_ENFORCE' } },
  ],
  [
    'a group for RBAC',
    { securityGroup: 'gke-security-groups@example.com' },
    { authenticator_groups_config: { security_group: 'gke-security-groups@example.com' } },
  ],
  [
    'news of upgrades',
    { upgradeTopic: 'projects/p/topics/t' },
    { notification_config: { pubsub: { enabled: true, topic: 'projects/p/topics/t' } } },
  ],
  ['the Secret Manager add-on', { secretManagerAddon: true }, { secret_manager_config: { enabled: true } }],
  ['the backup agent', { backupAgent: true }, { addons_config: { gke_backup_agent_config: { enabled: true } } }],
  ['a DNS cache on the nodes', { nodeLocalDns: true }, { addons_config: { dns_cache_config: { enabled: true } } }],
  [
    'an eager autoscaler',
    { autoscalingProfile: 'OPTIMIZE_UTILIZATION' },
    { cluster_autoscaling: { autoscaling_profile: 'OPTIMIZE_UTILIZATION' } },
  ],
  ['no protection', { deletionProtection: false }, { deletion_protection: false }],
  ['labels in the bill', { resourceLabels: { team: 'platform' } }, { resource_labels: { team: 'platform' } }],
])('%s when asked for', (_, props, expected) => {
  expect(cluster(props)).toMatchObject(expected);
});

test('the API server is named by the DNS endpoint', () => {
  const json = synthGoogle((stack) => {
    new TerraformOutput(stack, 'host', { value: aCluster(stack).kubernetesHost, staticId: true });
  });
  expect(json.output?.host?.value).toMatch(
    /^https:\/\/\$\{google_container_cluster\.\w+\.control_plane_endpoints_config\[0\]\.dns_endpoint_config\[0\]\.endpoint\}$/,
  );
});

test('a cluster by look-up creates nothing', () => {
  const json = synthGoogle((stack) => {
    const found = GkeCluster.fromLookup(stack, 'shared', { clusterName: 'prod', project: PROJECT, location: REGION });
    expect([found.clusterId, found.zones]).toEqual([
      'projects/example-project/locations/europe-west1/clusters/prod',
      undefined,
    ]);
  });
  expect(inventory(json)).toEqual({});
  expect(dataSource(json, 'google_container_cluster')).toEqual({ name: 'prod', project: PROJECT, location: REGION });
});

test('a cluster by its attributes looks nothing up', () => {
  const json = synthGoogle((stack) => {
    const known = GkeCluster.fromAttributes(stack, 'shared', {
      clusterName: 'prod',
      project: PROJECT,
      location: 'europe-west1-b',
      dnsEndpoint: 'gke-abc.europe-west1.gke.goog',
    });
    expect([known.kubernetesHost, known.zones]).toEqual(['https://gke-abc.europe-west1.gke.goog', ['europe-west1-b']]);
  });
  expect([inventory(json), json.data]).toEqual([{}, undefined]);
});

test('a pool can be added to a cluster that exists', () => {
  const json = synthGoogle((stack) => {
    const found = GkeCluster.fromLookup(stack, 'shared', {
      clusterName: 'prod',
      project: PROJECT,
      location: REGION,
      zones: ZONES,
      nodeTags: ['prod-node'],
    });
    found.addNodePool('spark', { machineType: 'e2-standard-4', nodes: { total: 3 } });
  });
  expect(resource(json, 'google_container_node_pool')).toMatchObject({
    name: 'spark',
    cluster: 'projects/example-project/locations/europe-west1/clusters/prod',
    node_count: 1,
  });
});

test('the resource below is open to overrides', () => {
  const json = synthCluster({}, (made) => made.resource.addOverride('enable_l4_ilb_subsetting', true));
  expect(resource(json, 'google_container_cluster').enable_l4_ilb_subsetting).toBe(true);
});

test.each<[string, Partial<GkeClusterProps>, string]>([
  [
    'a project that is none',
    { project: 'Prod' },
    'project must be a project id: 6-30 lower-case letters, digits or hyphens, starting with a letter, got "Prod"',
  ],
  [
    'a location that is none',
    { location: 'europe' },
    'location must be a region such as europe-west1 or a zone such as europe-west1-b, got "europe"',
  ],
  ['a region without zones', { zones: undefined }, 'zones must be given for the region europe-west1'],
  [
    'a zone of another region',
    { zones: ['europe-west4-a'] },
    `zones must lie in the cluster's region europe-west1, got "europe-west4-a"`,
  ],
  [
    'a zone twice',
    { zones: ['europe-west1-b', 'europe-west1-b'] },
    'zones must not repeat an entry, got "europe-west1-b"',
  ],
  [
    'a zonal cluster without its own zone',
    { location: 'europe-west1-b', zones: ['europe-west1-c'] },
    `zones must include the cluster's own zone europe-west1-b, got ["europe-west1-c"]`,
  ],
  [
    'a network elsewhere',
    { location: 'us-central1', zones: ['us-central1-a'] },
    `network must be in the cluster's region us-central1, got "europe-west1"`,
  ],
  [
    'an unknown channel',
    { releaseChannel: 'FAST' as 'RAPID' },
    'releaseChannel must be one of RAPID, REGULAR, STABLE, EXTENDED, got "FAST"',
  ],
  ['logs without those of the system', { logging: ['WORKLOADS'] }, 'logging must include SYSTEM_COMPONENTS'],
  [
    'an unknown component',
    { monitoring: ['SYSTEM_COMPONENTS', 'GPU' as 'POD'] },
    'monitoring must be one of SYSTEM_COMPONENTS, APISERVER, CONTROLLER_MANAGER, SCHEDULER, STORAGE, HPA, POD, DAEMONSET, DEPLOYMENT, STATEFULSET, CADVISOR, KUBELET, DCGM, JOBSET, got "GPU"',
  ],
  [
    'a group of another name',
    { securityGroup: 'devs@example.com' },
    'securityGroup must be gke-security-groups@<your domain>, got "devs@example.com"',
  ],
  [
    'a topic by its short name',
    { upgradeTopic: 'upgrades' },
    'upgradeTopic must be a topic of the form projects/<project>/topics/<topic>, got "upgrades"',
  ],
  [
    'a local time',
    { maintenance: { startTime: '2am' } },
    'maintenance.startTime must be a UTC time such as 02:00, got "2am"',
  ],
  [
    'a window that is too short',
    { maintenance: { durationHours: 3 } },
    'maintenance.durationHours must be 4-24, got 3',
  ],
  [
    'too little maintenance',
    { maintenance: { durationHours: 5 } },
    'maintenance must leave at least 48 hours in 4 weeks (days x durationHours x 4), got 40',
  ],
  [
    'an exclusion that ends before it begins',
    { maintenance: { exclusions: [{ name: 'x', from: '2027-01-04T00:00:00Z', to: '2026-12-20T00:00:00Z' }] } },
    'maintenance.exclusions.x.to must be after 2027-01-04T00:00:00Z, got "2026-12-20T00:00:00Z"',
  ],
  [
    'addresses open to nobody',
    { endpoint: { ip: { authorizedNetworks: [] } } },
    'endpoint.ip.authorizedNetworks must have 1-100 entries, got 0',
  ],
  [
    'addresses open to everybody',
    { endpoint: { ip: { authorizedNetworks: [{ name: 'all', cidr: '0.0.0.0/0' }] } } },
    'endpoint.ip.authorizedNetworks must be between /1 and /32, got "0.0.0.0/0"',
  ],
])('%s is refused', (_, props, message) => {
  expect(() => synthCluster(props)).toThrow(new Error(`prod/cluster: ${message}`));
});

test('a key of another region is refused', () => {
  const elsewhere = () =>
    synthGoogle((stack) =>
      aCluster(stack, {
        secretsKey: KmsKey.fromName(stack, 'far', { name: 'gke', keyRing: 'r', location: 'us-east1' }),
      }),
    );
  expect(elsewhere).toThrow(
    new Error(`prod/cluster: secretsKey must be in the cluster's region europe-west1, got "us-east1"`),
  );
});
