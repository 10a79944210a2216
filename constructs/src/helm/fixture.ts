import { HelmProvider } from '@cdktf/provider-helm/lib/provider/index.js';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider/index.js';
import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import { type Block, resources, type Synthesized, synthStack } from '../testing/synth.ts';
import { isValues, type Values } from '../values/deep-merge.ts';
import type { Footprint } from './footprint.ts';

/** A stack `prod` as the tests of cluster resources need it: with the providers that cdktf asks for. */
export const synthOnCluster = (build: (stack: TerraformStack) => void): Synthesized =>
  synthStack((stack) => {
    new KubernetesProvider(stack, 'kubernetes', {});
    new HelmProvider(stack, 'helm', {});
    build(stack);
  }, 'prod');

export interface Installed {
  /** The attributes of the release. */
  release: Block;
  values: Values;
  footprint: Footprint;
}

/** What is installed, by chart. */
export function installed(build: (stack: TerraformStack) => void): Record<string, Installed> {
  const json = synthOnCluster(build);
  const footprints = Object.values(json.resource?.helm_release ?? {}).map((block) => block['//'].plinth.footprint);
  return Object.fromEntries(
    resources(json, 'helm_release').map((release, index) => [
      release.chart,
      { release, values: parse(release.values[0]), footprint: footprints[index] },
    ]),
  );
}

/** Every key that the values set, as paths; what lies below a key of `open` is the user's or free-form. */
export function keysOf(values: Values, open: readonly string[], path = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const hasKeys = isValues(value) && Object.keys(value).length > 0;
    return hasKeys && !open.includes(here) ? keysOf(value, open, here) : [here];
  });
}
