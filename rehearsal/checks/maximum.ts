import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import { settle } from './look.ts';
import type { Pod } from './objects.ts';

interface Scaled {
  target: KubeObject;
  name: string;
  namespace: string;
  kind: string;
  apiVersion: string;
  replicas: number;
  max: number;
}

/** Workloads that an autoscaler may grow: HorizontalPodAutoscalers and KEDA's ScaledObjects. */
async function scaledWorkloads(client: KubeClient): Promise<Scaled[]> {
  const autoscalers = await client.list('autoscaling/v2', 'HorizontalPodAutoscaler');
  const scaledObjects = await client.list('keda.sh/v1alpha1', 'ScaledObject').catch(() => []);
  const wanted = [
    ...autoscalers.map((one) => ({ one, ref: one.spec.scaleTargetRef, max: one.spec.maxReplicas as number })),
    ...scaledObjects.map((one) => ({
      one,
      ref: { apiVersion: 'apps/v1', kind: 'Deployment', ...one.spec.scaleTargetRef },
      max: (one.spec.maxReplicaCount as number | undefined) ?? 100,
    })),
  ];
  const found: Scaled[] = [];
  for (const { one, ref, max } of wanted) {
    const namespace = one.metadata.namespace ?? 'default';
    const target = await client.get(ref.apiVersion, ref.kind, ref.name, namespace);
    if (!target) continue;
    const { apiVersion, kind, name } = ref;
    found.push({ target, name, namespace, kind, apiVersion, replicas: target.spec.replicas ?? 1, max });
  }
  return found;
}

/**
 * The pods as the real scheduler places them when every autoscaled workload runs at its maximum. Without metrics an
 * autoscaler only keeps its minimum, so the workloads are scaled by hand, looked at, and scaled back.
 */
export async function podsAtMaximum(client: KubeClient, signal?: AbortSignal): Promise<Pod[]> {
  const workloads = (await scaledWorkloads(client)).filter((workload) => workload.max > workload.replicas);
  if (workloads.length === 0) return (await client.list('v1', 'Pod')) as unknown as Pod[];
  const scale = (replicas: (workload: Scaled) => number) =>
    Promise.all(
      workloads.map((workload) =>
        client.patch(
          workload.apiVersion,
          workload.kind,
          workload.name,
          { spec: { replicas: replicas(workload) } },
          { namespace: workload.namespace, subresource: 'scale' },
        ),
      ),
    );
  try {
    await scale((workload) => workload.max);
    return await settle(client, { signal });
  } finally {
    await scale((workload) => workload.replicas);
    await settle(client, { signal });
  }
}
