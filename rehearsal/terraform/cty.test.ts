import { decode, ExtData, encode } from '@msgpack/msgpack';
import {
  blockType,
  decodeValue,
  encodeValue,
  hasUnknown,
  inferType,
  unknownsIn,
  wirePath,
  withoutUnknown,
} from './cty.ts';
import { type CtyType, UNKNOWN, type Value } from './provider.ts';

const EVERYTHING: CtyType = [
  'object',
  {
    text: 'string',
    count: 'number',
    on: 'bool',
    tags: ['set', 'string'],
    labels: ['map', 'string'],
    rows: ['list', ['object', { port: 'number', open: 'bool' }]],
    anything: 'dynamic',
  },
];
const there = (value: Value, type: CtyType) => decodeValue(encodeValue(value, type), type);
/** What is sent of one value, as msgpack has it. */
const sent = (value: Value, type: CtyType) => decode(encodeValue(value, type).msgpack!, { useBigInt64: true });
const received = (raw: unknown, type: CtyType) => decodeValue({ msgpack: encode(raw) }, type);

test('a value of every type comes back as it went', () => {
  const value: Value = {
    text: 'a',
    count: 1.5,
    on: false,
    tags: ['x', 'y'],
    labels: { 'a/b': 'c' },
    rows: [
      { port: 1, open: true },
      { port: UNKNOWN, open: null },
    ],
    anything: { list: [1, 'two', null, { three: true }] },
  };
  expect(there(value, EVERYTHING)).toEqual(value);
});

test('every attribute of an object is sent, those that are not there as null', () => {
  expect(sent({ port: 1 }, ['object', { port: 'number', open: 'bool' }])).toEqual({ port: 1, open: null });
});

test('a value of any type is sent with the type that Terraform would give it', () => {
  const [type, value] = sent({ list: [1, 'two'], nothing: null, known: UNKNOWN }, 'dynamic') as [Uint8Array, object];
  expect(JSON.parse(Buffer.from(type).toString())).toEqual([
    'object',
    { list: ['tuple', ['number', 'string']], nothing: 'dynamic', known: 'dynamic' },
  ]);
  expect(value).toMatchObject({ list: [1, 'two'], nothing: null });
  expect(inferType(true)).toBe('bool');
});

test('a fraction and a whole number past 2^53 are sent as decimal text, as they were written', () => {
  expect([0, -7, 2 ** 53 - 1, 0.1, 2 ** 60, '12.50'].map((value) => sent(value, 'number'))).toEqual([
    0,
    -7,
    BigInt(2 ** 53 - 1),
    '0.1',
    '1152921504606846976',
    '12.50',
  ]);
});

test('numbers are received in each of the forms that Terraform sends', () => {
  expect(
    ['0.1', 3, 2.5, 2n ** 40n, '36893488147419103232'].map((raw) =>
      decodeValue({ msgpack: encode(raw, { useBigInt64: true }) }, 'number'),
    ),
  ).toEqual([0.1, 3, 2.5, 2 ** 40, 2 ** 65]);
});

test('a whole number that cannot be held exactly is refused, not rounded', () => {
  const raw = encode({ id: 2n ** 53n + 1n }, { useBigInt64: true });
  expect(() => decodeValue({ msgpack: raw }, ['object', { id: 'number' }])).toThrow(
    'id: a whole number of this size cannot be held exactly',
  );
});

test('unknown is received in both of its forms: plain, and with what is known of it', () => {
  expect(received(new ExtData(0, new Uint8Array([0])), 'string')).toBe(UNKNOWN);
  expect(received([new ExtData(12, encode({ 1: false })), 'a'], ['list', 'string'])).toEqual([UNKNOWN, 'a']);
});

test('a null of any type is null, and so is no value at all', () => {
  expect(received(null, EVERYTHING)).toBeNull();
  expect(decodeValue(undefined, EVERYTHING)).toBeNull();
  expect(there(null, 'dynamic')).toBeNull();
});

test('the form of a state file is read too, with its own form of a value of any type', () => {
  const json = { port: 1, any: { value: ['a'], type: ['tuple', ['string']] } };
  expect(
    decodeValue({ json: Buffer.from(JSON.stringify(json)) }, ['object', { port: 'number', any: 'dynamic' }]),
  ).toEqual({ port: 1, any: ['a'] });
});

test.each<[string, Value, CtyType, string]>([
  [
    'an object for a text',
    { rows: [{ a: { hunter2: 'x' } }] },
    ['object', { rows: ['list', ['object', { a: 'string' }]] }],
    'rows[0].a must be string, got: object',
  ],
  [
    'a text for a list',
    { rows: 'hunter2' },
    ['object', { rows: ['list', 'string'] }],
    'rows must be list, got: string',
  ],
  ['a word for a number', { n: 'hunter2' }, ['object', { n: 'number' }], 'n must be number, got: string'],
  ['a number for a truth', 1, 'bool', 'the value must be bool, got: number'],
  ['a list for a map', ['hunter2'], ['map', 'string'], 'the value must be map, got: list'],
])('%s is refused by its place and not quoted', (_, value, type, message) => {
  expect(() => encodeValue(value, type)).toThrow(new TypeError(message));
});

test('what is unknown is found wherever it is, and can be taken out', () => {
  const value: Value = { a: [{ b: UNKNOWN }, { b: 1 }], c: UNKNOWN, d: 'x' };
  expect(unknownsIn(value)).toEqual([['a', 0, 'b'], ['c']]);
  expect(hasUnknown({ d: ['x'] })).toBe(false);
  expect(withoutUnknown(value)).toEqual({ a: [{ b: null }, { b: 1 }], c: null, d: 'x' });
});

describe('a path', () => {
  const type = blockType({
    attributes: [
      { name: 'labels', type: ['map', 'string'] },
      { name: 'any', type: 'dynamic' },
    ],
    blocks: [
      {
        name: 'config',
        nesting: 'list',
        minItems: 0,
        maxItems: 1,
        block: { attributes: [{ name: 'mode', type: 'string' }], blocks: [] },
      },
      {
        name: 'rule',
        nesting: 'set',
        minItems: 0,
        maxItems: 0,
        block: { attributes: [{ name: 'port', type: 'number' }], blocks: [] },
      },
    ],
  });
  test.each([
    [
      'names attributes and positions',
      ['config', 0, 'mode'],
      [{ attribute_name: 'config' }, { element_key_int: 0 }, { attribute_name: 'mode' }],
    ],
    ['names keys of a map', ['labels', 'a'], [{ attribute_name: 'labels' }, { element_key_string: 'a' }]],
    ['ends at a set', ['rule', 0, 'port'], [{ attribute_name: 'rule' }]],
    [
      'goes on in a value of any type',
      ['any', 'spec', 1],
      [{ attribute_name: 'any' }, { attribute_name: 'spec' }, { element_key_int: 1 }],
    ],
    ['ends where it leaves the schema', ['config', 'mode'], [{ attribute_name: 'config' }]],
  ])('%s', (_, steps, wire) => {
    expect(wirePath(type, steps)).toEqual({ steps: wire });
  });
});
