import {
  type Block,
  isUnknown,
  type NestedBlock,
  type Obj,
  type ResourceBehaviour,
  UNKNOWN,
  type Value,
} from './provider.ts';

/** Attribute names and list positions, as Terraform's paths have them. */
export type Steps = (string | number)[];

const isEmpty = (value: Value | undefined): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);
const asRecord = (value: Value | undefined): Obj | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value) ? value : undefined;
export const sameValue = (a: Value | undefined, b: Value | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The element of a former set that an element of the new one continues: equal in everything that is configured. */
function counterpart(nested: NestedBlock, item: Value, index: number, prior: Value | undefined): Obj | undefined {
  if (!Array.isArray(prior)) return undefined;
  if (nested.nesting === 'list') return asRecord(prior[index]);
  const wanted = asRecord(item);
  if (!wanted) return undefined;
  const configured = Object.entries(wanted).filter(([, value]) => !isEmpty(value) && !isUnknown(value));
  return prior.map(asRecord).find((one) => one && configured.every(([name, value]) => sameValue(one[name], value)));
}

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
  for (const { name, computed } of block.attributes) {
    if (planned[name] !== null && planned[name] !== undefined) continue;
    const byDefault = behaviour.defaults?.[below(name)];
    if (byDefault !== undefined) planned[name] = byDefault;
    else if (computed) planned[name] = prior ? (prior[name] ?? null) : UNKNOWN;
  }
  for (const nested of block.blocks) {
    const value = planned[nested.name];
    if (isUnknown(value)) continue;
    if (isEmpty(value)) {
      const kept = behaviour.optionalComputed?.includes(below(nested.name)) ?? false;
      if (kept) planned[nested.name] = prior ? (prior[nested.name] ?? null) : UNKNOWN;
      continue;
    }
    const former = prior?.[nested.name];
    const fill = (item: Value, own: Obj | undefined): Value => {
      const record = asRecord(item);
      return record ? fillPlan(nested.block, behaviour, record, own, below(nested.name)) : item;
    };
    if (nested.nesting === 'single') {
      planned[nested.name] = fill(value as Value, asRecord(former));
    } else if (nested.nesting === 'map') {
      const formerMap = asRecord(former);
      planned[nested.name] = Object.fromEntries(
        Object.entries(value as Obj).map(([key, item]) => [key, fill(item, asRecord(formerMap?.[key]))]),
      );
    } else {
      planned[nested.name] = (value as Value[]).map((item, index) =>
        fill(item, counterpart(nested, item, index, former)),
      );
    }
  }
  return planned;
}

/** Every value at a dotted path, each with its concrete steps; positions of lists are filled in. */
function valuesAt(value: Value | undefined, path: string[], steps: Steps = []): { steps: Steps; value: Value }[] {
  if (Array.isArray(value) && path.length > 0) {
    return value.flatMap((item, index) => valuesAt(item, path, [...steps, index]));
  }
  const [name, ...rest] = path;
  if (name === undefined) return [{ steps, value: value ?? null }];
  const record = asRecord(value);
  if (!record) return [];
  return valuesAt(record[name], rest, [...steps, name]);
}

const isBlockPath = (block: Block, path: string[]): boolean => {
  const nested = block.blocks.find((one) => one.name === path[0]);
  if (!nested) return false;
  return path.length === 1 || isBlockPath(nested.block, path.slice(1));
};

/** Concrete paths whose change forces a new resource. Of a block only its appearance and removal count. */
export function replacements(block: Block, behaviour: ResourceBehaviour, prior: Obj, planned: Obj): Steps[] {
  const found: Steps[] = [];
  for (const dotted of behaviour.replace ?? []) {
    const path = dotted.split('.');
    const before = valuesAt(prior, path);
    const after = valuesAt(planned, path);
    if (isBlockPath(block, path)) {
      const size = (values: { value: Value }[]) =>
        values.reduce((total, { value }) => total + (Array.isArray(value) ? value.length : isEmpty(value) ? 0 : 1), 0);
      if (after.some(({ value }) => isUnknown(value)) || size(before) !== size(after)) found.push(path);
      continue;
    }
    // An element that appears or goes is its block's matter.
    after.forEach(({ steps, value }, index) => {
      const former = before[index];
      const unset = isEmpty(value) && isEmpty(former?.value);
      if (former && !unset && !sameValue(former.value, value)) found.push(steps);
    });
  }
  return found;
}

/** Gives a state the shape of its schema: what a handler did not mention comes from `base`, and nothing stays unknown. */
export function completeState(block: Block, state: Obj, base: Obj | undefined, path = ''): Obj {
  const complete: Obj = {};
  for (const { name } of block.attributes) {
    const value = state[name] === undefined ? base?.[name] : state[name];
    complete[name] = value === undefined || isUnknown(value) ? null : value;
  }
  for (const nested of block.blocks) {
    const value = state[nested.name] === undefined ? base?.[nested.name] : state[nested.name];
    if (isEmpty(value) || isUnknown(value)) {
      complete[nested.name] = nested.nesting === 'single' ? null : nested.nesting === 'map' ? {} : [];
      continue;
    }
    const own = (item: Value) => completeState(nested.block, (asRecord(item) ?? {}) as Obj, undefined, path);
    complete[nested.name] =
      nested.nesting === 'single'
        ? own(value as Value)
        : nested.nesting === 'map'
          ? Object.fromEntries(Object.entries(value as Obj).map(([key, item]) => [key, own(item)]))
          : (value as Value[]).map(own);
  }
  return complete;
}
