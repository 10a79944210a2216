import { parseQuantity } from '../../checks/quantity.ts';
import type { KubeObject } from '../../kubernetes-client/index.ts';
import { type Block, isUnknown, type NestedBlock, type Obj, type Value } from '../../terraform/provider.ts';
import { fieldName, fromField, STEERING, toField } from './names.ts';

/** Typed Terraform resources to Kubernetes objects and back, by the resource's own schema. */

type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);
const isUnset = (value: Value | undefined): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  isUnknown(value) ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);
/** Blocks that the schema lets repeat although the field is one object, by their parent's name or alone. */
const ONE_OBJECT = new Set([
  'projected',
  'topology_spread_constraint.label_selector',
  'sources.secret',
  'sources.config_map',
  'sources.downward_api',
  'sources.service_account_token',
]);
const isRepeated = (nested: NestedBlock, parent: string): boolean =>
  nested.nesting !== 'single' &&
  nested.maxItems !== 1 &&
  !ONE_OBJECT.has(nested.name) &&
  !ONE_OBJECT.has(`${parent}.${nested.name}`);

/** Planned by the provider for every object, told by the server for some. */
const PLANNED_ONLY = new Set(['allocate_load_balancer_node_ports']);

/** Metadata that only the server writes. */
const SERVER_METADATA = new Set(['generation', 'resource_version', 'uid', 'self_link']);

export function toFields(block: Block, state: Obj, path = ''): Fields {
  const fields: Fields = {};
  for (const { name } of block.attributes) {
    const value = state[name];
    // Of these the real provider always writes a value, and an unset one as false: admission sees the difference.
    if (path === 'security_context' && name === 'run_as_non_root' && isUnset(value)) fields.runAsNonRoot = false;
    if (isUnset(value) || (path === '' && STEERING.has(name)) || (path === 'metadata' && SERVER_METADATA.has(name)))
      continue;
    const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    fields[fieldName(name, false)] = scalar ? toField(name, value) : value;
  }
  for (const nested of block.blocks) {
    if (path === '' && STEERING.has(nested.name)) continue;
    const value = state[nested.name];
    if (value === null || value === undefined || isUnknown(value)) continue;
    const given = (Array.isArray(value) ? value : [value]) as Obj[];
    if (given.length === 0) continue;
    const items = nested.name === 'sources' ? given.flatMap(oneSourceEach) : given;
    const converted = items.map((item) => toFields(nested.block, item ?? {}, nested.name));
    fields[fieldName(nested.name, isRepeated(nested, path))] = isRepeated(nested, path) ? converted : converted[0];
  }
  return fields;
}

/** A projected volume's source is one Secret, ConfigMap or token; the block may name several, and the provider splits them. */
const oneSourceEach = (source: Obj): Obj[] =>
  Object.entries(source).flatMap(([kind, blocks]) =>
    Array.isArray(blocks) ? blocks.map((block): Obj => ({ [kind]: [block] })) : [],
  );

/** The object of a typed resource; `apiVersion` and `kind` are the type's. */
export function toObject(block: Block, state: Obj, apiVersion: string, kind: string): KubeObject {
  const fields = toFields(block, state) as Fields & { metadata: KubeObject['metadata'] };
  const { metadata, ...rest } = fields;
  return { apiVersion, kind, metadata: { ...metadata }, ...rest };
}

const sameQuantity = (a: unknown, b: unknown): boolean => {
  try {
    return parseQuantity(String(a)) === parseQuantity(String(b));
  } catch {
    return false;
  }
};

/** Labels and annotations that controllers add are theirs. */
const isForeign = (key: string): boolean =>
  /(^|[./])(kubernetes|k8s)\.io\//.test(key) || key.startsWith('cloud.google.com/');

function mapFrom(name: string, live: unknown, known: Value | undefined): Value {
  const former = isRecord(known) ? (known as Obj) : {};
  const values = isRecord(live) ? live : {};
  const result: Obj = {};
  for (const [key, value] of Object.entries(values)) {
    const own = former[key];
    if (own === undefined && (name === 'labels' || name === 'annotations') && isForeign(key)) continue;
    result[key] = own !== undefined && sameQuantity(own, value) ? own : (value as Value);
  }
  if (Object.keys(result).length === 0) return known === undefined || known === null || isUnknown(known) ? null : {};
  return result;
}

/**
 * State of a live object. With a former state, what was never set stays unset, so that the server's defaults are no
 * drift; what was set shows the live value. Without one (import), everything there is.
 */
export function fromFields(block: Block, live: Fields, former: Obj | undefined, path = ''): Obj {
  const state: Obj = {};
  for (const { name, type, computed } of block.attributes) {
    const known = former?.[name];
    if ((path === '' && STEERING.has(name)) || PLANNED_ONLY.has(name)) {
      state[name] = known ?? null;
      continue;
    }
    const value = live[fieldName(name, false)];
    if (former && isUnset(known) && !computed) {
      // Labels that somebody added to none are drift; a default that the server filled in is not.
      const noticed = name === 'labels' || name === 'data';
      state[name] = noticed ? mapFrom(name, value, known) : (known ?? null);
      continue;
    }
    if (Array.isArray(type) && type[0] === 'map') {
      state[name] = mapFrom(name, value, known);
    } else if (value === undefined || value === null) {
      // A value of "false" or zero is left out by the server.
      const empty = known === false || known === 0 || known === '';
      state[name] = empty ? (known as Value) : null;
    } else if (Array.isArray(value)) {
      state[name] = value as Value;
    } else {
      const converted = fromField(name, value, type);
      state[name] = known !== undefined && sameQuantity(known, converted) ? (known as Value) : converted;
    }
  }
  for (const nested of block.blocks) {
    const known = former?.[nested.name];
    if (path === '' && STEERING.has(nested.name)) {
      state[nested.name] = known ?? null;
      continue;
    }
    if (former && isUnset(known)) {
      state[nested.name] = known ?? null;
      continue;
    }
    const value = live[fieldName(nested.name, isRepeated(nested, path))];
    const items = (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]) as Fields[];
    const formerItems = (Array.isArray(known) ? known : known ? [known] : []) as Obj[];
    // An empty block (`empty_dir {}`, `pod_selector {}`) may come back as nothing at all.
    const kept =
      items.length === 0 &&
      formerItems.length === 1 &&
      Object.keys(toFields(nested.block, formerItems[0]!)).length === 0;
    const converted = kept
      ? formerItems
      : items.map((item, index) =>
          fromFields(nested.block, item, former ? (formerItems[index] ?? undefined) : undefined, nested.name),
        );
    state[nested.name] = nested.nesting === 'single' ? (converted[0] ?? null) : converted;
  }
  return state;
}
