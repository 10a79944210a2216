import { monthlyCost } from '../checks/cost.ts';
import { pendingPods, poolReports } from '../checks/fit.ts';
import { type Look, lookAt, settle } from '../checks/look.ts';
import { podsAtMaximum } from '../checks/maximum.ts';
import { loadBalancerProblems, readinessProblems, topicGrantsIn } from '../checks/platform-rules.ts';
import { GIB, parseQuantity } from '../checks/quantity.ts';
import { missingReferences } from '../checks/references.ts';
import type { KubeClient } from '../kubernetes-client/index.ts';
import type { NodeSpec } from '../providers/google/cluster-backend.ts';
import type { Problem, Report } from '../report/report.ts';
import { placementProblem } from './watchdog.ts';

export type Findings = Pick<Report, 'nodes' | 'pods' | 'pools' | 'cost'> & { problems: Problem[]; warnings: string[] };

const diskTypeOf = (look: Look, storageClass: string): string =>
  look.storageClasses.find(({ metadata }) => metadata.name === storageClass)?.parameters?.type ?? 'local';

function claimsOf(look: Look): { diskType: string; sizeGib: number }[] {
  return look.claims.map(({ spec }) => ({
    diskType: diskTypeOf(look, spec.storageClassName),
    sizeGib: parseQuantity(spec.resources.requests.storage) / GIB,
  }));
}

/** Everything that can be seen on the cluster once it is at rest: what runs, what fits, what is missing, what it costs. */
export async function judge(client: KubeClient, machines: NodeSpec[], signal: AbortSignal): Promise<Findings> {
  await settle(client, { signal });
  const look = await lookAt(client);
  const pending = pendingPods(look.pods);
  const atMax = pending.length > 0 ? look.pods : await podsAtMaximum(client, signal);
  const pendingAtMax = pending.length > 0 ? [] : pendingPods(atMax);
  const { cost, unknown } = machines.length > 0 ? monthlyCost(machines, claimsOf(look)) : { cost: null, unknown: [] };
  return {
    nodes: look.nodes
      .map(({ metadata }) => ({
        name: metadata.name,
        pool: metadata.labels?.['cloud.google.com/gke-nodepool'] ?? 'nodes',
        machineType: metadata.labels?.['node.kubernetes.io/instance-type'] ?? 'unknown',
        zone: metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    pods: { running: look.pods.filter((pod) => pod.status?.phase === 'Running').length, pending, pendingAtMax },
    pools: poolReports(look.nodes, look.pods, atMax),
    cost,
    problems: [
      ...pending.map(placementProblem),
      ...missingReferences(look.pods, look.secrets, look.configMaps),
      ...loadBalancerProblems(look),
      ...(await topicGrantsIn(client)),
      ...(await readinessProblems(client)),
    ],
    warnings: [
      ...unknown,
      ...pendingAtMax.map(
        ({ name, reason }) => `with every autoscaler at its maximum, ${name} fits on no node: ${reason}`,
      ),
    ],
  };
}
