import { asRecord, blockType, fieldsOf, type Steps, showSteps, wirePath } from './cty.ts';
import {
  type Attribute,
  type Block,
  type CtyType,
  isUnknown,
  type NestedBlock,
  type Obj,
  type ResourceBehaviour,
  UNKNOWN,
  type Value,
} from './provider.ts';

export const isEmpty = (value: Value | undefined): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);
const record = (value: Value | undefined): Obj | undefined => asRecord(value) as Obj | undefined;
const text = (value: Value | undefined): string => JSON.stringify(value ?? null);
export const sameValue = (a: Value | undefined, b: Value | undefined): boolean => text(a) === text(b);

/** Whether a former value says the same in everything that the wanted one says. */
function continues(former: Value | undefined, wanted: Value | undefined): boolean {
  if (isEmpty(wanted) || isUnknown(wanted)) return true;
  const fields = record(wanted);
  if (fields) {
    const own = record(former);
    return own !== undefined && Object.entries(fields).every(([name, value]) => continues(own[name], value));
  }
  if (!Array.isArray(wanted)) return sameValue(former, wanted);
  return (
    Array.isArray(former) &&
    former.length === wanted.length &&
    wanted.every((item, index) => continues(former[index], item))
  );
}

/** The former element that each element goes on from: by position in a list, by what is configured in a set. */
function counterparts(nesting: NestedBlock['nesting'], items: Value[], prior: Value | undefined): (Obj | undefined)[] {
  const former = Array.isArray(prior) ? prior : [];
  if (nesting === 'list') return items.map((_, index) => record(former[index]));
  const left = [...former];
  return items.map((item) => {
    const index = left.findIndex((one) => continues(one, item));
    return index < 0 ? undefined : record(left.splice(index, 1)[0]);
  });
}

function fillNested(
  { nesting, block }: Pick<NestedBlock, 'nesting' | 'block'>,
  behaviour: ResourceBehaviour,
  value: Value,
  former: Value | undefined,
  path: string,
): Value {
  const fill = (item: Value, own: Obj | undefined): Value => {
    const fields = record(item);
    return fields ? fillPlan(block, behaviour, fields, own, path) : item;
  };
  if (nesting === 'single') return fill(value, record(former));
  if (nesting === 'map') {
    const own = record(former);
    return Object.fromEntries(Object.entries(value as Obj).map(([key, item]) => [key, fill(item, record(own?.[key]))]));
  }
  const items = value as Value[];
  const own = counterparts(nesting, items, former);
  return items.map((item, index) => fill(item, own[index]));
}

const asBlock = ({ nesting, attributes }: NonNullable<Attribute['nested']>) => ({
  nesting,
  block: { attributes, blocks: [] },
});

/**
 * Fills in Terraform's proposal as a provider does: its own defaults, "known after apply" for what only the server can
 * tell, and the former value of what was left to the server. `prior` is undefined for something new.
 */
export function fillPlan(
  block: Block,
  behaviour: ResourceBehaviour,
  proposed: Obj,
  prior: Obj | undefined,
  path = '',
): Obj {
  const planned: Obj = { ...proposed };
  const below = (name: string) => (path ? `${path}.${name}` : name);
  for (const { name, computed, nested, writeOnly } of block.attributes) {
    // Terraform refuses a plan or a state that holds one: it is in the configuration only.
    if (writeOnly) planned[name] = null;
    const value = planned[name];
    if (value !== null && value !== undefined) {
      if (nested && !isUnknown(value)) {
        planned[name] = fillNested(asBlock(nested), behaviour, value, prior?.[name], below(name));
      }
      continue;
    }
    const byDefault = behaviour.defaults?.[below(name)];
    if (byDefault !== undefined) planned[name] = byDefault;
    else if (computed) planned[name] = prior ? (prior[name] ?? null) : UNKNOWN;
  }
  for (const nested of block.blocks) {
    const { name } = nested;
    const value = planned[name];
    if (isUnknown(value)) continue;
    if (isEmpty(value)) {
      const kept = behaviour.optionalComputed?.includes(below(name)) ?? false;
      if (kept) planned[name] = prior ? (prior[name] ?? null) : UNKNOWN;
      continue;
    }
    planned[name] = fillNested(nested, behaviour, value as Value, prior?.[name], below(name));
  }
  return planned;
}

export interface Found {
  steps: Steps;
  value: Value;
  /** What is left of the path at a set, whose elements have no position and thus no path. */
  inSet?: string[];
}

