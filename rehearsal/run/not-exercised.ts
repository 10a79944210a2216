import type { ResolvedChart } from '../simulator/messages.ts';
import type { ProviderChoice } from './engines.ts';

/** What a passed rehearsal does not show, said beside its verdict. */
export function notExercised(charts: ResolvedChart[], providers: ProviderChoice): string[] {
  const outlined = charts.filter(({ evidence }) => evidence === 'outlined').map(({ name }) => name);
  return [
    'containers: nothing runs on simulated nodes; images are not pulled and probes are not asked',
    'traffic: no packet passes through services, network policies, Traefik or a sidecar',
    'durability: volumes are records; nothing is written to them',
    'webhooks that live in the cluster (sidecar injection, validation by Istio and External Secrets) are not called',
    'operators: Strimzi and External Secrets are simulated by the objects they leave behind',
    'Google Cloud: simulated by rules; organisation policies, live quotas and IAM propagation are not',
    ...(providers === 'stand-in'
      ? ['the real Terraform providers: stand-ins with schemas derived from the bindings ran instead']
      : []),
    ...(outlined.length > 0
      ? [`templates of the charts ${outlined.join(', ')}: their footprints were installed instead`]
      : []),
  ];
}
