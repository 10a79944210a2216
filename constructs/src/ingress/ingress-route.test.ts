import { synthOnCluster } from '../helm/fixture.ts';
import { resources } from '../testing/synth.ts';
import { IngressRoute, type IngressRouteProps, type Route } from './ingress-route.ts';
import { Middleware } from './middleware.ts';

const web: Route = { host: 'api.dev.example.com', to: [{ service: 'api', port: 80 }] };

const ingressRoute = (props: Partial<IngressRouteProps> = {}) =>
  resources(
    synthOnCluster((stack) => {
      new IngressRoute(stack, 'Route', { name: 'api', namespace: 'apps', routes: [web], ...props });
    }),
    'kubernetes_manifest',
  )[0]!.manifest;

test('a host is served over TLS only', () => {
  const made = ingressRoute();
  expect(made).toMatchObject({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name: 'api', namespace: 'apps' },
  });
  expect(made.spec).toEqual({
    entryPoints: ['websecure'],
    routes: [
      {
        kind: 'Rule',
        match: 'Host(`api.dev.example.com`)',
        services: [{ kind: 'Service', name: 'api', port: 80 }],
      },
    ],
  });
});

test('paths, shares, steps, priority and a certificate are as told', () => {
  expect(
    ingressRoute({
      routes: [
        {
          host: 'api.dev.example.com',
          pathPrefix: '/v1',
          to: [
            { service: 'stable', port: 'http', weight: 9 },
            { service: 'canary', port: 'http', weight: 1 },
          ],
          middlewares: ['limit'],
          priority: 10,
        },
      ],
      tlsSecret: 'api-tls',
      entryPoints: ['web', 'websecure'],
    }).spec,
  ).toEqual({
    entryPoints: ['web', 'websecure'],
    routes: [
      {
        kind: 'Rule',
        match: 'Host(`api.dev.example.com`) && PathPrefix(`/v1`)',
        priority: 10,
        middlewares: [{ name: 'limit' }],
        services: [
          { kind: 'Service', name: 'stable', port: 'http', weight: 9 },
          { kind: 'Service', name: 'canary', port: 'http', weight: 1 },
        ],
      },
    ],
    tls: { secretName: 'api-tls' },
  });
});

test('a middleware of another namespace is refused, since Traefik would not find it', () => {
  expect(() =>
    synthOnCluster((stack) => {
      const action = { rateLimit: { average: 1 } };
      const limit = new Middleware(stack, 'Limit', { name: 'limit', namespace: 'traefik', action });
      const routes = [{ ...web, middlewares: [limit] }];
      new IngressRoute(stack, 'Route', { name: 'api', namespace: 'apps', routes });
    }),
  ).toThrow('prod/Route: routes[0].middlewares must lie in the namespace of the route, apps, got "traefik/limit"');
});

test('what Traefik could not route is refused', () => {
  expect(() => ingressRoute({ routes: [] })).toThrow('prod/Route: routes must have at least 1 entries, got 0');
  expect(() => ingressRoute({ routes: [{ ...web, host: 'API' }] })).toThrow(
    'prod/Route: routes[0].host must be a full lower-case host name such as api.dev.example.com, got "API"',
  );
  expect(() => ingressRoute({ routes: [{ ...web, pathPrefix: '/a`b' }] })).toThrow(
    'prod/Route: routes[0].pathPrefix must be a path that starts with / and holds neither spaces nor backticks, got "/a`b"',
  );
  expect(() => ingressRoute({ routes: [{ ...web, to: [] }] })).toThrow(
    'prod/Route: routes[0].to must have at least 1 entries, got 0',
  );
});
