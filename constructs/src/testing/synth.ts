import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';

/** One block of a synthesized file, e.g. a resource's attributes. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into JSON whose shape is what they assert
export type Block = Record<string, any>;

/** A synthesized `cdk.tf.json`. */
export interface Synthesized {
  '//'?: Block;
  provider?: Record<string, Block[]>;
  terraform?: Block;
  resource?: Record<string, Record<string, Block>>;
  data?: Record<string, Record<string, Block>>;
  output?: Record<string, Block>;
  locals?: Block;
}

/**
 * Synthesizes one stack as `cdktf synth` does, validations included (cdktf's own Testing.synth leaves them out),
 * and returns what Terraform would read.
 * @param build adds constructs to the stack
 * @param name the stack's name, the first segment of every path in a message @default 'test'
 */
export function synthStack(build: (stack: TerraformStack) => void, name = 'test'): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'plinth-synth-'));
  try {
    const app = new App({ outdir });
    build(new TerraformStack(app, name));
    app.synth();
    return JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const withoutMetadata = ({ '//': _, ...block }: Block): Block => block;

const blocks = (kinds: Record<string, Record<string, Block>> | undefined, type: string) =>
  Object.values(kinds?.[type] ?? {}).map(withoutMetadata);

/** Every resource of a type in the order of their ids, exactly as synthesized but for cdktf's `//` metadata. */
export const resources = (json: Synthesized, type: string): Block[] => blocks(json.resource, type);

/** Every data source of a type, like {@link resources}. */
export const dataSources = (json: Synthesized, type: string): Block[] => blocks(json.data, type);

function only(found: Block[], type: string): Block {
  if (found.length !== 1) throw new Error(`expected exactly one ${type}, found ${found.length}`);
  return found[0]!;
}

/** The one resource of a type; an error when there is none or more than one. */
export const resource = (json: Synthesized, type: string): Block => only(resources(json, type), type);

/** The one data source of a type; an error when there is none or more than one. */
export const dataSource = (json: Synthesized, type: string): Block => only(dataSources(json, type), type);

/** The Terraform names of the resources of a type: the part of an address that constructs' ids decide. */
export const names = (json: Synthesized, type: string): string[] => Object.keys(json.resource?.[type] ?? {});

/** How many resources there are of each type, e.g. `{ google_container_cluster: 1 }`. */
export const inventory = (json: Synthesized): Record<string, number> =>
  Object.fromEntries(Object.entries(json.resource ?? {}).map(([type, found]) => [type, Object.keys(found).length]));
