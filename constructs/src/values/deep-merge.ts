/** What a chart's values, or any JSON document, may hold. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value | undefined };

/** A chart's values. A key that is `undefined` is as good as absent. */
export type Values = { [key: string]: Value | undefined };

export const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Merges from left to right, as Helm does with several value files: maps are merged, all else is replaced, lists as a
 * whole. `null` removes a key that an earlier document set; where none did, the null stays, and Helm then removes the
 * chart's own default.
 */
export function deepMerge(...documents: (Values | undefined)[]): Values {
  return documents.reduce<Values>((merged, document) => mergeTwo(merged, document ?? {}), {});
}

function mergeTwo(base: Values, over: Values): Values {
  const merged: Values = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const existing = base[key];
    if (value === null && existing !== undefined) delete merged[key];
    else if (isValues(value)) merged[key] = mergeTwo(isValues(existing) ? existing : {}, value);
    else merged[key] = Array.isArray(value) ? structuredClone(value) : value;
  }
  return merged;
}

/** The value at a path of keys, e.g. `valueAt(values, 'service', 'spec', 'type')`; undefined where a key is missing. */
export function valueAt(values: Values, ...path: string[]): Value | undefined {
  return path.reduce<Value | undefined>((value, key) => (isValues(value) ? value[key] : undefined), values);
}
