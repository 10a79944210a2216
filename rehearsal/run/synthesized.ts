import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a stack says about itself in its top-level comment; Terraform ignores it, the rehearsal reads it. */
export interface StackFacts {
  environment: string;
  stack: string;
  kind: 'gke' | 'cluster';
  production: boolean;
  /** Granted quotas by Google's metric name; without it Google's defaults hold. */
  quotas?: Record<string, number>;
  /** Machines of a cluster that is not GKE. */
  localNodes?: { count: number; cpu: number; memoryGib: number }[];
}

export interface TerraformJson {
  '//'?: { plinth?: StackFacts; metadata?: unknown };
  provider?: Record<string, Record<string, unknown>[]>;
  resource?: Record<string, Record<string, Record<string, unknown>>>;
  data?: Record<string, Record<string, Record<string, unknown>>>;
  terraform?: { backend?: Record<string, unknown>; required_providers?: Record<string, unknown> };
}

export interface SynthesizedStack {
  name: string;
  directory: string;
  file: string;
  dependencies: string[];
  json: TerraformJson;
  facts: StackFacts;
}

interface Manifest {
  stacks: Record<
    string,
    { name: string; synthesizedStackPath: string; workingDirectory: string; dependencies: string[] }
  >;
}

/** The stacks of a cdktf output folder, each after the stacks it depends on. */
export function readSynthesized(output: string): SynthesizedStack[] {
  const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Manifest;
  const stacks = new Map<string, SynthesizedStack>();
  for (const entry of Object.values(manifest.stacks)) {
    const file = join(output, entry.synthesizedStackPath);
    const json = JSON.parse(readFileSync(file, 'utf8')) as TerraformJson;
    stacks.set(entry.name, {
      name: entry.name,
      directory: join(output, entry.workingDirectory),
      file,
      dependencies: entry.dependencies ?? [],
      json,
      facts: json['//']?.plinth ?? { environment: entry.name, stack: entry.name, kind: 'gke', production: false },
    });
  }
  const ordered: SynthesizedStack[] = [];
  const visit = (name: string): void => {
    const stack = stacks.get(name);
    if (!stack || ordered.includes(stack)) return;
    for (const dependency of stack.dependencies) visit(dependency);
    ordered.push(stack);
  };
  for (const name of [...stacks.keys()].sort()) visit(name);
  return ordered;
}

/** Every resource of a type: `[logical id, arguments]`. */
export const resourcesOf = (json: TerraformJson, type: string): [string, Record<string, unknown>][] =>
  Object.entries(json.resource?.[type] ?? {});
