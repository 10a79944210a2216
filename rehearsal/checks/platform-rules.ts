import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import type { Problem } from '../report/report.ts';
import type { Look } from './look.ts';

/** One environment pays for one load balancer: Traefik's. */
export function loadBalancerProblems(look: Look): Problem[] {
  const balancers = look.services
    .filter((service) => service.spec?.type === 'LoadBalancer')
    .map((service) => `${service.metadata.namespace}/${service.metadata.name}`)
    .sort();
  if (balancers.length <= 1) return [];
  return balancers.slice(1).map((path) => ({
    evidence: 'applied',
    path: path.replace('/', '/Service/'),
    rule: 'one-load-balancer',
    message: `is one of ${balancers.length} Services of type LoadBalancer (${balancers.join(', ')}); an environment has one`,
    fix: 'make it ClusterIP and route to it through Traefik',
  }));
}

interface Acl {
  resource: { type: string; name?: string; patternType?: string };
}

/** A KafkaUser may be granted only topics that exist: Kafka itself takes the rule silently, and the app waits for ever. */
export function topicGrantProblems(users: KubeObject[], topics: KubeObject[]): Problem[] {
  const topicName = (topic: KubeObject): string => topic.spec?.topicName ?? topic.metadata.name;
  const cluster = (object: KubeObject) =>
    `${object.metadata.namespace}/${object.metadata.labels?.['strimzi.io/cluster']}`;
  const names = (of: string) => topics.filter((topic) => cluster(topic) === of).map(topicName);
  return users.flatMap((user) => {
    const existing = names(cluster(user));
    const granted: Acl[] = user.spec?.authorization?.acls ?? [];
    const missing = granted
      .filter(({ resource }) => resource.type === 'topic' && resource.name !== '*')
      .filter(({ resource }) =>
        resource.patternType === 'prefix'
          ? !existing.some((name) => name.startsWith(resource.name ?? ''))
          : !existing.includes(resource.name ?? ''),
      );
    return [...new Set(missing.map(({ resource }) => resource.name ?? ''))].map(
      (topic): Problem => ({
        evidence: 'applied',
        path: `${user.metadata.namespace}/KafkaUser/${user.metadata.name}`,
        rule: 'granted-topics-exist',
        message: `is granted topic ${topic}, which does not exist (topics: ${existing.sort().join(', ') || 'none'})`,
        fix: `declare a KafkaTopic ${topic}, or grant one that exists`,
      }),
    );
  });
}

const READY_KINDS: [string, string][] = [
  ['kafka.strimzi.io/v1', 'Kafka'],
  ['kafka.strimzi.io/v1', 'KafkaTopic'],
  ['kafka.strimzi.io/v1', 'KafkaUser'],
  ['external-secrets.io/v1', 'ExternalSecret'],
];

/** Custom resources whose operator says that they are not ready, with its reason. */
export async function readinessProblems(client: KubeClient): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [apiVersion, kind] of READY_KINDS) {
    const objects = await client.list(apiVersion, kind).catch(() => [] as KubeObject[]);
    for (const object of objects) {
      const conditions: { type: string; status: string; reason?: string; message?: string }[] =
        object.status?.conditions ?? [];
      const ready = conditions.find((condition) => condition.type === 'Ready');
      if (ready?.status === 'True') continue;
      problems.push({
        evidence: 'simulated',
        path: `${object.metadata.namespace}/${kind}/${object.metadata.name}`,
        rule: 'custom-resources-ready',
        message: ready
          ? `is not ready: ${ready.reason ?? ''} ${ready.message ?? ''}`.trim()
          : 'was not taken up by its operator',
        fix: ready ? 'mend what the message names' : 'check that the operator is installed and watches this namespace',
      });
    }
  }
  return problems;
}

export async function topicGrantsIn(client: KubeClient): Promise<Problem[]> {
  const list = (kind: string) => client.list('kafka.strimzi.io/v1', kind).catch(() => [] as KubeObject[]);
  return topicGrantProblems(await list('KafkaUser'), await list('KafkaTopic'));
}
