import { pendingPods, podRequests, poolReports } from './fit.ts';
import type { KubeNode, Pod } from './objects.ts';
import { parseQuantity } from './quantity.ts';

const container = (cpu: string, memory: string, restartPolicy?: string) => ({
  name: 'c',
  resources: { requests: { cpu, memory } },
  ...(restartPolicy ? { restartPolicy } : {}),
});
const pod = (spec: Partial<Pod['spec']>, status?: Pod['status']): Pod => ({
  metadata: { name: 'p', namespace: 'n' },
  spec: { containers: [], ...spec },
  ...(status ? { status } : {}),
});
const node = (name: string, pool: string): KubeNode => ({
  metadata: {
    name,
    labels: { 'cloud.google.com/gke-nodepool': pool, 'node.kubernetes.io/instance-type': 'e2-standard-4' },
  },
  status: { allocatable: { cpu: '3920m', memory: '13Gi' } },
});

describe('parseQuantity', () => {
  test.each([
    ['250m', 0.25],
    ['2', 2],
    ['1Gi', 2 ** 30],
    ['1500Mi', 1500 * 2 ** 20],
    ['1e3', 1000],
    ['100k', 100_000],
  ])('reads %s', (text, value) => expect(parseQuantity(text)).toBeCloseTo(value));

  test('refuses what is not a quantity', () => {
    expect(() => parseQuantity('1GB')).toThrow("'1GB' is not a Kubernetes quantity");
  });
});

describe('podRequests', () => {
  test('adds containers and sidecars, and takes the largest init container when that is more', () => {
    const requests = podRequests(
      pod({
        containers: [container('100m', '1Gi'), container('200m', '1Gi')],
        initContainers: [container('100m', '128Mi', 'Always'), container('1', '64Mi')],
      }),
    );
    expect(requests.cpu).toBeCloseTo(1.1);
    expect(requests.memory).toBe(2 * 2 ** 30 + 128 * 2 ** 20);
  });
});

describe('pendingPods', () => {
  const reason = '0/15 nodes are available: 15 Insufficient cpu.';
  test("tells the scheduler's own reason", () => {
    const pending = pod({}, { conditions: [{ type: 'PodScheduled', status: 'False', message: reason }] });
    expect(pendingPods([pending])).toEqual([{ name: 'n/p', reason }]);
  });
  test('leaves out finished pods and pods on a node', () => {
    expect(pendingPods([pod({ nodeName: 'a' }), pod({}, { phase: 'Succeeded' })])).toEqual([]);
  });
});

test('poolReports sets what is asked against what is allocatable, now and at the maximum', () => {
  const small = pod({ nodeName: 'a', containers: [container('1', '1Gi')] });
  const [work] = poolReports([node('a', 'work'), node('b', 'work')], [small], [small, small]);
  expect(work).toEqual({
    name: 'work',
    nodes: 2,
    machineType: 'e2-standard-4',
    cpu: { allocatable: 7.84, requested: 1 },
    memory: { allocatable: 26, requested: 1 },
    pods: 1,
    headroomNow: { cpu: 6.84, memoryGib: 25 },
    headroomAtMax: { cpu: 5.84, memoryGib: 24 },
  });
});
