import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KubeObject } from '../kubernetes-client/index.ts';
import type { NodeSpec } from '../providers/google/cluster-backend.ts';
import { acquireTools } from '../tools/index.ts';
import { CONTROL_PLANE_TOOLS, startControlPlane } from './control-plane.ts';
import { type LoadBalancers, startLoadBalancers } from './load-balancer.ts';
import { syncNodes } from './nodes.ts';
import { readRecorded, runningRecorded, startTimeOf, stopRecorded } from './processes.ts';
import { installStorage, type PvBinder, startPvBinder } from './storage.ts';
import { installSystemOverhead } from './system-overhead.ts';
import { type TestControlPlane, TOOLS_TIMEOUT_MS, testControlPlane } from './testing.ts';

jest.setTimeout(90_000);

const NAMESPACE = 'default';
let cluster: TestControlPlane;
let binder: PvBinder;
let balancers: LoadBalancers;
/** What the cloud answers to the next disks and addresses. */
let refusal: string | undefined;
const stop = new AbortController();
const errors: unknown[] = [];

const pool = (name: string, machineType: string, taints: NodeSpec['taints'] = []): NodeSpec[] =>
  [0, 1, 2, 3, 4].map((index) => ({
    name: `gke-dev-${name}-${index}`,
    pool: name,
    machineType,
    zone: `europe-west1-${'bcd'[index % 3]}`,
    region: 'europe-west1',
    diskType: 'pd-standard',
    diskSizeGib: 100,
    spot: false,
    labels: {},
    taints,
    serviceAccount: 'nodes@example.iam.gserviceaccount.com',
  }));
const FIFTEEN = [
  ...pool('brokers', 'n1-standard-2', [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }]),
  ...pool('edge', 'e2-medium'),
  ...pool('work', 'e2-standard-4'),
];

beforeAll(async () => {
  cluster = await testControlPlane();
  const { client } = cluster;
  await installStorage(client, 'gke');
  await installSystemOverhead(client);
  const options = { admit: () => refusal, onError: (error: unknown) => errors.push(error) };
  binder = startPvBinder(client, stop.signal, options);
  balancers = startLoadBalancers(client, stop.signal, options);
  await Promise.all([binder.synced, balancers.synced]);
  await syncNodes(client, FIFTEEN);
}, TOOLS_TIMEOUT_MS);

afterAll(async () => {
  stop.abort();
  await cluster?.remove();
});

const container = (requests: Record<string, string>) => ({
  name: 'main',
  image: 'example.com/main:1',
  resources: { requests },
});
const pod = (name: string, requests: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: NAMESPACE },
  spec: { containers: [container(requests)] },
});
const claim = (name: string, storage: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: NAMESPACE },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'premium-rwo', resources: { requests: { storage } } },
});
const withClaim = (name: string, claimName: string): KubeObject => {
  const { spec, ...rest } = pod(name, { cpu: '10m' });
  return { ...rest, spec: { ...spec, volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] } };
};
const unscheduled = (object?: KubeObject) =>
  (object?.status?.conditions ?? []).find((condition: { reason?: string }) => condition.reason === 'Unschedulable');

test('the control plane is a Kubernetes of the pinned version, on loopback only', async () => {
  expect(await cluster.client.version()).toBe('v1.36.1');
  expect(cluster.server).toBe(`https://${cluster.endpoint}`);
  expect(cluster.endpoint).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('no secret is in an argument, and the directory is the owner’s alone', () => {
  expect(statSync(cluster.directory).mode & 0o777).toBe(0o700);
  const secrets = readFileSync(join(cluster.directory, 'tokens.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',')[0] as string);
  if (process.platform !== 'linux') return;
  const argv = cluster.processes.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join(' ');
  expect(secrets.filter((secret) => argv.includes(secret))).toEqual([]);
});

test('fifteen nodes are ready with what GKE leaves of each machine', async () => {
  const nodes = await cluster.client.list('v1', 'Node');
  expect(nodes).toHaveLength(15);
  const left = Object.fromEntries(
    nodes.map(({ metadata, status }) => [
      metadata.labels?.['cloud.google.com/gke-nodepool'],
      [status.allocatable.cpu, status.allocatable.memory],
    ]),
  );
  expect(left).toEqual({ brokers: ['1930m', '5647Mi'], edge: ['940m', '2834Mi'], work: ['3920m', '13283Mi'] });
});

test("GKE's own pods run on every node, tainted ones too", async () => {
  for (const name of ['fluentbit-gke', 'gke-metadata-server', 'pdcsi-node', 'anetd']) {
    const daemons = await cluster.client.waitFor(
      'apps/v1',
      'DaemonSet',
      name,
      (each) => each?.status?.numberReady === 15,
      {
        namespace: 'kube-system',
      },
    );
    expect(daemons?.status.desiredNumberScheduled).toBe(15);
  }
});

test('a stateful set gets a disk per replica in the zone of its node, bound by the control plane', async () => {
  const labels = { app: 'db' };
  await cluster.client.create({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: NAMESPACE },
    spec: {
      replicas: 3,
      serviceName: 'db',
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { 'cloud.google.com/gke-nodepool': 'brokers' },
          tolerations: [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }],
          containers: [
            { ...container({ cpu: '1', memory: '4Gi' }), volumeMounts: [{ name: 'data', mountPath: '/data' }] },
          ],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim('data', '100Gi').spec }],
    },
  });
  await cluster.client.waitFor('apps/v1', 'StatefulSet', 'db', (set) => set?.status?.readyReplicas === 3, {
    namespace: NAMESPACE,
  });
  for (const name of ['db-0', 'db-1', 'db-2']) {
    const { spec } = (await cluster.client.get('v1', 'Pod', name, NAMESPACE)) as KubeObject;
    const bound = (await cluster.client.get('v1', 'PersistentVolumeClaim', `data-${name}`, NAMESPACE)) as KubeObject;
    const volume = (await cluster.client.get('v1', 'PersistentVolume', bound.spec.volumeName)) as KubeObject;
    const node = (await cluster.client.get('v1', 'Node', spec.nodeName)) as KubeObject;
    expect(bound.status.phase).toBe('Bound');
    expect(volume.spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values).toEqual([
      node.metadata.labels?.['topology.gke.io/zone'],
    ]);
  }
});

