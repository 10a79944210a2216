import { installed, keysOf } from './fixture.ts';
import { StrimziOperator, type StrimziOperatorOptions } from './strimzi-operator.ts';

const strimzi = (props: Partial<StrimziOperatorOptions> = {}) =>
  installed((stack) => {
    new StrimziOperator(stack, 'Strimzi', { namespace: 'strimzi', watchNamespaces: ['kafka'], ...props });
  })['strimzi-kafka-operator']!;

test('the operator is installed with requests, watching the namespaces that it is told', () => {
  const { release, values } = strimzi();
  expect(release).toMatchObject({ name: 'strimzi', namespace: 'strimzi', version: '1.2.0' });
  expect(values).toEqual({
    watchNamespaces: ['kafka'],
    replicas: 1,
    resources: { requests: { cpu: '200m', memory: '384Mi' }, limits: { cpu: '1000m', memory: '384Mi' } },
    featureGates: '',
    podDisruptionBudget: { enabled: false },
    nodeSelector: {},
    tolerations: [],
  });
});

test('every key is one of the chart, which ignores others without a word', () => {
  expect(keysOf(strimzi().values, ['resources'])).toEqual([
    'featureGates',
    'nodeSelector',
    'podDisruptionBudget.enabled',
    'replicas',
    'resources',
    'tolerations',
    'watchNamespaces',
  ]);
});

test('more than one pod gets a disruption budget', () => {
  expect(strimzi({ replicas: 2 }).values).toMatchObject({ replicas: 2, podDisruptionBudget: { enabled: true } });
});

test('feature gates are written as Strimzi reads them', () => {
  expect(strimzi({ featureGates: { One: true, Two: false } }).values.featureGates).toBe('+One,-Two');
});

test('the footprint is that of the placement and of overridden values', () => {
  const { footprint } = strimzi({ placement: { pool: 'work' }, values: { replicas: 3 } });
  expect(footprint.workloads).toEqual([
    {
      kind: 'Deployment',
      name: 'strimzi-cluster-operator',
      replicas: 3,
      labels: { name: 'strimzi-cluster-operator', 'strimzi.io/kind': 'cluster-operator' },
      serviceAccount: 'strimzi-cluster-operator',
      containers: [
        {
          name: 'strimzi-cluster-operator',
          image: 'quay.io/strimzi/operator:1.2.0',
          requests: { cpu: '200m', memory: '384Mi' },
          limits: { cpu: '1000m', memory: '384Mi' },
          ports: [{ name: 'http', containerPort: 8080 }],
        },
      ],
      nodeSelector: { 'cloud.google.com/gke-nodepool': 'work' },
    },
  ]);
});

test('an operator that watches nothing, or a namespace twice, is refused', () => {
  expect(() => strimzi({ watchNamespaces: [] })).toThrow(
    'prod/Strimzi: watchNamespaces must have at least 1 entries, got 0',
  );
  expect(() => strimzi({ watchNamespaces: ['kafka', 'kafka'] })).toThrow(
    'prod/Strimzi: watchNamespaces must not repeat an entry, got "kafka"',
  );
  expect(() => strimzi({ replicas: 4 })).toThrow('prod/Strimzi: replicas must be 1-3, got 4');
});
