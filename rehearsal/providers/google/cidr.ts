import { invalid } from './api.ts';

export interface Range {
  first: number;
  last: number;
  prefix: number;
}

/** An IPv4 range in CIDR form; throws Google's refusal when it is none or does not start on its own boundary. */
export function parseRange(field: string, text: unknown): Range {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(String(text));
  const octets = match?.slice(1, 5).map(Number) ?? [];
  const prefix = Number(match?.[5]);
  if (!match || octets.some((octet) => octet > 255) || prefix > 32) {
    throw invalid(`Invalid value for field '${field}': '${text}'. Must be a CIDR address range.`);
  }
  const first = octets.reduce((total, octet) => total * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  if (first % size !== 0) {
    throw invalid(`Invalid value for field '${field}': '${text}'. Network address does not match the prefix length.`);
  }
  return { first, last: first + size - 1, prefix };
}

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last;
