import { deepMerge, valueAt } from './deep-merge.ts';

test('maps merge at every depth and the later document wins', () => {
  expect(deepMerge({ a: { b: 1, c: 2 }, d: 1 }, { a: { c: 3 } }, { a: { e: 4 } })).toEqual({
    a: { b: 1, c: 3, e: 4 },
    d: 1,
  });
});

test('a list is replaced, not appended to', () => {
  expect(deepMerge({ tolerations: [{ key: 'a' }, { key: 'b' }] }, { tolerations: [{ key: 'c' }] })).toEqual({
    tolerations: [{ key: 'c' }],
  });
});

test('null removes a key that an earlier document set, and stays for Helm where none did', () => {
  expect(deepMerge({ a: { b: 1, c: 2 } }, { a: { b: null }, metrics: null })).toEqual({ a: { c: 2 }, metrics: null });
});

test('undefined changes nothing', () => {
  expect(deepMerge({ a: 1 }, { a: undefined }, undefined)).toEqual({ a: 1 });
});

test('a map replaces a scalar and a scalar replaces a map', () => {
  expect(deepMerge({ a: 1, b: { c: 1 } }, { a: { c: 1 }, b: 2 })).toEqual({ a: { c: 1 }, b: 2 });
});

test('neither document is changed by the merge or through its result', () => {
  const base = { a: { list: [1] } };
  const over = { a: { other: [2] } };
  const merged = deepMerge(base, over);
  (merged.a as { other: number[] }).other.push(3);
  expect(base).toEqual({ a: { list: [1] } });
  expect(over).toEqual({ a: { other: [2] } });
});

test('a value is found by its path, and nothing where the path ends early', () => {
  const values = { service: { spec: { type: 'ClusterIP' } }, replicas: 2 };
  expect(valueAt(values, 'service', 'spec', 'type')).toBe('ClusterIP');
  expect(valueAt(values, 'replicas', 'spec')).toBeUndefined();
});
