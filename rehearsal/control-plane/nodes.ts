import { createHash } from 'node:crypto';
import { isAlreadyExists, type KubeClient, type KubeObject } from '../kubernetes-client/index.ts';
import type { NodeSpec } from '../providers/google/cluster-backend.ts';
import {
  attachableDisks,
  findMachineType,
  type NodeResources,
  nodeAllocatable,
  nodeCapacity,
} from './machine-types.ts';
import { PD_DRIVER } from './storage.ts';

/** Only nodes with this label are ours to delete. */
const MANAGED = { 'plinth.dev/rehearsal': 'node' };
/** KWOK plays the kubelet of nodes with this annotation. */
const SIMULATED = { 'kwok.x-k8s.io/node': 'fake' };
/** What cannot be changed on a running machine. */
const MACHINE = 'plinth.dev/machine';
/** GKE's default; set per pool at creation. */
const PODS_PER_NODE = 110;

/** A machine of the `local` environment, which has no machine type. */
export interface LocalMachine {
  name: string;
  cpus: number;
  memoryGib: number;
  zone?: string;
}

/** The Node and CSINode of a machine of a GKE node pool. Throws on a machine type whose size is not known. */
export function gkeNode(spec: NodeSpec): { node: KubeObject; csiNode: KubeObject } {
  const type = findMachineType(spec.machineType);
  if (!type)
    throw new Error(`node pool '${spec.pool}': machine type '${spec.machineType}' is not known to the rehearsal`);
  const gpu = spec.gpu ?? type.gpus;
  const labels: Record<string, string> = {
    'beta.kubernetes.io/arch': type.arch,
    'beta.kubernetes.io/instance-type': spec.machineType,
    'beta.kubernetes.io/os': 'linux',
    'cloud.google.com/gke-boot-disk': spec.diskType,
    'cloud.google.com/gke-container-runtime': 'containerd',
    'cloud.google.com/gke-cpu-scaling-level': String(type.vcpus),
    'cloud.google.com/gke-max-pods-per-node': String(PODS_PER_NODE),
    'cloud.google.com/gke-nodepool': spec.pool,
    'cloud.google.com/gke-os-distribution': 'cos',
    'cloud.google.com/gke-provisioning': spec.spot ? 'spot' : 'standard',
    'cloud.google.com/machine-family': type.family,
    'failure-domain.beta.kubernetes.io/region': spec.region,
    'failure-domain.beta.kubernetes.io/zone': spec.zone,
    'iam.gke.io/gke-metadata-server-enabled': 'true',
    'node.kubernetes.io/instance-type': spec.machineType,
    'topology.gke.io/zone': spec.zone,
    'topology.kubernetes.io/region': spec.region,
    'topology.kubernetes.io/zone': spec.zone,
    ...(spec.spot ? { 'cloud.google.com/gke-spot': 'true' } : {}),
    ...(gpu
      ? { 'cloud.google.com/gke-accelerator': gpu.type, 'cloud.google.com/gke-accelerator-count': String(gpu.count) }
      : {}),
    ...spec.labels,
  };
  const taints = [...spec.taints];
  // GKE keeps pods that ask for no GPU off machines that have one.
  if (gpu && !taints.some((taint) => taint.key === 'nvidia.com/gpu')) {
    taints.push({ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' });
  }
  return {
    node: nodeObject({
      name: spec.name,
      labels: { ...labels, 'kubernetes.io/arch': type.arch },
      machine: [spec.machineType, spec.zone, spec.diskType, spec.diskSizeGib, spec.spot, gpu, spec.serviceAccount],
      taints,
      providerId: `gce://rehearsal/${spec.zone}/${spec.name}`,
      arch: type.arch,
      osImage: 'Container-Optimized OS from Google (simulated)',
      capacity: nodeCapacity(type, spec.diskSizeGib),
      allocatable: nodeAllocatable(type, spec.diskSizeGib),
      extra: gpu ? { 'nvidia.com/gpu': String(gpu.count) } : {},
    }),
    csiNode: csiNodeObject(spec.name, attachableDisks(type)),
  };
}

/** The Node of a machine that belongs to no cloud; nothing is reserved, as with kind and minikube. */
export function localNode(machine: LocalMachine): { node: KubeObject; csiNode: KubeObject } {
  const resources = {
    cpuMillis: machine.cpus * 1_000,
    memoryMib: machine.memoryGib * 1_024,
    ephemeralStorageBytes: 100 * 2 ** 30,
  };
  const zone: Record<string, string> = machine.zone ? { 'topology.kubernetes.io/zone': machine.zone } : {};
  return {
    node: nodeObject({
      name: machine.name,
      labels: { ...zone, 'kubernetes.io/arch': 'amd64' },
      machine: [machine.cpus, machine.memoryGib, machine.zone],
      taints: [],
      providerId: `rehearsal://local/${machine.name}`,
      arch: 'amd64',
      osImage: 'simulated',
      capacity: resources,
      allocatable: resources,
      extra: {},
    }),
    csiNode: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name: machine.name, labels: MANAGED },
      spec: { drivers: [] },
    },
  };
}