test('a grown claim grows its disk', async () => {
  await cluster.client.patch(
    'v1',
    'PersistentVolumeClaim',
    'data-db-0',
    { spec: { resources: { requests: { storage: '150Gi' } } } },
    {
      namespace: NAMESPACE,
    },
  );
  const grown = await cluster.client.waitFor(
    'v1',
    'PersistentVolumeClaim',
    'data-db-0',
    (object) => object?.status?.capacity?.storage === '150Gi',
    { namespace: NAMESPACE },
  );
  expect((await cluster.client.get('v1', 'PersistentVolume', grown?.spec.volumeName))?.spec.capacity.storage).toBe(
    '150Gi',
  );
});

test('deleted claims delete their disks', async () => {
  await cluster.client.delete('apps/v1', 'StatefulSet', 'db', { namespace: NAMESPACE });
  for (const name of ['data-db-0', 'data-db-1', 'data-db-2']) {
    const { spec } = (await cluster.client.get('v1', 'PersistentVolumeClaim', name, NAMESPACE)) as KubeObject;
    await cluster.client.delete('v1', 'PersistentVolumeClaim', name, { namespace: NAMESPACE });
    await cluster.client.waitForDeletion('v1', 'PersistentVolume', spec.volumeName);
  }
  // The binder's own watch may hear of it a moment later than ours.
  for (let look = 0; look < 100 && binder.volumes.size > 0; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect([...binder.volumes.keys()]).toEqual([]);
});

test('a disk that the cloud refuses leaves its claim pending with the reason, and is made once it is granted', async () => {
  refusal = 'Quota SSD_TOTAL_GB exceeded. Limit: 500.0 in region europe-west1.';
  await cluster.client.create(claim('refused', '100Gi'));
  await cluster.client.create(withClaim('refused', 'refused'));
  await waitForEvent('PersistentVolumeClaim', 'refused', 'ProvisioningFailed', refusal);
  expect((await cluster.client.get('v1', 'PersistentVolumeClaim', 'refused', NAMESPACE))?.status.phase).toBe('Pending');
  refusal = undefined;
  const running = await cluster.client.waitFor('v1', 'Pod', 'refused', (each) => each?.status?.phase === 'Running', {
    namespace: NAMESPACE,
  });
  expect(running?.status.phase).toBe('Running');
});

test('a load balancer gets an address of its own and is counted until it is gone', async () => {
  for (const name of ['front', 'second']) {
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: NAMESPACE },
      spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 443 }] },
    });
    await cluster.client.waitFor('v1', 'Service', name, (each) => each?.status?.loadBalancer?.ingress?.length > 0, {
      namespace: NAMESPACE,
    });
  }
  expect(balancers.list().map(({ name, ip }) => [name, ip])).toEqual([
    ['front', '203.0.113.10'],
    ['second', '203.0.113.11'],
  ]);
  await cluster.client.patch('v1', 'Service', 'second', { spec: { type: 'ClusterIP' } }, { namespace: NAMESPACE });
  await until(() => balancers.count() === 1);
  expect(balancers.list().map(({ name }) => name)).toEqual(['front']);
});

test("a pod that fits nowhere stays pending with the scheduler's own reason", async () => {
  await cluster.client.create(pod('huge', { cpu: '64' }));
  const pending = await cluster.client.waitFor('v1', 'Pod', 'huge', (object) => unscheduled(object) !== undefined, {
    namespace: NAMESPACE,
  });
  expect(unscheduled(pending).message).toContain(
    '0/15 nodes are available: 10 Insufficient cpu, 5 node(s) had untolerated taint(s).',
  );
});

