import type { IConstruct } from 'constructs';
import { ensure, isKnown, refuse } from '../validation.ts';

/** An IPv4 range as numbers. */
interface Block {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const FORM = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

function parse(cidr: string): Block | string {
  const parts = FORM.exec(cidr)?.slice(1).map(Number);
  if (!parts || parts.slice(0, 4).some((octet) => octet > 255) || parts[4]! > 32) {
    return 'must be an IPv4 range such as 10.0.0.0/16';
  }
  const [a, b, c, d, prefix] = parts as [number, number, number, number, number];
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  if (first !== address) return `must begin at the range's first address: ${dotted(first)}/${prefix}`;
  return { first, last: first + size - 1, prefix };
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** A range within the prefix lengths that its use allows, e.g. `/28` for a control plane. */
export function cidr(
  scope: IConstruct,
  prop: string,
  value: string,
  bounds: { largest: number; smallest: number },
): string {
  if (!isKnown(value)) return value;
  const block = parse(value);
  if (typeof block === 'string') refuse(scope, prop, block, value);
  const { largest, smallest } = bounds;
  const means = largest === smallest ? `a /${largest}` : `between /${largest} and /${smallest}`;
  ensure(scope, block.prefix >= largest && block.prefix <= smallest, prop, `must be ${means}`, value);
  return value;
}

/** Refuses ranges that share an address: `podsCidr must not overlap nodesCidr 10.0.0.0/20, got "10.0.8.0/21"`. */
export function disjoint(scope: IConstruct, ranges: Readonly<Record<string, string | undefined>>): void {
  const known = Object.entries(ranges).flatMap(([prop, value]) => {
    const block = isKnown(value) ? parse(value) : undefined;
    return block && typeof block !== 'string' ? [{ prop, value: value as string, block }] : [];
  });
  for (const [index, one] of known.entries()) {
    for (const other of known.slice(0, index)) {
      const apart = one.block.last < other.block.first || other.block.last < one.block.first;
      ensure(scope, apart, one.prop, `must not overlap ${other.prop} ${other.value}`, one.value);
    }
  }
}
