import { pendingPods } from '../../checks/fit.ts';
import type { Pod } from '../../checks/objects.ts';
import { describeObject, type KubeClient, type KubeObject } from '../../kubernetes-client/index.ts';
import { type Obj, ProviderError } from '../../terraform/provider.ts';

type Operation = 'create' | 'update' | 'delete';

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** Seconds of a Go duration such as `10m` or `1h30m`. */
export function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(s|m|h)/g)];
  if (parts.length === 0) throw new ProviderError(`'${duration}' is not a duration`, 'Write it like 90s or 10m.');
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * (UNITS[unit ?? 's'] ?? 1), 0);
}

/** From the `timeouts` block, which some types have as a list and others alone. */
export function timeoutOf(state: Obj, operation: Operation, byDefault: number): number {
  const block = (Array.isArray(state.timeouts) ? state.timeouts[0] : state.timeouts) as Obj | null | undefined;
  const text = block?.[operation];
  return typeof text === 'string' ? seconds(text) : byDefault;
}

const condition = (object: KubeObject | undefined, type: string) =>
  (
    object?.status?.conditions as { type: string; status: string; reason?: string; message?: string }[] | undefined
  )?.find((one) => one.type === type);

/** Why the pods of a workload do not run, in the scheduler's and the controllers' words. */
async function podReasons(client: KubeClient, workload: KubeObject): Promise<string> {
  const labels = Object.entries((workload.spec?.selector?.matchLabels ?? {}) as Record<string, string>);
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const { namespace } = workload.metadata;
  const pods = (await client.list('v1', 'Pod', { namespace, labelSelector })) as unknown as Pod[];
  const reasons = pendingPods(pods).map(({ name, reason }) => `${name}: ${reason}`);
  for (const type of ['ReplicaFailure', 'Progressing']) {
    const found = condition(workload, type);
    const failing = type === 'ReplicaFailure' ? found?.status === 'True' : found?.status === 'False';
    if (failing && found?.message) reasons.push(found.message);
  }
  if (pods.length === 0 && workload.kind === 'StatefulSet') {
    const events = await client.list('v1', 'Event', {
      namespace,
      fieldSelector: `involvedObject.name=${workload.metadata.name}`,
    });
    reasons.push(...events.filter((event) => event.type === 'Warning').map((event) => String(event.message)));
  }
  return [...new Set(reasons)].join('\n');
}

const rolledOut = ({ kind, metadata, spec, status }: KubeObject): boolean => {
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false;
  const wanted = spec?.replicas ?? 1;
  const updated = (status?.updatedReplicas ?? 0) >= wanted;
  if (kind === 'Deployment')
    return updated && (status?.availableReplicas ?? 0) >= wanted && (status?.replicas ?? 0) <= wanted;
  return (updated || status?.currentRevision === status?.updateRevision) && (status?.readyReplicas ?? 0) >= wanted;
};

export async function waitForRollout(client: KubeClient, object: KubeObject, timeoutSeconds: number): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  try {
    await client.waitFor(apiVersion, kind, metadata.name, (live) => live !== undefined && rolledOut(live), {
      namespace: metadata.namespace,
      timeoutSeconds,
    });
  } catch (error) {
    const live = await client.get(apiVersion, kind, metadata.name, metadata.namespace);
    const ready = live?.status?.readyReplicas ?? 0;
    throw new ProviderError(
      `Waiting for rollout to finish: ${ready} of ${live?.spec?.replicas ?? 1} replicas of ${describeObject(object)} are ready after ${timeoutSeconds} s`,
      (live && (await podReasons(client, live))) || (error as Error).message,
    );
  }
}

export async function waitForJob(client: KubeClient, object: KubeObject, timeoutSeconds: number): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const done = (live: KubeObject | undefined) =>
    condition(live, 'Complete')?.status === 'True' || condition(live, 'Failed')?.status === 'True';
  const live = await client.waitFor(apiVersion, kind, metadata.name, done, {
    namespace: metadata.namespace,
    timeoutSeconds,
  });
  const failed = condition(live, 'Failed');
  if (failed?.status === 'True') throw new ProviderError(`${describeObject(object)} failed`, failed.message);
}

export async function waitForAddress(client: KubeClient, object: KubeObject, timeoutSeconds: number): Promise<void> {
  if (object.spec?.type !== 'LoadBalancer') return;
  const { apiVersion, kind, metadata } = object;
  await client.waitFor(
    apiVersion,
    kind,
    metadata.name,
    (live) => (live?.status?.loadBalancer?.ingress?.length ?? 0) > 0,
    {
      namespace: metadata.namespace,
      timeoutSeconds,
    },
  );
}

const at = (object: KubeObject | undefined, path: string): unknown =>
  path.split('.').reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], object);

/** The `wait` block of kubernetes_manifest: conditions, fields (a value or `*` for any), or a rollout. */
export async function waitForManifest(
  client: KubeClient,
  object: KubeObject,
  wait: Obj,
  timeoutSeconds: number,
): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  if (wait.rollout === true) await waitForRollout(client, object, timeoutSeconds);
  const conditions = ((wait.condition as Obj[] | null) ?? []).map(({ type, status }) => ({
    type: String(type),
    status: String(status),
  }));
  const fields = Object.entries((wait.fields as Record<string, string> | null) ?? {});
  const holds = (live: KubeObject | undefined): boolean =>
    live !== undefined &&
    // A status from before the last change says nothing about it.
    (live.status?.observedGeneration ?? live.metadata.generation) === live.metadata.generation &&
    conditions.every(({ type, status }) => condition(live, type)?.status === status) &&
    fields.every(([path, value]) => (value === '*' ? at(live, path) !== undefined : String(at(live, path)) === value));
  if (conditions.length + fields.length === 0) return;
  try {
    await client.waitFor(apiVersion, kind, metadata.name, holds, { namespace: metadata.namespace, timeoutSeconds });
  } catch (error) {
    const live = await client.get(apiVersion, kind, metadata.name, metadata.namespace);
    const said = conditions.map(({ type }) => condition(live, type)).filter((one) => one !== undefined);
    const missing = [
      ...conditions.map(({ type, status }) => `${type}=${status}`),
      ...fields.map(([path, value]) => `${path}=${value}`),
    ];
    throw new ProviderError(
      `${describeObject(object)} did not reach ${missing.join(', ')} within ${timeoutSeconds} s`,
      said
        .map(({ type, status, reason, message }) => `${type}=${status} ${reason ?? ''} ${message ?? ''}`.trim())
        .join('\n') || (live?.status ? (error as Error).message : 'No operator has written its status.'),
    );
  }
}