interface NodeParts {
  name: string;
  labels: Record<string, string>;
  machine: unknown[];
  taints: NodeSpec['taints'];
  providerId: string;
  arch: string;
  osImage: string;
  capacity: NodeResources;
  allocatable: NodeResources;
  extra: Record<string, string>;
}

function nodeObject(parts: NodeParts): KubeObject {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: 'simulated',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const quantities = ({ cpuMillis, memoryMib, ephemeralStorageBytes }: NodeResources) => ({
    cpu: `${cpuMillis}m`,
    memory: `${memoryMib}Mi`,
    'ephemeral-storage': String(ephemeralStorageBytes),
    pods: String(PODS_PER_NODE),
    ...parts.extra,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: parts.name,
      labels: { 'kubernetes.io/hostname': parts.name, 'kubernetes.io/os': 'linux', ...parts.labels, ...MANAGED },
      annotations: { [MACHINE]: JSON.stringify(parts.machine), ...SIMULATED },
    },
    spec: { providerID: parts.providerId, taints: parts.taints },
    status: {
      phase: 'Running',
      capacity: quantities(parts.capacity),
      allocatable: quantities(parts.allocatable),
      conditions: [
        condition('Ready', 'True', 'KubeletReady'),
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
        condition('NetworkUnavailable', 'False', 'RouteCreated'),
      ],
      addresses: [
        { type: 'InternalIP', address: nodeAddress(parts.name) },
        { type: 'Hostname', address: parts.name },
      ],
      nodeInfo: {
        architecture: parts.arch,
        operatingSystem: 'linux',
        osImage: parts.osImage,
        containerRuntimeVersion: 'containerd://2.1.0',
        kubeletVersion: 'v1.36.1',
        kubeProxyVersion: 'v1.36.1',
        kernelVersion: 'simulated',
        bootID: '',
        machineID: '',
        systemUUID: '',
      },
    },
  };
}

/** An address of TEST-NET-2's kind that no machine has (198.18.0.0/15 is for benchmarks), always the same for a name. */
function nodeAddress(name: string): string {
  const [a = 0, b = 0, c = 0] = createHash('sha256').update(name).digest();
  return `198.${18 + (a % 2)}.${b}.${1 + (c % 254)}`;
}

const csiNodeObject = (name: string, count: number): KubeObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSINode',
  metadata: { name, labels: MANAGED },
  spec: {
    drivers: [{ name: PD_DRIVER, nodeID: name, topologyKeys: ['topology.gke.io/zone'], allocatable: { count } }],
  },
});

/** The simulated nodes of the cluster become exactly these; nodes that are already as wanted are left alone. */
export const syncNodes = (client: KubeClient, specs: NodeSpec[]): Promise<NodeChanges> =>
  syncObjects(client, specs.map(gkeNode));

export const syncLocalNodes = (client: KubeClient, machines: LocalMachine[]): Promise<NodeChanges> =>
  syncObjects(client, machines.map(localNode));

export interface NodeChanges {
  created: string[];
  deleted: string[];
}

/** A node whose machine changed is replaced, as a rolling upgrade of its pool would. */
const machineOf = ({ metadata }: KubeObject): string | undefined => metadata.annotations?.[MACHINE];

