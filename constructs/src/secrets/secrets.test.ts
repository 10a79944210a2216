import type { Construct } from 'constructs';
import { synthOnCluster } from '../helm/fixture.ts';
import { resource } from '../testing/synth.ts';
import { ExternalSecret, type ExternalSecretProps } from './external-secret.ts';
import { PasswordGenerator, type PasswordGeneratorProps } from './password-generator.ts';
import { type SecretSource, SecretStore } from './secret-store.ts';

const reading = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };

const manifest = (build: (scope: Construct) => void) => resource(synthOnCluster(build), 'kubernetes_manifest').manifest;

const externalSecret = (props: Partial<ExternalSecretProps>) =>
  manifest((scope) => {
    new ExternalSecret(scope, 'Secret', { name: 'orders', namespace: 'apps', ...props });
  });
const store = (source: SecretSource) =>
  manifest((scope) => {
    new SecretStore(scope, 'Store', { name: 'kafka', namespace: 'apps', source });
  });
const generator = (props: Partial<PasswordGeneratorProps> = {}) =>
  manifest((scope) => {
    new PasswordGenerator(scope, 'Password', { name: 'login', namespace: 'apps', ...props });
  });

describe('ExternalSecret', () => {
  test('copies a whole Secret and looks again every five minutes', () => {
    const made = externalSecret({ store: 'kafka', copy: ['orders'] });
    expect(made).toMatchObject({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'orders', namespace: 'apps' },
    });
    expect(made.spec).toEqual({
      refreshPolicy: 'Periodic',
      refreshInterval: '300s',
      secretStoreRef: { kind: 'SecretStore', name: 'kafka' },
      target: { name: 'orders', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
      dataFrom: [{ extract: { key: 'orders', ...reading } }],
    });
  });

  test('copies single keys under names of its own', () => {
    const made = externalSecret({
      store: 'kafka',
      secretName: 'orders-tls',
      data: [{ key: 'ca.crt', from: 'kafka-cluster-ca-cert', property: 'ca.crt' }],
      refresh: 'on-change',
    });
    expect(made.spec).toEqual({
      refreshPolicy: 'OnChange',
      refreshInterval: '0s',
      secretStoreRef: { kind: 'SecretStore', name: 'kafka' },
      target: { name: 'orders-tls', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
      data: [{ secretKey: 'ca.crt', remoteRef: { key: 'kafka-cluster-ca-cert', property: 'ca.crt', ...reading } }],
    });
  });

  test('keeps a generated password, which is made once', () => {
    const made = externalSecret({
      password: 'login',
      type: 'kubernetes.io/basic-auth',
      template: { username: 'admin', password: '{{ .password }}' },
    });
    expect(made.spec).toEqual({
      refreshPolicy: 'CreatedOnce',
      refreshInterval: '0s',
      target: {
        name: 'orders',
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        template: {
          engineVersion: 'v2',
          mergePolicy: 'Replace',
          type: 'kubernetes.io/basic-auth',
          data: { username: 'admin', password: '{{ .password }}' },
        },
      },
      dataFrom: [
        {
          sourceRef: {
            generatorRef: {
              apiVersion: 'generators.external-secrets.io/v1alpha1',
              kind: 'Password',
              name: 'login',
            },
          },
        },
      ],
    });
  });

  test('refuses to be without a source', () => {
    expect(() => externalSecret({})).toThrow('prod/Secret: data must not be empty, unless copy or password is given');
    expect(() => externalSecret({ copy: ['orders'] })).toThrow(
      'prod/Secret: store is needed to read data or copy from',
    );
  });

  test('refuses to make a password anew', () => {
    expect(() => externalSecret({ password: 'login', refresh: { everySeconds: 60 } })).toThrow(
      'prod/Secret: refresh must be once with a generated password, which would be another each time, got {"everySeconds":60}',
    );
  });

  test('refuses to look again without a pause', () => {
    expect(() => externalSecret({ store: 'kafka', copy: ['a'], refresh: { everySeconds: 1 } })).toThrow(
      'prod/Secret: refresh.everySeconds must be at least 10, got 1',
    );
  });

  test('refuses a key that no Secret may have', () => {
    expect(() => externalSecret({ store: 'kafka', data: [{ key: 'ca crt', from: 'a' }] })).toThrow(
      'prod/Secret: data.key must be 1-253 letters, digits, dots, hyphens or underscores, got "ca crt"',
    );
  });
});

describe('SecretStore', () => {
  test('reads another namespace as one service account, trusting the cluster of its own', () => {
    const made = store({ kubernetes: { namespace: 'kafka', serviceAccount: 'reader' } });
    expect(made).toMatchObject({ apiVersion: 'external-secrets.io/v1', kind: 'SecretStore' });
    expect(made.spec).toEqual({
      provider: {
        kubernetes: {
          remoteNamespace: 'kafka',
          server: {
            url: 'kubernetes.default',
            caProvider: { type: 'ConfigMap', name: 'kube-root-ca.crt', key: 'ca.crt' },
          },
          auth: { serviceAccount: { name: 'reader' } },
        },
      },
    });
  });

  test('reads Secret Manager by Workload Identity, without a key', () => {
    expect(
      store({
        secretManager: {
          project: 'example-project',
          serviceAccount: 'reader',
          cluster: { name: 'prod', location: 'europe-west1' },
        },
      }).spec,
    ).toEqual({
      provider: {
        gcpsm: {
          projectID: 'example-project',
          secretVersionSelectionPolicy: 'LatestOrFail',
          auth: {
            workloadIdentity: {
              serviceAccountRef: { name: 'reader' },
              clusterName: 'prod',
              clusterLocation: 'europe-west1',
              clusterProjectID: 'example-project',
            },
          },
        },
      },
    });
  });

  test('refuses to copy from its own namespace', () => {
    expect(() => store({ kubernetes: { namespace: 'apps', serviceAccount: 'reader' } })).toThrow(
      'prod/Store: source.kubernetes.namespace must be another than the store\'s own, got "apps"',
    );
  });
});

describe('PasswordGenerator', () => {
  test('makes 32 letters and digits, since a symbol has to be escaped somewhere', () => {
    const made = generator();
    expect(made).toMatchObject({
      apiVersion: 'generators.external-secrets.io/v1alpha1',
      kind: 'Password',
      metadata: { name: 'login', namespace: 'apps' },
    });
    expect(made.spec).toEqual({
      length: 32,
      digits: 8,
      symbols: 0,
      noUpper: false,
      allowRepeat: true,
      encoding: 'raw',
    });
  });

  test('refuses what is too short, or holds more than its length', () => {
    expect(() => generator({ length: 8 })).toThrow('prod/Password: length must be 16-128, got 8');
    expect(() => generator({ length: 16, digits: 10, symbols: 7 })).toThrow(
      'prod/Password: length must hold 10 digits and 7 symbols, got 16',
    );
  });
});
