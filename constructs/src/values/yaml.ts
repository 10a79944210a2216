import { Token } from 'cdktf';
import { Document, visit } from 'yaml';
import type { Values } from './deep-merge.ts';

/**
 * Values as YAML, the same bytes for the same values: keys sorted, no line folding. A string that Terraform resolves is
 * quoted, so that what it becomes is still a string. A `${` meant for the chart itself must be written `$${`, since the
 * result passes through Terraform.
 */
export function toYaml(values: Values): string {
  const document = new Document(withoutUndefined(values), {
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    // Helm reads YAML 1.1, where a bare `no` or `on` is a boolean
    compat: 'yaml-1.1',
  });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && Token.isUnresolved(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Where, in these values, something stands that cannot be written as YAML before Terraform runs. */
export function unwritable(values: unknown, path = ''): string | undefined {
  if (typeof values === 'string') return undefined;
  if (Token.isUnresolved(values)) return path;
  if (typeof values !== 'object' || values === null) return undefined;
  for (const [key, value] of Object.entries(values)) {
    const found = unwritable(value, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, withoutUndefined(inner)]),
  );
}
