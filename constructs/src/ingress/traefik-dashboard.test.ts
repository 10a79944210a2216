import { synthOnCluster } from '../helm/fixture.ts';
import { type Block, resources } from '../testing/synth.ts';

type Kind = 'ExternalSecret' | 'IngressRoute' | 'Middleware' | 'Password';

import { TraefikDashboard, type TraefikDashboardProps } from './traefik-dashboard.ts';

const dashboard = (props: Partial<TraefikDashboardProps> = {}) =>
  synthOnCluster((stack) => {
    new TraefikDashboard(stack, 'Dashboard', { namespace: 'traefik', domain: 'dev.example.com', ...props });
  });
const manifests = (props?: Partial<TraefikDashboardProps>): Record<Kind, Block> =>
  Object.fromEntries(
    resources(dashboard(props), 'kubernetes_manifest').map(({ manifest }) => [manifest.kind, manifest]),
  ) as Record<Kind, Block>;

test('the dashboard is reached through a login only', () => {
  const { IngressRoute, Middleware } = manifests();
  expect(IngressRoute.spec).toEqual({
    entryPoints: ['websecure'],
    routes: [
      {
        kind: 'Rule',
        match: 'Host(`traefik.dev.example.com`)',
        middlewares: [{ name: 'traefik-dashboard' }],
        services: [{ kind: 'TraefikService', name: 'api@internal' }],
      },
    ],
  });
  expect(Middleware.spec).toEqual({
    basicAuth: { secret: 'traefik-dashboard', removeHeader: true, realm: 'traefik.dev.example.com' },
  });
});

test('its password is made in the cluster, once, and stands in no file', () => {
  const { Password, ExternalSecret } = manifests();
  expect(Password.spec.length).toBe(32);
  expect(ExternalSecret.spec).toMatchObject({
    refreshPolicy: 'CreatedOnce',
    target: {
      name: 'traefik-dashboard',
      template: { type: 'kubernetes.io/basic-auth', data: { username: 'admin', password: '{{ .password }}' } },
    },
    dataFrom: [{ sourceRef: { generatorRef: { kind: 'Password', name: 'traefik-dashboard' } } }],
  });
});

test('everything lies in the namespace of Traefik', () => {
  const found = Object.values(manifests()).map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace]);
  expect(found.sort()).toEqual([
    ['ExternalSecret', 'traefik-dashboard', 'traefik'],
    ['IngressRoute', 'traefik-dashboard', 'traefik'],
    ['Middleware', 'traefik-dashboard', 'traefik'],
    ['Password', 'traefik-dashboard', 'traefik'],
  ]);
});

test('name and certificate are as told', () => {
  const { ExternalSecret, IngressRoute } = manifests({ username: 'ops', tlsSecret: 'wildcard' });
  expect(ExternalSecret.spec.target.template.data.username).toBe('ops');
  expect(IngressRoute.spec.tls).toEqual({ secretName: 'wildcard' });
});

test('a domain that is none is refused', () => {
  expect(() => dashboard({ domain: 'Dev' })).toThrow(
    'prod/Dashboard/Route: routes[0].host must be a full lower-case host name such as api.dev.example.com, got "traefik.Dev"',
  );
});
