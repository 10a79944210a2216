import { installed, keysOf, synthOnCluster } from './fixture.ts';
import { Istio, type IstioOptions } from './istio.ts';

const istio = (props: Partial<IstioOptions> = {}) =>
  installed((stack) => {
    new Istio(stack, 'Istio', { namespace: 'istio-system', ...props });
  });

test('the APIs come first, then the network plugin, then istiod, then the gateway', () => {
  const json = synthOnCluster((stack) => {
    new Istio(stack, 'Istio', { namespace: 'istio-system', gateway: { namespace: 'istio-ingress' } });
  });
  const releases = Object.entries(json.resource!.helm_release!);
  const name = (address: string) => json.resource!.helm_release![address.replace('helm_release.', '')]!.name;
  expect(releases.map(([, { name: release, depends_on = [] }]) => [release, depends_on.map(name)])).toEqual([
    ['istio-base', []],
    ['istio-cni', ['istio-base']],
    ['istio-gateway', ['istiod']],
    ['istiod', ['istio-cni']],
  ]);
});

test('every key of istiod is one of the chart, which ignores others without a word', () => {
  const { values } = istio({ platform: 'gke' }).istiod!;
  const open = ['resources', 'env', 'meshConfig', 'seccompProfile', 'global.proxy.seccompProfile'];
  expect(keysOf(values, [...open, 'global.proxy.resources'])).toEqual([
    'autoscaleEnabled',
    'cni.enabled',
    'env',
    'global.defaultPodDisruptionBudget.enabled',
    'global.hub',
    'global.platform',
    'global.proxy.resources',
    'global.proxy.seccompProfile',
    'global.tag',
    'meshConfig',
    'nodeSelector',
    'replicaCount',
    'resources',
    'seccompProfile',
    'tolerations',
  ]);
});

test('istiod has the requests that it needs, a seccomp profile, and one pod unless asked', () => {
  const { values, footprint } = istio().istiod!;
  expect(values).toMatchObject({
    autoscaleEnabled: false,
    replicaCount: 1,
    seccompProfile: { type: 'RuntimeDefault' },
    global: { hub: 'registry.istio.io/release', tag: '1.30.3', defaultPodDisruptionBudget: { enabled: false } },
  });
  expect(footprint.workloads[0]).toMatchObject({
    replicas: 1,
    containers: [{ image: 'registry.istio.io/release/pilot:1.30.3', requests: { cpu: '500m', memory: '2Gi' } }],
  });
});

test('a range of pods is scaled and gets a disruption budget', () => {
  const { values, footprint } = istio({ replicas: { min: 2, max: 4 } }).istiod!;
  expect(values).toMatchObject({
    autoscaleEnabled: true,
    autoscaleMin: 2,
    autoscaleMax: 4,
    global: { defaultPodDisruptionBudget: { enabled: true } },
  });
  expect(values.replicaCount).toBeUndefined();
  expect(footprint.workloads[0]!.replicas).toBe(2);
});

test('sidecars are native, confined, and up before the application', () => {
  expect(istio().istiod!.values).toMatchObject({
    env: { ENABLE_NATIVE_SIDECARS: 'true' },
    meshConfig: {
      accessLogFile: '/dev/stdout',
      accessLogEncoding: 'JSON',
      defaultConfig: { holdApplicationUntilProxyStarts: true },
    },
    global: { proxy: { seccompProfile: { type: 'RuntimeDefault' } } },
  });
  expect(istio({ accessLog: false }).istiod!.values.meshConfig).toEqual({
    defaultConfig: { holdApplicationUntilProxyStarts: true },
  });
});

test('with the network plugin no pod needs a privileged container of the injector', () => {
  const { cni, istiod } = istio();
  expect(istiod!.values.cni).toEqual({ enabled: true });
  expect(cni!.release.namespace).toBe('kube-system');
  expect(cni!.footprint.workloads.map(({ kind, name }) => [kind, name])).toEqual([['DaemonSet', 'istio-cni-node']]);
});

test('the network plugin can be left out', () => {
  const without = istio({ cni: false });
  expect(Object.keys(without)).toEqual(['base', 'istiod']);
  expect(without.istiod!.values.cni).toEqual({ enabled: false });
});

test('the gateway is no second load balancer, is confined and shares the placement', () => {
  const { gateway } = istio({ placement: { pool: 'work' }, gateway: { namespace: 'istio-ingress', replicas: 2 } });
  expect(gateway!.release).toMatchObject({ name: 'istio-gateway', namespace: 'istio-ingress' });
  expect(gateway!.values).toEqual({
    autoscaling: { enabled: false },
    replicaCount: 2,
    service: { type: 'ClusterIP' },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
    securityContext: {
      seccompProfile: { type: 'RuntimeDefault' },
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
    },
    podDisruptionBudget: { maxUnavailable: 1 },
    nodeSelector: { 'cloud.google.com/gke-nodepool': 'work' },
    tolerations: [],
  });
  expect(gateway!.footprint.services.map(({ type }) => type)).toEqual(['ClusterIP']);
});

test("each chart takes the user's values for itself", () => {
  const { base, istiod } = istio({ values: { istiod: { traceSampling: 0.1 } } });
  expect(istiod!.values.traceSampling).toBe(0.1);
  expect(base!.values).toEqual({});
});

test('what is out of range is refused', () => {
  expect(() => istio({ replicas: 11 })).toThrow('prod/Istio: replicas must be 1-10, got 11');
  expect(() => istio({ platform: 'gcp' as never })).toThrow('prod/Istio: platform must be one of gke, got "gcp"');
  expect(() => istio({ gateway: { namespace: 'istio-ingress', replicas: { min: 2, max: 1 } } })).toThrow(
    'prod/Istio: gateway.replicas.max must be at least min (2), got 1',
  );
});
