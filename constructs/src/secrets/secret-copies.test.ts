import { synthOnCluster } from '../helm/fixture.ts';
import { type Block, resource, resources } from '../testing/synth.ts';
import { SecretCopies, type SecretCopiesProps } from './secret-copies.ts';

const reading = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };
const secrets = [{ name: 'orders' }, { name: 'events-cluster-ca-cert', as: 'events-ca', keys: ['ca.crt'] }];
const copies = (props: Partial<SecretCopiesProps> = {}) =>
  synthOnCluster((stack) => {
    new SecretCopies(stack, 'Copies', { name: 'orders', from: 'kafka', namespace: 'apps', secrets, ...props });
  });

test('the identity that reads may get these Secrets by name, and nothing else', () => {
  const json = copies();
  expect(resource(json, 'kubernetes_role_v1')).toEqual({
    metadata: { name: 'orders', namespace: 'kafka' },
    rule: [
      {
        api_groups: [''],
        resources: ['secrets'],
        resource_names: ['events-cluster-ca-cert', 'orders'],
        verbs: ['get'],
      },
    ],
  });
  expect(resource(json, 'kubernetes_role_binding_v1').subject).toEqual([
    expect.objectContaining({ kind: 'ServiceAccount', namespace: 'apps' }),
  ]);
  expect(resource(json, 'kubernetes_service_account_v1')).toEqual({
    metadata: { name: 'orders', namespace: 'apps' },
    automount_service_account_token: false,
  });
});

test('a Secret is copied whole or by keys, under its own name or another', () => {
  const manifests: Block[] = resources(copies(), 'kubernetes_manifest').map(({ manifest }) => manifest);
  const made = manifests.filter(({ kind }) => kind === 'ExternalSecret').map(({ spec }) => spec);
  expect(made.map(({ target, data, dataFrom }) => ({ name: target.name, data, dataFrom }))).toEqual([
    {
      name: 'events-ca',
      data: [{ secretKey: 'ca.crt', remoteRef: { key: 'events-cluster-ca-cert', property: 'ca.crt', ...reading } }],
    },
    { name: 'orders', dataFrom: [{ extract: { key: 'orders', ...reading } }] },
  ]);
  expect(made.map(({ secretStoreRef, refreshInterval }) => [secretStoreRef.name, refreshInterval])).toEqual([
    ['orders', '300s'],
    ['orders', '300s'],
  ]);
});

test('a copy without a source, onto another copy, or within one namespace is refused', () => {
  expect(() => copies({ secrets: [] })).toThrow('prod/Copies: secrets must have at least 1 entries, got 0');
  expect(() => copies({ secrets: [{ name: 'a' }, { name: 'b', as: 'a' }] })).toThrow(
    'prod/Copies: secrets must not repeat an entry, got "a"',
  );
  expect(() => copies({ from: 'apps' })).toThrow(
    'prod/Copies: from must be another namespace than that of the copies, got "apps"',
  );
});
