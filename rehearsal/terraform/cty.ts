import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';
import {
  type Block,
  type CtyType,
  isUnknown,
  type NestedBlock,
  type Obj,
  UNKNOWN,
  Unknown,
  type Value,
} from './provider.ts';

/** Attribute names, keys of maps and positions in lists, as Terraform's paths have them. */
export type Steps = (string | number)[];

/** Terraform's values on the wire: msgpack by the type of the value, with an extension for what is not known yet. */
const codec = new ExtensionCodec();
codec.register({
  type: 0,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
// A refined unknown ("not null, at least three long"): the refinements are of no use here.
codec.register({ type: 12, encode: () => null, decode: () => UNKNOWN });

export const asRecord = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown)
    ? (value as Record<string, unknown>)
    : undefined;

/** The type of a block as an object, which is what its values are. */
export function blockType(block: Block): CtyType {
  const fields: Record<string, CtyType> = {};
  for (const attribute of block.attributes) fields[attribute.name] = attribute.type;
  for (const nested of block.blocks) fields[nested.name] = nestedType(nested);
  return ['object', fields];
}

export function nestedType({ nesting, block }: NestedBlock): CtyType {
  const inner = blockType(block);
  return nesting === 'single' ? inner : [nesting, inner];
}

export const fieldsOf = (type: CtyType): Record<string, CtyType> | undefined =>
  type[0] === 'object' ? (type[1] as Record<string, CtyType>) : undefined;
const elementOf = ([kind, of]: [string, unknown], index: number): CtyType =>
  kind === 'tuple' ? ((of as CtyType[])[index] ?? 'dynamic') : (of as CtyType);

/** The type that Terraform itself gives to a value written in JSON: objects and tuples. */
export function inferType(value: Value): CtyType {
  if (value === null || isUnknown(value)) return 'dynamic';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return ['tuple', value.map(inferType) as never];
  return ['object', Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inferType(inner)]))];
}

/** Steps without positions: `node_config.machine_type`. */
export const dottedPath = (steps: Steps): string => steps.filter((step) => typeof step === 'string').join('.');

/** Steps as they are written in a configuration: `node_config[0].machine_type`. */
export const showSteps = (steps: Steps): string =>
  steps.map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step)).join('');

/** A value does not fit its type. The message never holds the value: it may be a secret. */
function misfit(value: unknown, type: CtyType, steps: Steps): Error {
  const got = Array.isArray(value) ? 'list' : typeof value;
  const wanted = typeof type === 'string' ? type : type[0];
  return new TypeError(`${showSteps(steps) || 'the value'} must be ${wanted}, got: ${got}`);
}

/**
 * A fraction goes as a decimal text: Terraform reads the configuration with 512 bits, so that 0.1 as a double would be another
 * number and a change for ever. So do whole numbers past 2^53, which msgpack would write as doubles.
 */
function numberToWire(value: Value, steps: Steps): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'number' && Number.isFinite(value)) {
    return Number.isInteger(value) ? BigInt(value).toString() : String(value);
  }
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return value;
  throw misfit(value, 'number', steps);
}

function toWire(value: Value | undefined, type: CtyType, steps: Steps): unknown {
  if (value === undefined || value === null) return null;
  if (isUnknown(value)) return value;
  if (type === 'dynamic') {
    const inferred = inferType(value);
    return [new TextEncoder().encode(JSON.stringify(inferred)), toWire(value, inferred, steps)];
  }
  if (type === 'number') return numberToWire(value, steps);
  if (type === 'string') {
    if (typeof value === 'object') throw misfit(value, type, steps);
    return String(value);
  }
  if (type === 'bool') {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw misfit(value, type, steps);
  }
  const record = asRecord(value) as Obj | undefined;
  const fields = fieldsOf(type);
  if (fields || type[0] === 'map') {
    if (!record) throw misfit(value, type, steps);
    const entries: [string, CtyType][] = fields
      ? Object.entries(fields)
      : Object.keys(record).map((key) => [key, type[1] as CtyType]);
    return Object.fromEntries(entries.map(([name, inner]) => [name, toWire(record[name], inner, [...steps, name])]));
  }
  if (!Array.isArray(value)) throw misfit(value, type, steps);
  return value.map((item, index) => toWire(item, elementOf(type as [string, unknown], index), [...steps, index]));
}

