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

/** Terraform's values on the wire: msgpack by the type of the value, with an extension for what is not known yet. */
const codec = new ExtensionCodec();
codec.register({
  type: 0,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
// A refined unknown ("not null, at least three long"): the refinements are of no use here.
codec.register({ type: 12, encode: () => null, decode: () => UNKNOWN });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);

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

/** The type that Terraform itself gives to a value written in JSON: objects and tuples. */
export function inferType(value: Value): CtyType {
  if (value === null || isUnknown(value)) return 'dynamic';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return ['tuple', value.map(inferType) as never];
  return ['object', Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inferType(inner)]))];
}

function toWire(value: Value | undefined, type: CtyType): unknown {
  if (value === undefined || value === null) return null;
  if (isUnknown(value)) return value;
  if (type === 'dynamic') {
    const inferred = inferType(value);
    return [new TextEncoder().encode(JSON.stringify(inferred)), toWire(value, inferred)];
  }
  if (typeof type === 'string') {
    if (type === 'string') return String(value);
    if (type === 'number') return Number(value);
    return value === 'true' || value === true;
  }
  const [kind, of] = type;
  if (kind === 'object') {
    const fields = of as Record<string, CtyType>;
    const record = value as Obj;
    return Object.fromEntries(Object.entries(fields).map(([name, inner]) => [name, toWire(record[name], inner)]));
  }
  if (kind === 'map') {
    return Object.fromEntries(
      Object.entries(value as Obj).map(([name, inner]) => [name, toWire(inner, of as CtyType)]),
    );
  }
  const items = value as Value[];
  if (kind === 'tuple')
    return items.map((item, index) => toWire(item, (of as unknown as CtyType[])[index] ?? 'dynamic'));
  return items.map((item) => toWire(item, of as CtyType));
}

function fromWire(raw: unknown, type: CtyType): Value {
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Unknown) return raw;
  if (type === 'dynamic') {
    if (!Array.isArray(raw)) return raw as Value;
    const [name, inner] = raw as [Uint8Array, unknown];
    return fromWire(inner, JSON.parse(new TextDecoder().decode(name)) as CtyType);
  }
  if (typeof type === 'string') return type === 'number' ? Number(raw) : (raw as Value);
  const [kind, of] = type;
  if (kind === 'object' && isRecord(raw)) {
    const fields = of as Record<string, CtyType>;
    return Object.fromEntries(Object.entries(fields).map(([name, inner]) => [name, fromWire(raw[name], inner)]));
  }
  if (kind === 'map' && isRecord(raw)) {
    return Object.fromEntries(Object.entries(raw).map(([name, inner]) => [name, fromWire(inner, of as CtyType)]));
  }
  const items = raw as unknown[];
  if (kind === 'tuple')
    return items.map((item, index) => fromWire(item, (of as unknown as CtyType[])[index] ?? 'dynamic'));
  return items.map((item) => fromWire(item, of as CtyType));
}

export interface WireValue {
  msgpack?: Uint8Array;
  json?: Uint8Array;
}

export function encodeValue(value: Value | undefined, type: CtyType): WireValue {
  return { msgpack: Buffer.from(encode(toWire(value, type), { extensionCodec: codec })) };
}

export function decodeValue(value: WireValue | null | undefined, type: CtyType): Value {
  if (value?.msgpack?.length) return fromWire(decode(value.msgpack, { extensionCodec: codec }), type);
  if (value?.json?.length) return fromWire(JSON.parse(Buffer.from(value.json).toString()), type);
  return null;
}

/** Whether something in a value is not known yet. */
export function hasUnknown(value: Value | undefined): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value as Obj).some(hasUnknown);
}
