import { inventory, resource, resources } from '../testing/synth.ts';
import { containerOf, podOf, synthWorkload } from './fixture.ts';
import type { WorkloadProps } from './workload.ts';

test('a workload is these resources and no others', () => {
  const common = {
    kubernetes_config_map_v1: 1,
    kubernetes_deployment_v1: 1,
    kubernetes_network_policy_v1: 1,
    kubernetes_pod_disruption_budget_v1: 1,
    kubernetes_service_account_v1: 1,
  };
  expect(inventory(synthWorkload())).toEqual({ ...common, kubernetes_service_v1: 1 });
  expect(inventory(synthWorkload({ port: 'none' }))).toEqual(common);
});

test('its Service offers the port as 80 and further ports as they are', () => {
  const { spec } = resource(
    synthWorkload({ port: 3000, ports: [{ name: 'grpc', port: 9000 }] }),
    'kubernetes_service_v1',
  );
  expect(spec).toEqual({
    selector: { 'app.kubernetes.io/name': 'api' },
    port: [
      { name: 'http', port: 80, target_port: '3000', protocol: 'TCP' },
      { name: 'grpc', port: 9000, target_port: '9000', protocol: 'TCP' },
    ],
  });
});

test('configuration reaches the container by ConfigMap, and a change of it rolls the pods', () => {
  const config = { LEVEL: 'info' };
  const json = synthWorkload({ config });
  expect(resource(json, 'kubernetes_config_map_v1').data).toEqual({ PORT: '8080', LEVEL: 'info' });
  expect(containerOf({ config }).env_from).toEqual([{ config_map_ref: { name: 'api' } }]);
  const checksum = (props: Partial<WorkloadProps>) => podOf(props).metadata.annotations['checksum/config'];
  expect(checksum({ config: { A: '1', B: '2' } })).toBe(checksum({ config: { B: '2', A: '1' } }));
  expect(checksum({ config: { A: '1' } })).not.toBe(checksum({ config: { A: '2' } }));
});

test('Secrets are named, never written: as variables, and as files that the group may read', () => {
  const props: Partial<WorkloadProps> = {
    secrets: [{ env: 'API_KEY', name: 'partner', key: 'key' }],
    secretFiles: [
      { name: 'partner', path: '/etc/partner' },
      { name: 'other', path: '/etc/other', keys: ['a'] },
    ],
  };
  const container = containerOf(props);
  expect(container.env).toEqual([{ name: 'API_KEY', value_from: { secret_key_ref: { name: 'partner', key: 'key' } } }]);
  expect(container.volume_mount).toEqual([
    { name: 'tmp', mount_path: '/tmp' },
    { name: 'secret-partner', mount_path: '/etc/partner', read_only: true },
    { name: 'secret-other', mount_path: '/etc/other', read_only: true },
  ]);
  expect(podOf(props).spec.volume).toEqual([
    { name: 'tmp', empty_dir: {} },
    { name: 'secret-partner', secret: { secret_name: 'partner', default_mode: '0440' } },
    {
      name: 'secret-other',
      secret: { secret_name: 'other', default_mode: '0440', items: [{ key: 'a', path: 'a' }] },
    },
  ]);
});

test('files of several Secrets can share a folder', () => {
  const mounts = [{ volume: 'tls', path: '/tls', secrets: [{ name: 'a', keys: ['x'] }, { name: 'b' }] }];
  expect(podOf({ mounts }).spec.volume[1]).toEqual({
    name: 'tls',
    projected: [
      {
        default_mode: '0440',
        sources: [{ secret: [{ name: 'a', items: [{ key: 'x', path: 'x' }] }] }, { secret: [{ name: 'b' }] }],
      },
    ],
  });
});