test('the pod of a job completes', async () => {
  await cluster.client.create({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace: NAMESPACE },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container({ cpu: '10m' })] } } },
  });
  const job = await cluster.client.waitFor('batch/v1', 'Job', 'once', (each) => each?.status?.succeeded === 1, {
    namespace: NAMESPACE,
  });
  expect(job?.status.succeeded).toBe(1);
});

test('unchanged nodes are left alone; fewer, relabelled and changed machines are not', async () => {
  expect(await syncNodes(cluster.client, FIFTEEN)).toEqual({ created: [], deleted: [] });
  const fewer = FIFTEEN.filter(({ name }) => name !== 'gke-dev-work-4');
  expect(await syncNodes(cluster.client, fewer)).toEqual({ created: [], deleted: ['gke-dev-work-4'] });
  const labelled = fewer.map((spec) => ({ ...spec, labels: { team: 'mail' } }));
  expect(await syncNodes(cluster.client, labelled)).toEqual({ created: [], deleted: [] });
  expect(await cluster.client.list('v1', 'Node', { labelSelector: 'team=mail' })).toHaveLength(14);
  const larger = labelled.map((spec) => (spec.pool === 'edge' ? { ...spec, machineType: 'e2-standard-2' } : spec));
  expect((await syncNodes(cluster.client, larger)).created).toEqual(
    [0, 1, 2, 3, 4].map((index) => `gke-dev-edge-${index}`),
  );
});

test('the pods of a machine that goes are made again elsewhere', async () => {
  await cluster.client.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { nodeSelector: { 'cloud.google.com/gke-nodepool': 'work' }, containers: [container({ cpu: '100m' })] },
      },
    },
  });
  const ready = (each?: KubeObject) => each?.status?.readyReplicas === 4 && each.status.replicas === 4;
  await cluster.client.waitFor('apps/v1', 'Deployment', 'web', ready, { namespace: NAMESPACE });
  await syncNodes(
    cluster.client,
    FIFTEEN.filter(({ name }) => name === 'gke-dev-work-0'),
  );
  const onNode = async () => {
    const pods = await cluster.client.list('v1', 'Pod', { namespace: NAMESPACE, labelSelector: 'app=web' });
    return (
      pods.length === 4 &&
      pods.every(({ spec, status }) => spec.nodeName === 'gke-dev-work-0' && status.phase === 'Running')
    );
  };
  await until(onNode);
  expect(await onNode()).toBe(true);
});

test('the controllers met no error', () => {
  expect(errors).toEqual([]);
});

test('a control plane whose owner was killed is ended by the next run, and only it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plinth-control-plane-'));
  const tools = await acquireTools(CONTROL_PLANE_TOOLS);
  const module = JSON.stringify(join(import.meta.dirname, 'control-plane.ts'));
  const script = `const { startControlPlane } = await import(${module});
    await startControlPlane({ directory: ${JSON.stringify(directory)}, tools: ${JSON.stringify(tools)}, progress: console.log });
    console.log('started'); setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: owner.stdout })) if (line === 'started') break;
  const exited = new Promise((resolve) => owner.once('exit', resolve));
  owner.kill('SIGKILL');
  await exited;
  const left = runningRecorded(directory);
  expect(left.map(({ name }) => name)).toEqual([...CONTROL_PLANE_TOOLS]);

  const next = await startControlPlane({ directory, tools });
  expect(left.filter(({ pid, startTime }) => startTimeOf(pid) === startTime)).toEqual([]);
  expect(await next.client.version()).toBe('v1.36.1');
  await next.stop();
  expect(runningRecorded(directory)).toEqual([]);
  expect(runningRecorded(cluster.directory)).toHaveLength(CONTROL_PLANE_TOOLS.length);
  rmSync(directory, { recursive: true });
});

test('an aborted start leaves no process', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plinth-control-plane-'));
  const tools = await acquireTools(CONTROL_PLANE_TOOLS);
  const aborter = new AbortController();
  const started = startControlPlane({
    directory,
    tools,
    signal: aborter.signal,
    progress: () => setTimeout(() => aborter.abort(new Error('interrupted')), 200),
  });
  await expect(started).rejects.toThrow(/interrupted|aborted/);
  expect(readRecorded(directory)).toEqual([]);
  await stopRecorded(directory);
  rmSync(directory, { recursive: true });
});

test('a part that cannot start is named with the end of its log', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plinth-control-plane-'));
  const tools = await acquireTools(CONTROL_PLANE_TOOLS);
  const broken = { ...tools, etcd: { path: '/bin/false' } };
  await expect(startControlPlane({ directory, tools: broken })).rejects.toThrow(
    new Error(`etcd exited with code 1; ${join(directory, 'etcd.log')} ends:\n`),
  );
  rmSync(directory, { recursive: true });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300 && !(await condition()); attempt++)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

async function waitForEvent(kind: string, name: string, reason: string, message: string): Promise<void> {
  await until(async () => {
    const events = await cluster.client.list('v1', 'Event', {
      namespace: NAMESPACE,
      fieldSelector: `involvedObject.name=${name}`,
    });
    return events.some(
      (event) => event.involvedObject.kind === kind && event.reason === reason && event.message === message,
    );
  });
}