async function syncObjects(
  client: KubeClient,
  wanted: { node: KubeObject; csiNode: KubeObject }[],
): Promise<NodeChanges> {
  const [label, value] = Object.entries(MANAGED)[0] as [string, string];
  const present = await client.list('v1', 'Node', { labelSelector: `${label}=${value}` });
  const presentByName = new Map(present.map((node) => [node.metadata.name, node]));
  const wantedByName = new Map(wanted.map((each) => [each.node.metadata.name, each]));
  const gone = present.filter(({ metadata }) => !wantedByName.has(metadata.name));
  const missing: typeof wanted = [];
  for (const each of wanted) {
    const before = presentByName.get(each.node.metadata.name);
    if (!before) {
      missing.push(each);
    } else if (machineOf(before) !== machineOf(each.node)) {
      gone.push(before);
      missing.push(each);
    } else if (ownTaints(before) !== ownTaints(each.node) || labelsDiffer(before, each.node)) {
      await relabel(client, before, each.node);
    }
  }
  // New machines first: the pods of those that go have somewhere to be.
  const replaced = new Set(missing.map(({ node }) => node.metadata.name));
  await Promise.all(
    missing.filter(({ node }) => !presentByName.has(node.metadata.name)).map((each) => createNode(client, each)),
  );
  await removeNodes(
    client,
    gone.map(({ metadata }) => metadata.name),
  );
  await Promise.all(
    missing.filter(({ node }) => presentByName.has(node.metadata.name)).map((each) => createNode(client, each)),
  );
  return { created: [...replaced], deleted: gone.map(({ metadata }) => metadata.name) };
}

async function createNode(
  client: KubeClient,
  { node, csiNode }: { node: KubeObject; csiNode: KubeObject },
): Promise<void> {
  const tolerateExisting = (error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  };
  // The attach limit first: a pod scheduled before it is known would ignore it.
  await client.create(csiNode).catch(tolerateExisting);
  await client.create(node).catch(tolerateExisting);
}

const labelsDiffer = (before: KubeObject, after: KubeObject): boolean =>
  Object.entries(after.metadata.labels ?? {}).some(([key, value]) => before.metadata.labels?.[key] !== value);

/** Taints of the pool, without those that the control plane adds. */
const ownTaints = ({ spec }: KubeObject): string =>
  JSON.stringify(
    ((spec?.taints ?? []) as NodeSpec['taints'])
      .filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
      .map(({ key, value, effect }) => `${key}=${value}:${effect}`)
      .sort(),
  );

async function relabel(client: KubeClient, before: KubeObject, after: KubeObject): Promise<void> {
  await client.update('v1', 'Node', before.metadata.name, undefined, (node) => {
    const kept = ((node.spec?.taints ?? []) as NodeSpec['taints']).filter(({ key }) =>
      key.startsWith('node.kubernetes.io/'),
    );
    node.spec = { ...node.spec, taints: [...kept, ...after.spec.taints] };
    node.metadata.labels = { ...node.metadata.labels, ...after.metadata.labels };
    return true;
  });
}

/** Cordoned and emptied first, so that controllers make the pods again elsewhere before the machine is gone. */
async function removeNodes(client: KubeClient, names: string[]): Promise<void> {
  if (names.length === 0) return;
  await Promise.all(names.map((name) => client.patch('v1', 'Node', name, { spec: { unschedulable: true } })));
  const leaving = new Set(names);
  const pods = (await client.list('v1', 'Pod')).filter(({ spec }) => leaving.has(spec?.nodeName));
  await Promise.all(
    pods
      // A DaemonSet would put its pod back on the machine at once.
      .filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet'))
      .map(({ metadata }) =>
        client.delete('v1', 'Pod', metadata.name, { namespace: metadata.namespace, gracePeriodSeconds: 0 }),
      ),
  );
  await Promise.all(
    names.map(async (name) => {
      await client.delete('v1', 'Node', name);
      await client.delete('storage.k8s.io/v1', 'CSINode', name);
    }),
  );
  await Promise.all(
    pods.map(({ metadata }) =>
      client.delete('v1', 'Pod', metadata.name, { namespace: metadata.namespace, gracePeriodSeconds: 0 }),
    ),
  );
}
