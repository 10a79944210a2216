import type { Pod } from './objects.ts';
import { missingReferences } from './references.ts';

const pod = (spec: Partial<Pod['spec']>, name = 'api-6d5f-x'): Pod => ({
  metadata: {
    name,
    namespace: 'apps',
    ownerReferences: [{ kind: 'ReplicaSet', name: 'api-6d5f', controller: true }],
  },
  spec: { containers: [{ name: 'api' }], ...spec },
});
const secret = (name: string, keys: string[], namespace = 'apps') => ({
  metadata: { name, namespace },
  data: Object.fromEntries(keys.map((key) => [key, ''])),
});

test('a Secret that nobody makes is one problem for all replicas, with the remedy', () => {
  const volumes = [{ name: 'tls', secret: { secretName: 'api-kafka' } }];
  const found = missingReferences([pod({ volumes }), pod({ volumes }, 'api-6d5f-y')], [], []);
  expect(found).toEqual([
    {
      evidence: 'applied',
      path: 'apps/Deployment/api',
      rule: 'references-exist',
      message: 'refers to Secret api-kafka in namespace apps, which nobody makes',
      fix: 'declare Secret api-kafka (an ExternalSecret for a secret), correct the name, or mark the reference optional',
    },
  ]);
});

test('a Secret of the same name in another namespace does not count', () => {
  const volumes = [{ name: 'tls', secret: { secretName: 'api-kafka' } }];
  expect(missingReferences([pod({ volumes })], [secret('api-kafka', [], 'kafka')], [])).toHaveLength(1);
});

test('a missing key is named', () => {
  const containers = [{ name: 'api', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'token' } } }] }];
  const [problem] = missingReferences([pod({ containers })], [secret('s', ['other'])], []);
  expect(problem?.message).toBe('refers to key token of Secret s in namespace apps, which nobody makes');
});

test('optional references and present objects are no problem', () => {
  const containers = [
    {
      name: 'api',
      envFrom: [{ configMapRef: { name: 'present' } }, { secretRef: { name: 'absent', optional: true } }],
    },
  ];
  expect(missingReferences([pod({ containers })], [], [secret('present', [])])).toEqual([]);
});
