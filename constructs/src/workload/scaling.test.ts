import { resource, resources } from '../testing/synth.ts';
import { synthWorkload } from './fixture.ts';
import type { WorkloadProps } from './workload.ts';

const deployment = (props: Partial<WorkloadProps> = {}) => resource(synthWorkload(props), 'kubernetes_deployment_v1');

test('a fixed number belongs to Terraform', () => {
  expect(deployment().spec.replicas).toBe('1');
  for (const props of [
    { replicas: 3 },
    { scaling: { type: 'fixed', replicas: 3 } },
  ] satisfies Partial<WorkloadProps>[]) {
    const { spec, lifecycle } = deployment(props);
    expect([spec.replicas, lifecycle]).toEqual(['3', undefined]);
  }
});

test('by CPU the number belongs to the autoscaler, and Terraform leaves it alone', () => {
  const props = { scaling: { type: 'cpu', min: 2, max: 6 } } as const;
  const { spec, lifecycle } = deployment(props);
  expect([spec.replicas, lifecycle]).toEqual(['2', { ignore_changes: ['spec[0].replicas'] }]);
  const [autoscaler] = resources(synthWorkload(props), 'kubernetes_horizontal_pod_autoscaler_v2');
  expect(autoscaler!.spec).toEqual({
    min_replicas: 2,
    max_replicas: 6,
    scale_target_ref: {
      api_version: 'apps/v1',
      kind: 'Deployment',
      name: expect.stringMatching(/^\$\{kubernetes_deployment_v1\..*\.metadata\[0\]\.name\}$/),
    },
    metric: [
      {
        type: 'ContainerResource',
        container_resource: {
          name: 'cpu',
          container: 'api',
          target: { type: 'Utilization', average_utilization: 70 },
        },
      },
    ],
  });
});

test.each([
  [{ replicas: -1 }, 'replicas must be 0-1000, got -1'],
  [{ replicas: 1, scaling: { type: 'fixed', replicas: 1 } }, 'replicas must not be given beside scaling'],
  [{ scaling: { type: 'fixed', replicas: 1001 } }, 'scaling.replicas must be 0-1000, got 1001'],
  [{ scaling: { type: 'cpu', min: 0, max: 2 } }, 'scaling.min must be 1-1000, got 0'],
  [{ scaling: { type: 'cpu', min: 3, max: 2 } }, 'scaling.max must be 3-1000, got 2'],
  [{ scaling: { type: 'cpu', min: 1, max: 2, targetPercent: 5 } }, 'scaling.targetPercent must be 10-100, got 5'],
] satisfies [Partial<WorkloadProps>, string][])('%j is refused', (props, message) => {
  expect(() => synthWorkload(props)).toThrow(new Error(`prod/Api: ${message}`));
});
