import { parse } from 'yaml';
import type { Footprint } from '../charts/footprint.ts';
import type { ChartRequest } from '../charts/resolve.ts';
import { resourcesOf, type SynthesizedStack } from './synthesized.ts';

/** What a rehearsal learns from the synthesized files before anything is applied. */

export function typesInUse(stacks: SynthesizedStack[]): { resources: string[]; dataSources: string[] } {
  const all = (kind: 'resource' | 'data') =>
    [...new Set(stacks.flatMap(({ json }) => Object.keys(json[kind] ?? {})))].sort();
  return { resources: all('resource'), dataSources: all('data') };
}

interface ReleaseArguments {
  chart: string;
  repository?: string;
  version: string;
  values?: string[];
  '//'?: { plinth?: { footprint?: Footprint } };
}

const releases = (stacks: SynthesizedStack[]): ReleaseArguments[] =>
  stacks.flatMap(({ json }) =>
    resourcesOf(json, 'helm_release').map(([, release]) => release as unknown as ReleaseArguments),
  );

export const chartsOf = (stacks: SynthesizedStack[]): ChartRequest[] =>
  releases(stacks).map(({ chart, repository, version, '//': comment }) => ({
    name: chart,
    repository,
    version,
    footprint: comment?.plinth?.footprint,
  }));

/** Whether the Strimzi operator is told to make pods that Pod Security `restricted` admits. */
export function restrictedStrimzi(stacks: SynthesizedStack[]): boolean {
  const strimzi = releases(stacks).find(({ chart }) => chart === 'strimzi-kafka-operator');
  return (strimzi?.values ?? []).some((text) => {
    const { extraEnvs = [] } = (parse(text) ?? {}) as { extraEnvs?: { name: string; value: string }[] };
    return extraEnvs.some(
      ({ name, value }) => name === 'STRIMZI_POD_SECURITY_PROVIDER_CLASS' && value === 'restricted',
    );
  });
}

/** Project and region of the google provider; of a stack without one, names that nobody has. */
export function projectOf(stacks: SynthesizedStack[]): { project: string; region: string } {
  const [google] = stacks.flatMap(({ json }) => json.provider?.google ?? []);
  return { project: String(google?.project ?? 'rehearsal'), region: String(google?.region ?? 'us-central1') };
}

/** Context that the kubernetes provider asks for; of a stack with an address of its own, ours. */
export function contextOf(stacks: SynthesizedStack[]): string {
  const [kubernetes] = stacks.flatMap(({ json }) => json.provider?.kubernetes ?? []);
  return typeof kubernetes?.config_context === 'string' ? kubernetes.config_context : 'rehearsal';
}
