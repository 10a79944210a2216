import type { ResourceBehaviour } from '../provider.ts';

/** Names that stand in a text, for tables that can be read. */
export const paths = (list: string): string[] => list.trim().split(/\s+/);

/** The behaviour of something that stands in a block; what may be set together is told where the block stands. */
export function below(prefix: string, { replace, defaults, optionalComputed }: ResourceBehaviour): ResourceBehaviour {
  const under = (path: string) => `${prefix}.${path}`;
  return {
    replace: replace?.map(under),
    defaults: Object.fromEntries(Object.entries(defaults ?? {}).map(([path, value]) => [under(path), value])),
    optionalComputed: optionalComputed?.map(under),
  };
}

export function joined(...parts: ResourceBehaviour[]): ResourceBehaviour {
  const combinations = Object.assign({}, ...parts);
  return {
    ...combinations,
    replace: parts.flatMap(({ replace }) => replace ?? []),
    defaults: Object.assign({}, ...parts.map(({ defaults }) => defaults)),
    optionalComputed: parts.flatMap(({ optionalComputed }) => optionalComputed ?? []),
  };
}
