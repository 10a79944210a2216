import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import type { Keyed, KubeNode, Pod } from './objects.ts';

/** One look at the cluster: everything the checks judge, read once. */
export interface Look {
  nodes: KubeNode[];
  pods: Pod[];
  secrets: Keyed[];
  configMaps: Keyed[];
  services: KubeObject[];
  claims: KubeObject[];
  storageClasses: KubeObject[];
}

export async function lookAt(client: KubeClient): Promise<Look> {
  const list = <T>(kind: string, apiVersion = 'v1') =>
    client.list(apiVersion, kind) as Promise<unknown> as Promise<T[]>;
  const [nodes, pods, secrets, configMaps, services, claims, storageClasses] = await Promise.all([
    list<KubeNode>('Node'),
    list<Pod>('Pod'),
    list<Keyed>('Secret'),
    list<Keyed>('ConfigMap'),
    list<KubeObject>('Service'),
    list<KubeObject>('PersistentVolumeClaim'),
    list<KubeObject>('StorageClass', 'storage.k8s.io/v1'),
  ]);
  return { nodes, pods, secrets, configMaps, services, claims, storageClasses };
}

const decided = (pod: Pod): boolean =>
  Boolean(pod.spec.nodeName) ||
  pod.status?.conditions?.some((one) => one.type === 'PodScheduled' && one.reason === 'Unschedulable') === true;

export interface SettleOptions {
  /** Seconds without a change that count as settled. @default 1.5 */
  quietSeconds?: number;
  /** Seconds after which the look is taken as it is. @default 30 */
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

/**
 * Waits until the scheduler has decided on every pod and no pod was added, removed or moved for a while: controllers and
 * simulated operators act one after the other, and a look in between would report what is about to change.
 */
export async function settle(client: KubeClient, options: SettleOptions = {}): Promise<Pod[]> {
  const quiet = (options.quietSeconds ?? 1.5) * 1000;
  const deadline = Date.now() + (options.timeoutSeconds ?? 30) * 1000;
  let last = '';
  let since = Date.now();
  for (;;) {
    options.signal?.throwIfAborted();
    const pods = (await client.list('v1', 'Pod')) as unknown as Pod[];
    const state = pods
      .map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}@${pod.spec.nodeName ?? ''}:${pod.status?.phase}`)
      .sort()
      .join();
    if (state !== last) {
      last = state;
      since = Date.now();
    }
    if (pods.every(decided) && Date.now() - since >= quiet) return pods;
    if (Date.now() > deadline) return pods;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
