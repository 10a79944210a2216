import { checkCombinations } from './combinations.ts';
import { type Block, type Obj, UNKNOWN } from './provider.ts';

const inner: Block = {
  attributes: ['a', 'b', 'c'].map((name) => ({ name, type: 'string', optional: true })),
  blocks: [],
};
const block: Block = {
  attributes: ['x', 'y', 'z'].map((name) => ({ name, type: 'bool', optional: true })),
  blocks: [{ name: 'part', nesting: 'list', minItems: 0, maxItems: 1, block: inner }],
};
const BEHAVIOUR = {
  conflicts: { x: ['y', 'part'] },
  requires: { z: ['x', 'y'] },
  exactlyOne: [['part.a', 'part.b']],
  atLeastOne: [['part.b', 'part.c']],
};
const check = (config: Obj) =>
  checkCombinations(block, BEHAVIOUR, { x: null, y: null, z: null, part: [], ...config }).map(
    ({ summary, detail, attribute }) => [summary, detail, attribute],
  );

test('what may be set together is let through, and a group within a block that is not there', () => {
  expect(check({})).toEqual([]);
  expect(check({ x: true })).toEqual([]);
  expect(check({ y: true, part: [{ a: null, b: 'b', c: null }] })).toEqual([]);
});

test('what conflicts is refused, false being a value too', () => {
  expect(check({ x: false, y: false })).toEqual([['`x` conflicts with `y`', 'Set one of them only.', ['x']]]);
});

test('what needs others is refused with those that are missing', () => {
  expect(check({ z: true, y: true })).toEqual([['`z` needs `x`', 'Set both or none.', ['z']]]);
});

test('of a group that must have one, none and two are refused', () => {
  expect(check({ part: [{ a: null, b: null, c: 'c' }] })).toEqual([
    ['one of `part.a`, `part.b` must be set', 'None of them is.', ['part']],
  ]);
  expect(check({ part: [{ a: 'a', b: 'b', c: null }] })).toEqual([
    ['only one of `part.a`, `part.b` may be set', 'Set are `part.a`, `part.b`.', ['part', 0, 'a']],
  ]);
});

test('of a group that must have any, none is refused', () => {
  expect(check({ part: [{ a: 'a', b: null, c: null }] })).toEqual([
    ['one of `part.b`, `part.c` must be set', 'None of them is.', ['part']],
  ]);
});

test('what is not known yet is neither set nor unset', () => {
  expect(check({ x: true, y: UNKNOWN })).toEqual([]);
  expect(check({ z: true, y: UNKNOWN, x: UNKNOWN })).toEqual([]);
  expect(check({ part: [{ a: UNKNOWN, b: null, c: UNKNOWN }] })).toEqual([]);
  expect(check({ part: UNKNOWN })).toEqual([]);
});
