import type { NodeSpec } from '../providers/google/cluster-backend.ts';
import { gkeNode, localNode } from './nodes.ts';

const spec: NodeSpec = {
  name: 'gke-dev-brokers-1',
  pool: 'brokers',
  machineType: 'n1-standard-2',
  zone: 'europe-west1-b',
  region: 'europe-west1',
  diskType: 'pd-ssd',
  diskSizeGib: 100,
  spot: false,
  labels: { team: 'mail' },
  taints: [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }],
  serviceAccount: 'nodes@example.iam.gserviceaccount.com',
};

test('a node carries the labels by which GKE workloads choose it', () => {
  expect(gkeNode(spec).node.metadata.labels).toMatchObject({
    'cloud.google.com/gke-nodepool': 'brokers',
    'cloud.google.com/gke-boot-disk': 'pd-ssd',
    'cloud.google.com/gke-provisioning': 'standard',
    'iam.gke.io/gke-metadata-server-enabled': 'true',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': 'gke-dev-brokers-1',
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'n1-standard-2',
    team: 'mail',
    'topology.gke.io/zone': 'europe-west1-b',
    'topology.kubernetes.io/region': 'europe-west1',
    'topology.kubernetes.io/zone': 'europe-west1-b',
  });
});

test('a node has the taints of its pool and no others', () => {
  expect(gkeNode(spec).node.spec.taints).toEqual([{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }]);
});

test('a machine with GPUs offers them and keeps other pods away', () => {
  const { node } = gkeNode({ ...spec, taints: [], gpu: { type: 'nvidia-tesla-t4', count: 2 } });
  expect(node.status.allocatable['nvidia.com/gpu']).toBe('2');
  expect(node.spec.taints).toEqual([{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }]);
  expect(node.metadata.labels).toMatchObject({
    'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4',
    'cloud.google.com/gke-accelerator-count': '2',
  });
});

test('a spot machine says so', () => {
  const { labels } = gkeNode({ ...spec, spot: true }).node.metadata;
  expect([labels?.['cloud.google.com/gke-spot'], labels?.['cloud.google.com/gke-provisioning']]).toEqual([
    'true',
    'spot',
  ]);
});

test('the disk driver tells the scheduler how many disks a node can attach', () => {
  expect(gkeNode({ ...spec, machineType: 'e2-medium' }).csiNode.spec.drivers).toEqual([
    {
      name: 'pd.csi.storage.gke.io',
      nodeID: 'gke-dev-brokers-1',
      topologyKeys: ['topology.gke.io/zone'],
      allocatable: { count: 15 },
    },
  ]);
});

test('an unknown machine type is refused by name', () => {
  expect(() => gkeNode({ ...spec, machineType: 'n1-standard-3' })).toThrow(
    "node pool 'brokers': machine type 'n1-standard-3' is not known to the rehearsal",
  );
});

test('a local machine offers all it has', () => {
  expect(localNode({ name: 'laptop', cpus: 8, memoryGib: 16 }).node.status.allocatable).toMatchObject({
    cpu: '8000m',
    memory: '16384Mi',
  });
});
