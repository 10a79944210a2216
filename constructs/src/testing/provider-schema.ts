import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Synthesized } from './synth.ts';

/** Recordings of what the real providers accept, kept beside the checkout; tests that need them are skipped without. */
const RECORDINGS = join(import.meta.dirname, '../../../../shared/provider-schemas');

type Type = string | readonly unknown[];

interface SchemaBlock {
  attributes?: Record<string, { type: Type; required?: boolean; optional?: boolean; computed?: boolean }>;
  block_types?: Record<string, { nesting_mode: string; min_items?: number; max_items?: number; block: SchemaBlock }>;
}

interface Behaviour {
  conflictsWith?: string[];
  exactlyOneOf?: string[];
  atLeastOneOf?: string[];
  requiredWith?: string[];
}

type Schemas = Record<string, { block: SchemaBlock }>;

/** The recordings leave out descriptions, and with them every attribute of that name. */
const UNRECORDED = ['description'];

/** What Terraform itself reads from every resource. */
const META = ['//', 'count', 'depends_on', 'for_each', 'lifecycle', 'provider', 'provisioner', 'connection'];

export const recorded = (provider: string): boolean => existsSync(join(RECORDINGS, `${provider}.json`));

const read = (name: string) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8'));

/**
 * What the real provider would refuse in a synthesized file: attributes that do not exist or are only computed, required
 * ones left out, wrong types, too many blocks, conflicting attributes.
 * @param provider e.g. `google-6.50.0`; resources of other providers are passed over
 */
export function schemaProblems(json: Synthesized, provider: string): string[] {
  const schemas = read(`${provider}.json`);
  const file = `${provider}.behaviour.json`;
  const behaviours: Record<string, Record<string, Behaviour>> = existsSync(join(RECORDINGS, file)) ? read(file) : {};
  const prefix = `${provider.split('-')[0]}_`;
  const of = (kinds: Record<string, Record<string, Block>> | undefined, types: Schemas, behaviour: typeof behaviours) =>
    Object.entries(kinds ?? {})
      .filter(([type]) => type.startsWith(prefix))
      .flatMap(([type, named]) =>
        Object.entries(named).flatMap(([name, block]) => {
          const schema = types[type];
          if (!schema) return [`${type}: no such type`];
          const found = [...inBlock(schema.block, block, true), ...behaves(behaviour[type] ?? {}, block)];
          return found.map((problem) => `${type}.${name}: ${problem}`);
        }),
      );
  return [
    ...of(json.resource, schemas.resource_schemas, behaviours),
    ...of(json.data, schemas.data_source_schemas, {}),
  ];
}

function inBlock(schema: SchemaBlock, block: Block, root: boolean, path = ''): string[] {
  const { attributes = {}, block_types: blocks = {} } = schema;
  const problems: string[] = [];
  for (const [key, value] of Object.entries(block)) {
    if (root && META.includes(key)) continue;
    const at = path + key;
    const attribute = attributes[key];
    const nested = blocks[key];
    if (attribute) {
      const settable = attribute.required || attribute.optional;
      if (!settable) problems.push(`${at} is only computed`);
      else problems.push(...typed(attribute.type, value, at));
    } else if (nested) {
      const items: Block[] = Array.isArray(value) ? value : [value];
      const { min_items: min = 0, max_items: max = Infinity } = nested;
      if (items.length < min || items.length > max) problems.push(`${at} has ${items.length} blocks`);
      for (const item of items) problems.push(...inBlock(nested.block, item, false, `${at}.`));
    } else if (!UNRECORDED.includes(key)) problems.push(`${at} does not exist`);
  }
  for (const [key, attribute] of Object.entries(attributes)) {
    if (attribute.required && block[key] === undefined) problems.push(`${path}${key} is required`);
  }
  for (const [key, nested] of Object.entries(blocks)) {
    if (nested.min_items && block[key] === undefined) problems.push(`${path}${key} is required`);
  }
  return problems;
}

function typed(type: Type, value: unknown, at: string): string[] {
  // A reference is a string whatever it resolves to.
  if (typeof value === 'string' && value.startsWith('${')) return [];
  if (typeof type === 'string')
    return typeof value === (type === 'bool' ? 'boolean' : type) ? [] : [`${at} is no ${type}`];
  const [kind, inner] = type as [string, Type];
  if (kind === 'list' || kind === 'set') {
    return Array.isArray(value) ? value.flatMap((item) => typed(inner, item, at)) : [`${at} is no ${kind}`];
  }
  if (kind !== 'map') return [];
  if (typeof value !== 'object' || value === null) return [`${at} is no map`];
  return Object.entries(value).flatMap(([key, item]) => typed(inner, item, `${at}.${key}`));
}

/** Whether `a.0.b` or `a.b` is set anywhere in a resource. */
function isSet(block: unknown, path: readonly string[]): boolean {
  if (Array.isArray(block)) return block.some((item) => isSet(item, path));
  if (path.length === 0) return block !== undefined;
  const [key, ...rest] = path as [string, ...string[]];
  return typeof block === 'object' && block !== null && key in block && isSet((block as Block)[key], rest);
}

function behaves(behaviour: Record<string, Behaviour>, block: Block): string[] {
  const steps = (path: string) => path.split('.').filter((step) => !/^\d+$/.test(step));
  const set = (path: string) => isSet(block, steps(path));
  const problems: string[] = [];
  for (const [path, rules] of Object.entries(behaviour)) {
    if (set(path)) {
      for (const other of rules.conflictsWith ?? []) if (set(other)) problems.push(`${path} conflicts with ${other}`);
      for (const other of rules.requiredWith ?? []) if (!set(other)) problems.push(`${path} needs ${other}`);
    }
    // Both rules apply only where the block that holds the choice is there.
    const parent = steps(path).slice(0, -1);
    if (!isSet(block, parent)) continue;
    for (const [name, wrong] of [
      ['exactlyOneOf', (count: number) => count !== 1],
      ['atLeastOneOf', (count: number) => count === 0],
    ] as const) {
      const others = rules[name];
      if (!others) continue;
      if (wrong(others.filter(set).length)) problems.push(`${name} of ${others.join(', ')}`);
    }
  }
  return [...new Set(problems)];
}
