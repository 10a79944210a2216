import { synthOnCluster } from '../helm/fixture.ts';
import { resource } from '../testing/synth.ts';
import { Middleware, type MiddlewareAction } from './middleware.ts';

const middleware = (action: MiddlewareAction) =>
  resource(
    synthOnCluster((stack) => {
      new Middleware(stack, 'Step', { name: 'step', namespace: 'apps', action });
    }),
    'kubernetes_manifest',
  ).manifest;

test('a login takes its users from a Secret and keeps the password from the service behind', () => {
  const made = middleware({ basicAuth: { secret: 'login', realm: 'example' } });
  expect(made).toMatchObject({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'Middleware',
    metadata: { name: 'step', namespace: 'apps' },
  });
  expect(made.spec).toEqual({ basicAuth: { secret: 'login', removeHeader: true, realm: 'example' } });
});

test('browsers are told to protect the page, unless asked otherwise', () => {
  expect(middleware({ headers: { strictTransportSeconds: 3600, response: { Server: '' } } }).spec).toEqual({
    headers: {
      frameDeny: true,
      contentTypeNosniff: true,
      referrerPolicy: 'strict-origin-when-cross-origin',
      customResponseHeaders: { Server: '' },
      stsSeconds: 3600,
      stsIncludeSubdomains: true,
      forceSTSHeader: true,
    },
  });
  expect(middleware({ headers: { browserProtection: false, request: { 'X-From': 'edge' } } }).spec).toEqual({
    headers: { customRequestHeaders: { 'X-From': 'edge' } },
  });
});

test('a rate has a burst of its own size and a period of a second, unless told', () => {
  expect(middleware({ rateLimit: { average: 50 } }).spec).toEqual({
    rateLimit: { average: 50, burst: 50, period: '1s' },
  });
  expect(() => middleware({ rateLimit: { average: 0 } })).toThrow(
    'prod/Step: rateLimit.average must be at least 1, got 0',
  );
  expect(() => middleware({ rateLimit: { average: 1, periodSeconds: 4000 } })).toThrow(
    'prod/Step: rateLimit.periodSeconds must be 1-3600, got 4000',
  );
});

test('a redirect is permanent unless told', () => {
  expect(middleware({ redirectScheme: { scheme: 'https' } }).spec).toEqual({
    redirectScheme: { scheme: 'https', permanent: true },
  });
});

test('a prefix is taken away', () => {
  expect(middleware({ stripPrefix: { prefixes: ['/api'] } }).spec).toEqual({ stripPrefix: { prefixes: ['/api'] } });
});
