import { installed, keysOf } from './fixture.ts';
import { Traefik, type TraefikOptions } from './traefik.ts';

const traefik = (props: Partial<TraefikOptions> = {}) =>
  installed((stack) => {
    new Traefik(stack, 'Traefik', { namespace: 'traefik', ...props });
  }).traefik!;

test('every key is one of the chart, whose strict schema refuses others at the root and ignores them below', () => {
  const open = ['resources', 'ports.web.http.redirections.entryPoint', 'service.spec'];
  expect(keysOf(traefik().values, open)).toEqual([
    'accessLog.enabled',
    'accessLog.format',
    'api.dashboard',
    'api.insecure',
    'deployment.replicas',
    'global.checkNewVersion',
    'global.sendAnonymousUsage',
    'ingressClass.enabled',
    'ingressRoute.dashboard.enabled',
    'log.format',
    'log.level',
    'nodeSelector',
    'podDisruptionBudget.enabled',
    'podDisruptionBudget.maxUnavailable',
    'ports.traefik.expose.default',
    'ports.web.http.redirections.entryPoint',
    'providers.kubernetesCRD.enabled',
    'providers.kubernetesCRD.namespaces',
    'providers.kubernetesCRD.nativeLBByDefault',
    'providers.kubernetesIngress.enabled',
    'resources',
    'service.spec',
    'tolerations',
    'topologySpreadConstraints',
  ]);
});

test('it is a load balancer that keeps the address of the caller, with two pods that may not all go at once', () => {
  const { values, footprint } = traefik({ address: '203.0.113.7' });
  expect(values.service).toEqual({
    spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerIP: '203.0.113.7' },
  });
  expect(values).toMatchObject({
    deployment: { replicas: 2 },
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
  });
  expect(footprint.services.map(({ name, type }) => [name, type])).toEqual([['traefik', 'LoadBalancer']]);
  expect(footprint.workloads[0]).toMatchObject({
    replicas: 2,
    labels: { 'app.kubernetes.io/name': 'traefik', 'app.kubernetes.io/instance': 'traefik-traefik' },
    containers: [{ requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '256Mi' } }],
  });
});

test('reached from inside only, it is no load balancer', () => {
  const { values, footprint } = traefik({ exposure: 'clusterIp' });
  expect(values.service).toEqual({ spec: { type: 'ClusterIP' } });
  expect(footprint.services.map(({ type }) => type)).toEqual(['ClusterIP']);
});

test('the dashboard is served on the internal port only', () => {
  expect(traefik().values).toMatchObject({
    api: { dashboard: true, insecure: false },
    ingressRoute: { dashboard: { enabled: false } },
    ports: { traefik: { expose: { default: false } } },
  });
});

test('plain HTTP is sent to HTTPS', () => {
  expect(traefik().values.ports).toMatchObject({
    web: { http: { redirections: { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } } } },
  });
});

test('an autoscaler owns the number of pods alone', () => {
  const { values, footprint } = traefik({ replicas: { min: 3, max: 6 } });
  expect(values).toMatchObject({
    deployment: { replicas: null },
    autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 6 },
  });
  expect(footprint.workloads[0]!.replicas).toBe(3);
});

test('a single pod has no disruption budget, which would block the drain of its node', () => {
  expect(traefik({ replicas: 1 }).values.podDisruptionBudget).toEqual({ enabled: false });
});

test('in the mesh its pods are injected, public ports stay out, and routes go to Services', () => {
  expect(traefik({ mesh: 'sidecar' }).values).toMatchObject({
    deployment: {
      replicas: 2,
      podLabels: { 'sidecar.istio.io/inject': 'true' },
      podAnnotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '8000,8443' },
    },
    providers: { kubernetesCRD: { nativeLBByDefault: true } },
  });
  const { values } = traefik();
  expect(values.deployment).toEqual({ replicas: 2 });
  expect(values.providers).toMatchObject({ kubernetesCRD: { nativeLBByDefault: false } });
});

test('told which namespaces to serve, it still serves its own', () => {
  const namespaces = (props: Partial<TraefikOptions>) =>
    (traefik(props).values.providers as { kubernetesCRD: { namespaces: string[] } }).kubernetesCRD.namespaces;
  expect(namespaces({})).toEqual([]);
  expect(namespaces({ watchNamespaces: ['apps', 'traefik'] })).toEqual(['traefik', 'apps']);
});

test('what does not go together is refused', () => {
  expect(() => traefik({ exposure: 'clusterIp', address: '203.0.113.7' })).toThrow(
    'prod/Traefik: address is only possible with exposure loadBalancer, got "clusterIp"',
  );
  expect(() => traefik({ replicas: 0 })).toThrow('prod/Traefik: replicas must be 1-20, got 0');
  expect(() => traefik({ mesh: 'ambient' as never })).toThrow(
    'prod/Traefik: mesh must be one of sidecar, none, got "ambient"',
  );
});

test("requests taken away by the user's values are refused", () => {
  expect(() => traefik({ values: { resources: { requests: null } } })).toThrow(
    'prod/Traefik/Chart: values must give the container traefik/traefik requests for cpu and memory, got {}',
  );
});
