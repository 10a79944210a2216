import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';

const NAMESPACE = 'kube-system';

interface SystemWorkload {
  name: string;
  kind: 'DaemonSet' | 'Deployment';
  replicas?: number;
  containers: { name: string; cpu: string; memory?: string }[];
  priorityClassName: string;
  /** Runs on tainted nodes too. */
  everywhere: boolean;
  hostNetwork?: boolean;
}

/**
 * What GKE itself runs on the nodes of a cluster with logging, metrics, Workload Identity, the disk driver and
 * Dataplane V2, as far as its requests are known: figures seen on running clusters (GKE 1.29 and later). Autoscalers, the
 * konnectivity agents and managed Prometheus (5-25m each, on some nodes only) are left out.
 */
export const GKE_SYSTEM_WORKLOADS: SystemWorkload[] = [
  {
    name: 'fluentbit-gke',
    kind: 'DaemonSet',
    containers: [
      { name: 'fluentbit', cpu: '50m', memory: '100Mi' },
      { name: 'fluentbit-gke', cpu: '55m', memory: '130Mi' },
    ],
    priorityClassName: 'system-node-critical',
    everywhere: true,
    hostNetwork: true,
  },
  {
    name: 'gke-metadata-server',
    kind: 'DaemonSet',
    containers: [{ name: 'gke-metadata-server', cpu: '100m', memory: '100Mi' }],
    priorityClassName: 'system-node-critical',
    everywhere: true,
    hostNetwork: true,
  },
  {
    name: 'gke-metrics-agent',
    kind: 'DaemonSet',
    containers: [{ name: 'gke-metrics-agent', cpu: '19m' }],
    priorityClassName: 'system-node-critical',
    everywhere: true,
    hostNetwork: true,
  },
  {
    name: 'pdcsi-node',
    kind: 'DaemonSet',
    containers: [{ name: 'gce-pd-driver', cpu: '10m', memory: '20Mi' }],
    priorityClassName: 'system-node-critical',
    everywhere: true,
    hostNetwork: true,
  },
  {
    name: 'netd',
    kind: 'DaemonSet',
    containers: [{ name: 'netd', cpu: '8m' }],
    priorityClassName: 'system-node-critical',
    everywhere: true,
    hostNetwork: true,
  },
  {
    name: 'anetd',
    kind: 'DaemonSet',
    // The largest request that was seen: what fits beside it, fits beside a smaller one.
    containers: [{ name: 'cilium-agent', cpu: '205m' }],
    priorityClassName: 'system-node-critical',
    everywhere: true,
    hostNetwork: true,
  },
  {
    name: 'kube-dns',
    kind: 'Deployment',
    replicas: 2,
    containers: [
      { name: 'kubedns', cpu: '100m', memory: '70Mi' },
      { name: 'dnsmasq', cpu: '150m', memory: '20Mi' },
      { name: 'sidecar', cpu: '10m', memory: '20Mi' },
    ],
    priorityClassName: 'system-cluster-critical',
    everywhere: false,
  },
];

const LABEL = { 'plinth.dev/rehearsal': 'system' };

function toObject(workload: SystemWorkload): KubeObject {
  const labels = { 'k8s-app': workload.name, ...LABEL };
  const template = {
    metadata: { labels },
    spec: {
      priorityClassName: workload.priorityClassName,
      hostNetwork: workload.hostNetwork ?? false,
      automountServiceAccountToken: false,
      tolerations: workload.everywhere
        ? [{ operator: 'Exists' }]
        : [
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { key: 'components.gke.io/gke-managed-components', operator: 'Exists' },
          ],
      ...(workload.kind === 'Deployment'
        ? {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: { 'k8s-app': workload.name } },
              },
            ],
          }
        : {}),
      containers: workload.containers.map(({ name, cpu, memory }) => ({
        name,
        image: `gke.gcr.io/${name}:simulated`,
        resources: { requests: { cpu, ...(memory ? { memory } : {}) } },
      })),
    },
  };
  return {
    apiVersion: 'apps/v1',
    kind: workload.kind,
    metadata: { name: workload.name, namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: { 'k8s-app': workload.name } },
      template,
      ...(workload.kind === 'Deployment' ? { replicas: workload.replicas } : {}),
    },
  };
}

/** The Service that pods resolve names through; network policies and charts refer to it. */
const dnsService = (address: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kube-dns', namespace: NAMESPACE, labels: { 'k8s-app': 'kube-dns', ...LABEL } },
  spec: {
    clusterIP: address,
    selector: { 'k8s-app': 'kube-dns' },
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
    ],
  },
});

/** Makes GKE's own pods, so that what is left for others on every node is what would be left on GKE. */
export async function installSystemOverhead(client: KubeClient, dnsAddress = '10.96.0.10'): Promise<void> {
  const objects = [...GKE_SYSTEM_WORKLOADS.map(toObject), dnsService(dnsAddress)];
  await Promise.all(objects.map((object) => client.apply(object, { force: true, fieldManager: 'plinth-gke' })));
}

/** Whether an object is GKE's own, made by installSystemOverhead (or a pod of it). */
export const isSystemOverhead = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.['plinth.dev/rehearsal'] === 'system';