test('the pod meets Pod Security restricted', () => {
  expect(podOf().spec.security_context).toEqual({
    run_as_non_root: true,
    run_as_user: '10001',
    run_as_group: '10001',
    fs_group: '10001',
    seccomp_profile: { type: 'RuntimeDefault' },
  });
  expect(containerOf().security_context).toEqual({
    run_as_non_root: true,
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('the pod has an identity of its own, and a token for Kubernetes only when asked', () => {
  expect(podOf().spec).toMatchObject({ service_account_name: 'api', automount_service_account_token: false });
  const asked = synthWorkload({ kubernetesToken: true, identityAnnotations: { 'iam.gke.io/x': 'y' } });
  expect(resource(asked, 'kubernetes_service_account_v1')).toEqual({
    metadata: { name: 'api', namespace: 'apps', annotations: { 'iam.gke.io/x': 'y' } },
    automount_service_account_token: true,
  });
});

test('pods are spread over machines and zones, and one may be moved at a time', () => {
  const json = synthWorkload();
  const spread = podOf().spec.topology_spread_constraint;
  expect(spread).toEqual(
    ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topology_key) => ({
      max_skew: 1,
      topology_key,
      when_unsatisfiable: 'ScheduleAnyway',
      label_selector: [{ match_labels: { 'app.kubernetes.io/name': 'api' } }],
    })),
  );
  expect(resource(json, 'kubernetes_pod_disruption_budget_v1').spec).toEqual({
    max_unavailable: '1',
    selector: { match_labels: { 'app.kubernetes.io/name': 'api' } },
  });
});

test('a new version is complete before the old one goes', () => {
  const { spec, timeouts } = resource(synthWorkload(), 'kubernetes_deployment_v1');
  expect(spec.strategy).toEqual({
    type: 'RollingUpdate',
    rolling_update: { max_surge: '1', max_unavailable: '0' },
  });
  expect(timeouts).toEqual({ create: '600s', update: '600s' });
});

test('the version is a label of the pods, and no part of the selector', () => {
  const { metadata, spec } = resource(synthWorkload({ version: 'v2' }), 'kubernetes_deployment_v1');
  const labels = { 'app.kubernetes.io/name': 'api', version: 'v2' };
  expect([metadata.labels, spec.template.metadata.labels]).toEqual([labels, labels]);
  expect(spec.selector).toEqual({ match_labels: { 'app.kubernetes.io/name': 'api' } });
});

test('resources are written as the API server writes them, so that a second plan is empty', () => {
  const resourcesOf = (requests: { cpu: string; memory: string }) => containerOf({ resources: { requests } }).resources;
  expect(resourcesOf({ cpu: '1000m', memory: '1024Mi' })).toEqual({ requests: { cpu: '1', memory: '1Gi' } });
  expect(resourcesOf({ cpu: '0.25', memory: '0.5Gi' })).toEqual({ requests: { cpu: '250m', memory: '512Mi' } });
  expect(resourcesOf({ cpu: '1.5', memory: '1000M' })).toEqual({ requests: { cpu: '1500m', memory: '1G' } });
  expect(containerOf().resources).toEqual({
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { memory: '256Mi' },
  });
});

test('command, arguments, grace, priority, user and place are as asked', () => {
  const { spec } = podOf({
    command: ['node'],
    args: ['main.js'],
    gracePeriodSeconds: 60,
    priorityClass: 'high',
    user: 1000,
    placement: { nodeSelector: { pool: 'work' }, tolerations: [{ key: 'a', operator: 'Exists' }] },
  });
  expect(spec.container[0]).toMatchObject({ command: ['node'], args: ['main.js'] });
  expect(spec).toMatchObject({
    termination_grace_period_seconds: 60,
    priority_class_name: 'high',
    security_context: { run_as_user: '1000', fs_group: '1000' },
    node_selector: { pool: 'work' },
    toleration: [{ key: 'a', operator: 'Exists' }],
  });
});

test('pods start when what they need is declared, and nothing comes in before the policy', () => {
  expect(resource(synthWorkload(), 'kubernetes_deployment_v1').depends_on).toEqual([
    expect.stringMatching(/^kubernetes_service_account_v1\./),
    expect.stringMatching(/^kubernetes_config_map_v1\./),
    expect.stringMatching(/^kubernetes_network_policy_v1\./),
  ]);
});

test('a sidecar lets by what encrypts by itself', () => {
  const direct = [{ namespace: 'kafka', port: 9093 }];
  const annotation = 'traffic.sidecar.istio.io/excludeOutboundPorts';
  expect(podOf({ direct, mesh: 'sidecar' }).metadata.annotations[annotation]).toBe('9093');
  expect(podOf({ direct }).metadata.annotations).not.toHaveProperty(annotation);
  expect(podOf({ mesh: 'sidecar' }).metadata.annotations).not.toHaveProperty(annotation);
});

describe('images', () => {
  const digest = `@sha256:${'a'.repeat(64)}`;
  test.each([
    'example.com/api:1.0',
    'example.com:5000/team/api:1.0',
    'api:latest-2',
    `example.com/api${digest}`,
    `example.com/api:1.0${digest}`,
    'us-central1-docker.pkg.dev/a-project/apps/api:0.1.0',
  ])('%s is taken', (image) => {
    expect(containerOf({ image }).image).toBe(image);
  });

  test.each(['api', 'api:latest', `api:latest${digest}`, 'example.com:5000/api', 'Api:1', 'api:', 'api@sha256:12', ''])(
    '%j is refused',
    (image) => {
      expect(() => synthWorkload({ image })).toThrow(
        new Error(
          `prod/Api: image must be an image with a tag other than latest, or with a digest, got ${JSON.stringify(image)}`,
        ),
      );
    },
  );
});

const refusals: [string, Partial<WorkloadProps>, string][] = [
  [
    'a long name',
    { name: 'a'.repeat(41) },
    `name must be 1-40 lower-case letters, digits or hyphens, starting with a letter, got "${'a'.repeat(41)}"`,
  ],
  ['a port for root', { port: 80 }, 'port must be 1024-65535, got 80'],
  ['a further port for root', { ports: [{ name: 'dns', port: 53 }] }, 'ports.port must be 1024-65535, got 53'],
  [
    'a port name that Kubernetes refuses',
    { ports: [{ name: 'Metrics', port: 9000 }] },
    'ports.name must be 1-15 lower-case letters, digits or hyphens, got "Metrics"',
  ],
  ['a port twice', { ports: [{ name: 'again', port: 8080 }] }, 'ports must not repeat an entry, got 8080'],
  ['a second http', { ports: [{ name: 'http', port: 9000 }] }, 'ports must not repeat an entry, got "http"'],
  [
    'a variable in lower case',
    { config: { level: 'info' } },
    'config must be UPPER_SNAKE names of environment variables, got "level"',
  ],
  [
    'a secret in the configuration',
    { config: { DB_PASSWORD: 'x' } },
    'config must hold no secret: name a Secret in `secrets`, got "DB_PASSWORD"',
  ],
  [
    'a variable that is said twice',
    { config: { KEY_A: 'x' }, secrets: [{ env: 'KEY_A', name: 'a', key: 'a' }] },
    'secrets.env must not repeat an entry, got "KEY_A"',
  ],
  [
    'two Secrets in one folder',
    { secretFiles: ['a', 'b'].map((name) => ({ name, path: '/etc/x' })) },
    'secretFiles.path must not repeat an entry, got "/etc/x"',
  ],
  [
    'a folder that is none',
    { secretFiles: [{ name: 'a', path: 'etc' }] },
    'secretFiles.path must be an absolute path without a trailing slash, got "etc"',
  ],
  [
    'a limit below the request',
    { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '512Mi' } } },
    'resources.limits.memory must be at least the request of 1Gi, got "512Mi"',
  ],
  ['root', { user: 0 }, 'user must be 1-65535, got 0'],
  ['no time to end', { gracePeriodSeconds: 0 }, 'gracePeriodSeconds must be 1-600, got 0'],
  ['no time to roll out', { rolloutSeconds: 5 }, 'rolloutSeconds must be 30-3600, got 5'],
  [
    'a version that is no label',
    { version: 'v 2' },
    'version must be a label value of 1-63 letters, digits, dots, hyphens or underscores, got "v 2"',
  ],
];

test.each(refusals)('%s is refused', (_, props, message) => {
  expect(() => synthWorkload(props)).toThrow(new Error(`prod/Api: ${message}`));
});

test('a figure that only sounds like a secret is taken', () => {
  const config = { MAX_TOKENS: '4096', TOKEN_URL: 'https://example.com' };
  expect(resources(synthWorkload({ config }), 'kubernetes_config_map_v1')[0]!.data).toMatchObject(config);
});
