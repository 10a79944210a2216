import { ExternalSecrets, type ExternalSecretsOptions } from './external-secrets.ts';
import { installed, keysOf } from './fixture.ts';

const externalSecrets = (props: Partial<ExternalSecretsOptions> = {}) =>
  installed((stack) => {
    new ExternalSecrets(stack, 'ExternalSecrets', { namespace: 'external-secrets', ...props });
  })['external-secrets']!;

test('all three components have requests', () => {
  const { footprint } = externalSecrets();
  expect(
    footprint.workloads.map(({ name, replicas, containers }) => [name, replicas, containers[0]!.requests]),
  ).toEqual([
    ['external-secrets-cert-controller', 1, { cpu: '20m', memory: '64Mi' }],
    ['external-secrets', 1, { cpu: '50m', memory: '128Mi' }],
    ['external-secrets-webhook', 1, { cpu: '20m', memory: '64Mi' }],
  ]);
});

test('every key is one of the chart, which ignores others without a word', () => {
  const { values } = externalSecrets({ googleServiceAccount: 'reader@example.iam.gserviceaccount.com' });
  const open = ['resources', 'webhook.resources', 'certController.resources', 'crds.annotations'];
  expect(keysOf(values, [...open, 'serviceAccount.annotations'])).toEqual([
    'certController.resources',
    'crds.annotations',
    'global.nodeSelector',
    'global.tolerations',
    'installCRDs',
    'leaderElect',
    'podDisruptionBudget.enabled',
    'replicaCount',
    'resources',
    'serviceAccount.annotations',
    'webhook.podDisruptionBudget.enabled',
    'webhook.replicaCount',
    'webhook.resources',
  ]);
});

test('an uninstall leaves the CRDs, and with them every ExternalSecret, unless asked otherwise', () => {
  expect(externalSecrets().values.crds).toEqual({ annotations: { 'helm.sh/resource-policy': 'keep' } });
  expect(externalSecrets({ keepCrds: false }).values.crds).toBeUndefined();
});

test('more than one pod elects a leader and gets a disruption budget', () => {
  expect(externalSecrets({ replicas: 2 }).values).toMatchObject({
    replicaCount: 2,
    leaderElect: true,
    podDisruptionBudget: { enabled: true },
    webhook: { replicaCount: 2, podDisruptionBudget: { enabled: true } },
  });
});

test('the controller acts as a Google service account only when one is named', () => {
  expect(externalSecrets().values.serviceAccount).toBeUndefined();
  expect(
    externalSecrets({ googleServiceAccount: 'reader@example.iam.gserviceaccount.com' }).values.serviceAccount,
  ).toEqual({ annotations: { 'iam.gke.io/gcp-service-account': 'reader@example.iam.gserviceaccount.com' } });
});

test("a component's resources are its own", () => {
  const webhook = { requests: { cpu: '30m', memory: '70Mi' } };
  expect(externalSecrets({ resources: { webhook } }).footprint.workloads[2]!.containers[0]!.requests).toEqual(
    webhook.requests,
  );
  expect(() => externalSecrets({ resources: { webhook: { requests: { cpu: 'x', memory: '70Mi' } } } })).toThrow(
    'prod/ExternalSecrets: resources.webhook.requests.cpu must be CPUs such as 100m, 0.5 or 2, got "x"',
  );
});
