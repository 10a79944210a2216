import { type Block, isUnknown, type NestedBlock, type Obj, type Value } from '../../terraform/provider.ts';
import { basename, type Json } from './api.ts';

/** Terraform attributes to API fields and back: snake to camel case, but for what a type names otherwise. */

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const isSingle = (nested: NestedBlock): boolean => nested.nesting === 'single' || nested.maxItems === 1;

/** Dotted Terraform path to the API's name of its last step. */
export type Names = Record<string, string>;

const unset = (value: Value | undefined): boolean => value === null || value === undefined || isUnknown(value);

/** Fields of what is set; what is not, is the server's to decide. */
export function toApi(block: Block, state: Obj, names: Names = {}, path = ''): Json {
  const body: Json = {};
  const below = (name: string) => (path ? `${path}.${name}` : name);
  for (const { name, type } of block.attributes) {
    const value = state[name];
    if (unset(value) || names[below(name)] === '-') continue;
    const nestedList = Array.isArray(type) && Array.isArray(type[1]) && Array.isArray(value);
    body[names[below(name)] ?? camel(name)] = nestedList
      ? (value as Obj[]).map((item) =>
          Object.fromEntries(
            Object.entries(item).flatMap(([key, inner]) =>
              unset(inner) ? [] : [[names[`${below(name)}.${key}`] ?? camel(key), inner]],
            ),
          ),
        )
      : value;
  }
  for (const nested of block.blocks) {
    const value = state[nested.name];
    if (unset(value) || names[below(nested.name)] === '-') continue;
    const items = (Array.isArray(value) ? value : [value]) as Obj[];
    if (items.length === 0) continue;
    const converted = items.map((item) => toApi(nested.block, item ?? {}, names, below(nested.name)));
    body[names[below(nested.name)] ?? camel(nested.name)] = isSingle(nested) ? converted[0] : converted;
  }
  return body;
}

/** The same thing named in a shorter or a longer form is no change. */
function sameLink(former: Value | undefined, live: unknown): boolean {
  if (typeof former !== 'string' || typeof live !== 'string' || !(former.includes('/') || live.includes('/')))
    return false;
  return basename(former) === basename(live);
}

/**
 * State of a live resource. What the configuration never set stays unset unless the server computes it, and what the
 * API does not tell keeps its former value.
 */
export function fromApi(block: Block, live: Json, former: Obj | undefined, names: Names = {}, path = ''): Obj {
  const state: Obj = {};
  const below = (name: string) => (path ? `${path}.${name}` : name);
  for (const { name, computed, type } of block.attributes) {
    const known = former?.[name];
    const value = live?.[names[below(name)] ?? camel(name)];
    const ours = former === undefined || computed || !unset(known);
    if (value === undefined || value === null || !ours || names[below(name)] === '-') {
      state[name] = unset(known) ? null : (known as Value);
    } else if (sameLink(known, value)) {
      state[name] = known as Value;
    } else if (Array.isArray(type) && Array.isArray(type[1]) && Array.isArray(known)) {
      state[name] = known;
    } else {
      state[name] = type === 'number' ? Number(value) : type === 'string' ? String(value) : (value as Value);
    }
  }
  for (const nested of block.blocks) {
    const known = former?.[nested.name];
    const value = live?.[names[below(nested.name)] ?? camel(nested.name)];
    const formerItems = (Array.isArray(known) ? known : unset(known) ? [] : [known]) as Obj[];
    if (
      value === undefined ||
      value === null ||
      names[below(nested.name)] === '-' ||
      (former && formerItems.length === 0 && !isUnknown(known))
    ) {
      state[nested.name] = nested.nesting === 'single' ? (formerItems[0] ?? null) : formerItems;
      continue;
    }
    const items = (Array.isArray(value) ? value : [value]) as Json[];
    const converted = items.map((item, index) =>
      fromApi(nested.block, item, formerItems[index], names, below(nested.name)),
    );
    state[nested.name] = nested.nesting === 'single' ? (converted[0] ?? null) : converted;
  }
  return state;
}
