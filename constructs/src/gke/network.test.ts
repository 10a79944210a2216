import { dataSources, inventory, resource, resources, type Synthesized } from '../testing/index.ts';
import { NETWORK, PROJECT, REGION, synthGoogle } from './fixture.ts';
import { Network, type NetworkProps } from './network.ts';

const synth = (props: Partial<NetworkProps> = {}, then: (network: Network) => void = () => {}) =>
  synthGoogle((stack) => then(new Network(stack, 'network', { ...NETWORK, ...props })));

const firewall = (json: Synthesized, suffix: string) =>
  resources(json, 'google_compute_firewall').find(({ name }) => name === `prod-${suffix}`);

test('the VPC makes no subnets by itself and keeps its routes in the region', () => {
  expect(resource(synth(), 'google_compute_network')).toEqual({
    name: 'prod',
    project: PROJECT,
    auto_create_subnetworks: false,
    routing_mode: 'REGIONAL',
  });
});

test('routes reach other regions when asked', () => {
  expect(resource(synth({ routing: 'GLOBAL' }), 'google_compute_network').routing_mode).toBe('GLOBAL');
});

test('the subnet has ranges for pods and Services, private access to Google and flow logs', () => {
  expect(resource(synth(), 'google_compute_subnetwork')).toEqual({
    name: 'prod-nodes',
    project: PROJECT,
    region: REGION,
    network: expect.stringMatching(/^\$\{google_compute_network\.\w+\.id\}$/),
    ip_cidr_range: '10.0.0.0/22',
    private_ip_google_access: true,
    secondary_ip_range: [
      { range_name: 'pods', ip_cidr_range: '10.4.0.0/14' },
      { range_name: 'services', ip_cidr_range: '10.8.0.0/20' },
    ],
    log_config: { aggregation_interval: 'INTERVAL_30_SEC', flow_sampling: 0.5, metadata: 'INCLUDE_ALL_METADATA' },
  });
});

test('flow logs can be made cheaper, or left out', () => {
  const cheaper = synth({ flowLogs: { sampling: 0.1, intervalSeconds: 600 } });
  expect(resource(cheaper, 'google_compute_subnetwork').log_config).toEqual({
    aggregation_interval: 'INTERVAL_10_MIN',
    flow_sampling: 0.1,
    metadata: 'INCLUDE_ALL_METADATA',
  });
  expect(resource(synth({ flowLogs: false }), 'google_compute_subnetwork').log_config).toBeUndefined();
});

test('nodes reach the internet through NAT, with addresses as Google needs them', () => {
  const json = synth();
  const { nat_ip_allocate_option, nat_ips, enable_dynamic_port_allocation } = resource(
    json,
    'google_compute_router_nat',
  );
  expect({ nat_ip_allocate_option, nat_ips, enable_dynamic_port_allocation }).toEqual({
    nat_ip_allocate_option: 'AUTO_ONLY',
    nat_ips: undefined,
    enable_dynamic_port_allocation: true,
  });
  expect(inventory(json).google_compute_address).toBeUndefined();
});

test('NAT uses reserved addresses where peers filter by address', () => {
  const json = synth({ nat: { staticAddresses: 2 } });
  expect(resources(json, 'google_compute_address').map(({ name }) => name)).toEqual(['prod-nat-1', 'prod-nat-2']);
  expect(resource(json, 'google_compute_router_nat')).toMatchObject({
    nat_ip_allocate_option: 'MANUAL_ONLY',
    nat_ips: [expect.stringContaining('.self_link}'), expect.stringContaining('.self_link}')],
  });
});

test('NAT can be left out, with its router', () => {
  const { google_compute_router, google_compute_router_nat } = inventory(synth({ nat: false }));
  expect([google_compute_router, google_compute_router_nat]).toEqual([undefined, undefined]);
});

test('health checks of load balancers reach the nodes, and only those ports', () => {
  expect(firewall(synth(), 'health-checks')).toMatchObject({
    direction: 'INGRESS',
    source_ranges: ['35.191.0.0/16', '130.211.0.0/22', '209.85.152.0/22', '209.85.204.0/22'],
    target_tags: ['prod-node'],
    allow: [{ protocol: 'tcp', ports: ['10256', '30000-32767'] }],
  });
});

test('whatever no rule allows is refused and logged', () => {
  expect(firewall(synth(), 'deny-ingress')).toMatchObject({
    priority: 65534,
    source_ranges: ['0.0.0.0/0'],
    deny: [{ protocol: 'all' }],
    log_config: { metadata: 'INCLUDE_ALL_METADATA' },
  });
});

test('firewall logs can be left out', () => {
  const rules = resources(synth({ firewallLogging: false }), 'google_compute_firewall');
  expect(rules.map(({ log_config }) => log_config)).toEqual([undefined, undefined]);
});

