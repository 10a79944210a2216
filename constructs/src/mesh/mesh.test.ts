import type { Construct } from 'constructs';
import { synthOnCluster } from '../helm/fixture.ts';
import { resource } from '../testing/synth.ts';
import { DestinationRule, type DestinationRuleProps } from './destination-rule.ts';
import { PeerAuthentication, type PeerAuthenticationProps } from './peer-authentication.ts';
import { VirtualService, type VirtualServiceProps } from './virtual-service.ts';

const manifest = (build: (scope: Construct) => void) => resource(synthOnCluster(build), 'kubernetes_manifest').manifest;

const peers = (props: Partial<PeerAuthenticationProps> = {}) =>
  manifest((scope) => {
    new PeerAuthentication(scope, 'Peers', { namespace: 'apps', ...props });
  });
const rule = (props: Partial<DestinationRuleProps> = {}) =>
  manifest((scope) => {
    new DestinationRule(scope, 'Rule', { name: 'api', namespace: 'apps', host: 'api', ...props });
  });
const service = (props: Partial<VirtualServiceProps> = {}) =>
  manifest((scope) => {
    const to = [{ host: 'api' }];
    new VirtualService(scope, 'Service', { name: 'api', namespace: 'apps', hosts: ['api'], to, ...props });
  });

describe('PeerAuthentication', () => {
  test('lets a namespace be called by the mesh only', () => {
    const made = peers();
    expect(made).toMatchObject({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'apps' },
    });
    expect(made.spec).toEqual({ mtls: { mode: 'STRICT' } });
  });

  test('makes an exception for a port of some pods', () => {
    expect(peers({ name: 'metrics', pods: { app: 'api' }, ports: { 9100: 'PERMISSIVE' } }).spec).toEqual({
      mtls: { mode: 'STRICT' },
      selector: { matchLabels: { app: 'api' } },
      portLevelMtls: { 9100: { mode: 'PERMISSIVE' } },
    });
  });

  test('refuses ports without pods, which Istio would ignore', () => {
    expect(() => peers({ ports: { 9100: 'PERMISSIVE' } })).toThrow(
      'prod/Peers: ports is only possible together with pods',
    );
    expect(() => peers({ mode: 'strict' as never })).toThrow(
      'prod/Peers: mode must be one of STRICT, PERMISSIVE, DISABLE, got "strict"',
    );
  });
});

describe('DestinationRule', () => {
  test('names the parts of a service', () => {
    const made = rule({ subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
    expect(made).toMatchObject({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' });
    expect(made.spec).toEqual({ host: 'api', subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
  });

  test('leaves a failing pod alone, but never more than half of them unless told', () => {
    expect(rule({ circuitBreaker: {}, maxConnections: 100, tls: 'ISTIO_MUTUAL' }).spec.trafficPolicy).toEqual({
      tls: { mode: 'ISTIO_MUTUAL' },
      connectionPool: { tcp: { maxConnections: 100 } },
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: '10s',
        baseEjectionTime: '30s',
        maxEjectionPercent: 50,
      },
    });
  });

  test('refuses mutual TLS of the mesh for a wildcard, which would reach Kafka', () => {
    expect(() => rule({ host: '*.local', tls: 'ISTIO_MUTUAL' })).toThrow(
      'prod/Rule: tls must not be ISTIO_MUTUAL for a host with a wildcard, since that reaches Kafka, which speaks its own TLS, got "*.local"',
    );
  });

  test('refuses figures out of range and a part named twice', () => {
    expect(() => rule({ circuitBreaker: { maxEjectionPercent: 101 } })).toThrow(
      'prod/Rule: circuitBreaker.maxEjectionPercent must be 1-100, got 101',
    );
    const subset = { name: 'v1', labels: { version: 'v1' } };
    expect(() => rule({ subsets: [subset, subset] })).toThrow('prod/Rule: subsets must not repeat an entry, got "v1"');
  });
});

describe('VirtualService', () => {
  test('sends everything to the only target', () => {
    const made = service();
    expect(made).toMatchObject({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' });
    expect(made.spec).toEqual({
      hosts: ['api'],
      http: [{ route: [{ destination: { host: 'api' }, weight: 100 }] }],
    });
  });

  test('splits between parts of a service, with a timeout and retries', () => {
    expect(
      service({
        to: [
          { host: 'api', subset: 'v1', port: 80, weight: 90 },
          { host: 'api', subset: 'v2', port: 80, weight: 10 },
        ],
        timeoutSeconds: 2,
        retries: { attempts: 3, perTrySeconds: 0.5 },
      }).spec.http,
    ).toEqual([
      {
        route: [
          { destination: { host: 'api', subset: 'v1', port: { number: 80 } }, weight: 90 },
          { destination: { host: 'api', subset: 'v2', port: { number: 80 } }, weight: 10 },
        ],
        timeout: '2s',
        retries: { attempts: 3, perTryTimeout: '500ms' },
      },
    ]);
  });

  test('refuses shares that do not add up', () => {
    expect(() =>
      service({
        to: [
          { host: 'a', weight: 90 },
          { host: 'b', weight: 20 },
        ],
      }),
    ).toThrow('prod/Service: to must have weights that add up to 100, got 110');
    expect(() => service({ to: [{ host: 'a' }, { host: 'b' }] })).toThrow(
      'prod/Service: to must have weights that add up to 100, got 0',
    );
    expect(() => service({ timeoutSeconds: 0 })).toThrow('prod/Service: timeoutSeconds must be 0.1-3600, got 0');
  });
});
