import { podPath } from '../checks/fit.ts';
import type { Pod } from '../checks/objects.ts';
import { readinessProblems } from '../checks/platform-rules.ts';
import type { KubeClient } from '../kubernetes-client/index.ts';
import type { Problem } from '../report/report.ts';

/** A pod that stays unschedulable this long will not find a place: every node that there will be is already there. */
const PATIENCE_MS = 8_000;
const PERIOD_MS = 1_000;
/** An operator that has refused a resource for so long waits for somebody to mend it. */
const REFUSED_MS = 20_000;

const unschedulable = (pod: Pod) =>
  pod.status?.conditions?.find((one) => one.type === 'PodScheduled' && one.reason === 'Unschedulable');

export function placementProblem(pod: { name: string; reason: string }): Problem {
  return {
    evidence: 'applied',
    path: pod.name,
    rule: 'pods-fit',
    message: `fits on no node: ${pod.reason}`,
    fix: 'ask for less, give the pool larger machines or more nodes, or correct the node selector and tolerations',
  };
}

/**
 * Looks after an apply: Terraform and Helm wait minutes for what cannot happen. When a pod finds no node, or an operator
 * refuses a resource, the apply is ended and the scheduler's or the operator's reason is the problem.
 */
export function watchApply(client: KubeClient, onStuck: (problems: Problem[]) => void): { stop(): void } {
  const since = new Map<string, number>();
  const refusing = new Map<string, number>();
  let stopped = false;
  const look = async () => {
    const pods = (await client.list('v1', 'Pod')) as unknown as Pod[];
    const now = Date.now();
    const stuck = pods.filter((pod) => unschedulable(pod) && !pod.metadata.deletionTimestamp);
    const names = new Set(stuck.map(podPath));
    for (const name of since.keys()) if (!names.has(name)) since.delete(name);
    for (const name of names) if (!since.has(name)) since.set(name, now);
    const lost = stuck.filter((pod) => now - (since.get(podPath(pod)) ?? now) >= PATIENCE_MS);
    const refused = [...(await refusedFor(REFUSED_MS, now)), ...(await notAdmitted(PATIENCE_MS, now))];
    if (lost.length + refused.length === 0 || stopped) return;
    stopped = true;
    clearInterval(timer);
    if (lost.length === 0) return onStuck(refused);
    onStuck(
      lost.map((pod) =>
        placementProblem({ name: podPath(pod), reason: unschedulable(pod)?.message ?? 'Unschedulable' }),
      ),
    );
  };
  /** Custom resources that their operator refuses, once it has for a while. */
  const refusedFor = async (patience: number, now: number) => {
    const problems = (await readinessProblems(client)).filter(({ message }) => message.startsWith('is not ready'));
    const keys = new Set(problems.map(({ path }) => path));
    for (const key of refusing.keys()) if (!keys.has(key) && !key.includes('/Deployment/')) refusing.delete(key);
    for (const key of keys) if (!refusing.has(key)) refusing.set(key, now);
    return problems.filter(({ path }) => now - (refusing.get(path) ?? now) >= patience);
  };
  /** Workloads whose pods admission refuses. */
  const notAdmitted = async (patience: number, now: number): Promise<Problem[]> => {
    const problems: Problem[] = [];
    for (const { metadata, status } of await client.list('apps/v1', 'Deployment')) {
      const conditions: { type: string; status: string; message?: string }[] = status?.conditions ?? [];
      const failure = conditions.find(({ type }) => type === 'ReplicaFailure');
      const path = `${metadata.namespace}/Deployment/${metadata.name}`;
      if (failure?.status !== 'True') {
        refusing.delete(path);
        continue;
      }
      if (!refusing.has(path)) refusing.set(path, now);
      if (now - (refusing.get(path) ?? now) < patience) continue;
      problems.push({
        evidence: 'applied',
        path,
        rule: 'pods-admitted',
        message: failure.message ?? 'admission refuses its pods',
        fix: "mend the pod's security context, or the level that the namespace enforces",
      });
    }
    return problems;
  };
  const timer = setInterval(() => void look().catch(() => {}), PERIOD_MS);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