test('no webhook rule exists before a port is asked for: a rule without ports would allow them all', () => {
  expect(firewall(synth(), 'control-plane-webhooks')).toBeUndefined();
});

test('webhook ports of several calls meet in one rule, each once, in order', () => {
  const json = synth({}, (network) =>
    network.allowControlPlaneWebhooks([15017, 9443]).allowControlPlaneWebhooks([6443, 9443]),
  );
  expect(firewall(json, 'control-plane-webhooks')).toMatchObject({
    source_ranges: ['172.16.0.0/28'],
    target_tags: ['prod-node'],
    allow: [{ protocol: 'tcp', ports: ['6443', '9443', '15017'] }],
  });
});

test('an address for the load balancer can be reserved', () => {
  const json = synth({}, (network) => void network.addAddress('ingress'));
  expect(resource(json, 'google_compute_address')).toEqual({
    name: 'prod-ingress',
    project: PROJECT,
    region: REGION,
    address_type: 'EXTERNAL',
    network_tier: 'PREMIUM',
  });
});

test('a network made elsewhere adds nothing to the stack', () => {
  const attributes = {
    networkId: 'projects/host/global/networks/shared',
    subnetworkId: 'projects/host/regions/europe-west1/subnetworks/gke',
    region: REGION,
    podsRangeName: 'p',
    servicesRangeName: 's',
    nodeTag: 'gke',
  };
  const json = synthGoogle((stack) => {
    expect(Network.fromAttributes(stack, 'shared', attributes)).toMatchObject(attributes);
  });
  expect([inventory(json), dataSources(json, 'google_compute_network')]).toEqual([{}, []]);
});

test('the resources below are open to overrides', () => {
  const json = synth({}, (network) => network.nat?.addOverride('tcp_time_wait_timeout_sec', 60));
  expect(resource(json, 'google_compute_router_nat').tcp_time_wait_timeout_sec).toBe(60);
});

test.each<[string, Partial<NetworkProps>, string]>([
  [
    'a name that Google refuses',
    { name: 'Prod' },
    'name must be 1-40 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen, got "Prod"',
  ],
  [
    'a zone for a region',
    { region: 'europe-west1-b' },
    'region must be a region such as europe-west1, got "europe-west1-b"',
  ],
  ['no range', { nodesCidr: '10.0.0.0' }, 'nodesCidr must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.0"'],
  [
    'an octet above 255',
    { nodesCidr: '10.0.256.0/24' },
    'nodesCidr must be an IPv4 range such as 10.0.0.0/16, got "10.0.256.0/24"',
  ],
  [
    'a range that begins in its middle',
    { podsCidr: '10.5.0.0/14' },
    `podsCidr must begin at the range's first address: 10.4.0.0/14, got "10.5.0.0/14"`,
  ],
  ['too few pods', { podsCidr: '10.4.0.0/22' }, 'podsCidr must be between /9 and /21, got "10.4.0.0/22"'],
  [
    'a control plane of another size',
    { controlPlaneCidr: '172.16.0.0/27' },
    'controlPlaneCidr must be a /28, got "172.16.0.0/27"',
  ],
  [
    'ranges that overlap',
    { servicesCidr: '10.4.16.0/20' },
    'servicesCidr must not overlap podsCidr 10.4.0.0/14, got "10.4.16.0/20"',
  ],
  ['too many addresses', { nat: { staticAddresses: 17 } }, 'nat.staticAddresses must be 1-16, got 17'],
  [
    'ports that are no power of two',
    { nat: { minPortsPerNode: 100 } },
    'nat.minPortsPerNode must be a power of two, got 100',
  ],
  [
    'no room to grow ports',
    { nat: { minPortsPerNode: 64, maxPortsPerNode: 64 } },
    'nat.maxPortsPerNode must be more than nat.minPortsPerNode 64, got 64',
  ],
  ['more than all flows', { flowLogs: { sampling: 2 } }, 'flowLogs.sampling must be 0.01-1, got 2'],
])('%s is refused', (_, props, message) => {
  expect(() => synth(props)).toThrow(new Error(`prod/network: ${message}`));
});

test('a webhook port outside the range is refused', () => {
  expect(() => synth({}, (network) => network.allowControlPlaneWebhooks([70000]))).toThrow(
    new Error('prod/network/firewall: ports must be 1-65535, got 70000'),
  );
});

test('webhooks need to know where the control plane calls from', () => {
  const allow = () => synth({ controlPlaneCidr: undefined }, (network) => network.allowControlPlaneWebhooks([9443]));
  expect(allow).toThrow(new Error('prod/network: controlPlaneCidr is needed to let the control plane reach webhooks'));
});