/** Every value at a dotted path, positions of lists and keys of maps filled in. */
export function valuesAt(type: CtyType, value: Value | undefined, path: string[], steps: Steps = []): Found[] {
  const [name, ...rest] = path;
  if (name === undefined || isUnknown(value)) return [{ steps, value: value ?? null }];
  const fields = fieldsOf(type);
  if (fields) {
    const inner = fields[name];
    const own = record(value);
    return inner && own ? valuesAt(inner, own[name], rest, [...steps, name]) : [];
  }
  if (typeof type === 'string' || isEmpty(value)) return [];
  const of = type[1] as CtyType;
  if (type[0] === 'set') return [{ steps, value: value as Value, inSet: path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => valuesAt(of, item, path, [...steps, index]));
  return Object.entries(record(value) ?? {}).flatMap(([key, item]) => valuesAt(of, item, path, [...steps, key]));
}

const isBlockPath = (block: Block, path: string[]): boolean => {
  const nested = block.blocks.find((one) => one.name === path[0]);
  if (!nested) return false;
  return path.length === 1 || isBlockPath(nested.block, path.slice(1));
};

const sizeOf = (value: Value | undefined): number => (Array.isArray(value) ? value.length : isEmpty(value) ? 0 : 1);

/** Elements of a set that are in one of the two only, in which something stands at the path. */
function setChanged(type: CtyType, before: Value | undefined, after: Value | undefined, path: string[]): boolean {
  const items = (value: Value | undefined) => (Array.isArray(value) ? value : []);
  const missing = (from: Value[], others: Value[]) => {
    const known = new Set(others.map(text));
    return from.filter((item) => !known.has(text(item)));
  };
  const changed = [...missing(items(before), items(after)), ...missing(items(after), items(before))];
  return changed.some((item) => valuesAt(type, item, path).some(({ value }) => !isEmpty(value)));
}

const typeAt = (type: CtyType, steps: Steps): CtyType =>
  steps.reduce<CtyType>((at, step) => fieldsOf(at)?.[String(step)] ?? (at[1] as CtyType), type);

/**
 * Concrete paths whose change forces a new resource, as the providers' SDK finds them: any difference of an attribute, one that
 * comes or goes with its block too; of a block itself only how many there are. What is unknown because it is left to the server
 * is no difference, what is unknown in the proposal is.
 */
export function replacements(
  block: Block,
  behaviour: ResourceBehaviour,
  prior: Obj,
  planned: Obj,
  proposed: Obj,
): Steps[] {
  const type = blockType(block);
  const found = new Map<string, Steps>();
  for (const dotted of behaviour.replace ?? []) {
    const path = dotted.split('.');
    const keyed = (value: Obj) => new Map(valuesAt(type, value, path).map((one) => [showSteps(one.steps), one]));
    const before = keyed(prior);
    const after = keyed(planned);
    const asked = keyed(proposed);
    const isBlock = isBlockPath(block, path);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const { steps, inSet } = (after.get(key) ?? before.get(key))!;
      const was = before.get(key)?.value;
      const is = after.get(key)?.value;
      if (isUnknown(is) && !isUnknown(asked.get(key)?.value)) continue;
      const changed = isUnknown(is)
        ? true
        : inSet
          ? setChanged(typeAt(type, steps)[1] as CtyType, was, is, inSet)
          : isBlock
            ? sizeOf(was) !== sizeOf(is)
            : !(isEmpty(was) && isEmpty(is)) && !sameValue(was, is);
      if (changed) found.set(key, steps);
    }
  }
  return [...found.values()];
}

/** The concrete paths of a dotted one in a plan: what a handler adds to the replacements has no positions. */
export function concretePaths(block: Block, dotted: string, planned: Obj): Steps[] {
  const type = blockType(block);
  const found = valuesAt(type, planned, dotted.split('.')).map(({ steps }) => steps);
  if (found.length > 0) return found;
  // Nothing stands there any more: the part of it that does.
  const [first = ''] = dotted.split('.');
  return wirePath(type, [first]).steps.length > 0 ? [[first]] : [];
}

/** Gives a state the shape of its schema: what a handler did not mention comes from `base`, and an unknown block is none. */
export function completeState(block: Block, state: Obj, base: Obj | undefined): Obj {
  const complete: Obj = {};
  for (const { name, writeOnly } of block.attributes) {
    complete[name] = writeOnly ? null : ((state[name] === undefined ? base?.[name] : state[name]) ?? null);
  }
  for (const nested of block.blocks) {
    const value = state[nested.name] === undefined ? base?.[nested.name] : state[nested.name];
    const none = isEmpty(value) || isUnknown(value);
    const own = (item: Value): Value => {
      const fields = record(item);
      return fields ? completeState(nested.block, fields, undefined) : item;
    };
    if (none) complete[nested.name] = nested.nesting === 'single' ? null : nested.nesting === 'map' ? {} : [];
    else if (nested.nesting === 'single') complete[nested.name] = own(value as Value);
    else if (nested.nesting === 'map') {
      const items = Object.entries(value as Obj);
      complete[nested.name] = Object.fromEntries(items.map(([key, item]) => [key, own(item)]));
    } else complete[nested.name] = (value as Value[]).map(own);
  }
  return complete;
}