function numberFromWire(raw: unknown, steps: Steps): number {
  const value = Number(raw);
  const whole = typeof raw === 'bigint' || (typeof raw === 'string' && /^-?\d+$/.test(raw));
  if (whole && BigInt(raw as bigint | string) !== BigInt(value)) {
    throw new RangeError(`${showSteps(steps)}: a whole number of this size cannot be held exactly`);
  }
  return value;
}

/** `json`: the state file's form of a dynamic value is another than the wire's. */
function fromWire(raw: unknown, type: CtyType, steps: Steps, json = false): Value {
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Unknown) return raw;
  if (type === 'dynamic') {
    if (json) {
      const { value, type: own } = raw as { value: unknown; type: CtyType };
      return fromWire(value, own, steps, json);
    }
    const [own, value] = raw as [Uint8Array, unknown];
    return fromWire(value, JSON.parse(new TextDecoder().decode(own)) as CtyType, steps);
  }
  if (type === 'number') return numberFromWire(raw, steps);
  if (typeof type === 'string') return raw as Value;
  const fields = fieldsOf(type);
  if (fields || type[0] === 'map') {
    const record = raw as Record<string, unknown>;
    const entries: [string, CtyType][] = fields
      ? Object.entries(fields)
      : Object.keys(record).map((key) => [key, type[1] as CtyType]);
    return Object.fromEntries(
      entries.map(([name, inner]) => [name, fromWire(record[name], inner, [...steps, name], json)]),
    );
  }
  return (raw as unknown[]).map((item, index) =>
    fromWire(item, elementOf(type as [string, unknown], index), [...steps, index], json),
  );
}

export interface WireValue {
  msgpack?: Uint8Array;
  json?: Uint8Array;
}

export function encodeValue(value: Value | undefined, type: CtyType): WireValue {
  return { msgpack: Buffer.from(encode(toWire(value, type, []), { extensionCodec: codec })) };
}

export function decodeValue(value: WireValue | null | undefined, type: CtyType): Value {
  if (value?.msgpack?.length) {
    return fromWire(decode(value.msgpack, { extensionCodec: codec, useBigInt64: true }), type, []);
  }
  if (value?.json?.length) return fromWire(JSON.parse(Buffer.from(value.json).toString()), type, [], true);
  return null;
}

/** Every place where something is not known yet. */
export function unknownsIn(value: Value | undefined, steps: Steps = []): Steps[] {
  if (isUnknown(value)) return [steps];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownsIn(item, [...steps, index]));
  const record = asRecord(value) as Obj | undefined;
  return Object.entries(record ?? {}).flatMap(([name, inner]) => unknownsIn(inner, [...steps, name]));
}

/** Whether something in a value is not known yet. */
export const hasUnknown = (value: Value | undefined): boolean => unknownsIn(value).length > 0;

/** The value with null in place of everything that is not known. */
export function withoutUnknown(value: Value): Value {
  if (isUnknown(value)) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  const record = asRecord(value) as Obj | undefined;
  if (!record) return value;
  return Object.fromEntries(Object.entries(record).map(([name, inner]) => [name, withoutUnknown(inner)]));
}

/** A path on the wire. What lies inside a set has no path, so it ends at the set; so does one that leaves the schema. */
export function wirePath(type: CtyType, steps: Steps): { steps: object[] } {
  const wire: object[] = [];
  let at: CtyType | undefined = type;
  for (const step of steps) {
    const fields: Record<string, CtyType> | undefined = at === undefined ? undefined : fieldsOf(at);
    if (fields && typeof step === 'string' && step in fields) {
      wire.push({ attribute_name: step });
      at = fields[step];
    } else if (at === 'dynamic') {
      // Inferred values are objects and tuples.
      wire.push(typeof step === 'number' ? { element_key_int: step } : { attribute_name: step });
    } else if (at?.[0] === 'map' && typeof step === 'string') {
      wire.push({ element_key_string: step });
      at = at[1] as CtyType;
    } else if ((at?.[0] === 'list' || at?.[0] === 'tuple') && typeof step === 'number') {
      wire.push({ element_key_int: step });
      at = elementOf(at as [string, unknown], step);
    } else {
      break;
    }
  }
  return { steps: wire };
}
