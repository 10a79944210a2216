import { completeState, concretePaths, fillPlan, replacements } from './plan.ts';
import { type Block, type Obj, type ResourceBehaviour, UNKNOWN, type Value } from './provider.ts';

const rule: Block = {
  attributes: [
    { name: 'port', type: 'number', optional: true },
    { name: 'kind', type: 'string', optional: true },
    { name: 'link', type: 'string', computed: true },
  ],
  blocks: [
    {
      name: 'action',
      nesting: 'list',
      minItems: 0,
      maxItems: 1,
      block: { attributes: [{ name: 'id', type: 'string', computed: true, optional: true }], blocks: [] },
    },
  ],
};
const block: Block = {
  attributes: [
    { name: 'name', type: 'string', required: true },
    { name: 'zone', type: 'string', optional: true, computed: true },
    { name: 'size', type: 'number', optional: true },
    { name: 'tags', type: ['set', 'string'], optional: true },
    {
      name: 'env',
      type: ['list', ['object', { key: 'string', uid: 'string' }]],
      nested: {
        nesting: 'list',
        attributes: [
          { name: 'key', type: 'string', required: true },
          { name: 'uid', type: 'string', computed: true },
        ],
      },
      optional: true,
    },
    { name: 'token_wo', type: 'string', optional: true, writeOnly: true },
  ],
  blocks: [
    { name: 'item', nesting: 'list', minItems: 0, maxItems: 0, block: rule },
    { name: 'rule', nesting: 'set', minItems: 0, maxItems: 0, block: rule },
    { name: 'by_name', nesting: 'map', minItems: 0, maxItems: 0, block: rule },
    { name: 'timeouts', nesting: 'single', minItems: 0, maxItems: 0, block: rule },
  ],
};
const NOTHING: Obj = {
  name: 'a',
  zone: null,
  size: null,
  tags: null,
  env: null,
  token_wo: null,
  item: [],
  rule: [],
  by_name: {},
  timeouts: null,
};
const of = (values: Obj): Obj => ({ ...NOTHING, ...values });
const one = (values: Obj = {}): Obj => ({ port: null, kind: null, link: null, action: [], ...values });

const fill = (proposed: Obj, prior?: Obj, behaviour: ResourceBehaviour = {}) =>
  fillPlan(block, behaviour, of(proposed), prior && of(prior));
const forced = (replace: string[], prior: Obj, wanted: Obj, behaviour: ResourceBehaviour = {}) => {
  const proposed = of(wanted);
  const planned = fillPlan(block, { ...behaviour, replace }, proposed, of(prior));
  return replacements(block, { replace }, of(prior), planned, proposed);
};

describe('a plan', () => {
  test('leaves what the server decides unknown at creation, and as it was afterwards', () => {
    expect(fill({}).zone).toBe(UNKNOWN);
    expect(fill({}, { zone: 'a' }).zone).toBe('a');
    expect(fill({ zone: 'b' }, { zone: 'a' }).zone).toBe('b');
  });
  test('has the default of what is unset, also in blocks, but makes no block for it', () => {
    const defaults = { size: 3, 'item.kind': 'tcp', 'timeouts.port': 1 };
    const planned = fill({ item: [one({ port: 1 }), one({ kind: 'udp' })] }, undefined, { defaults });
    expect(planned).toMatchObject({ size: 3, item: [{ kind: 'tcp' }, { kind: 'udp' }], timeouts: null });
  });
  test('keeps a block that was left to the server, and knows none yet at creation', () => {
    const behaviour = { optionalComputed: ['item'] };
    expect(fill({}, undefined, behaviour).item).toBe(UNKNOWN);
    expect(fill({}, { item: [one({ port: 1 })] }, behaviour).item).toEqual([one({ port: 1 })]);
    expect(fill({}, { item: [one({ port: 1 })] }).item).toEqual([]);
  });
  test('goes on from the element at the same place of a list', () => {
    const prior = { item: [one({ port: 1, link: 'l1' })] };
    const planned = fill({ item: [one({ port: 2 }), one({ port: 3 })] }, prior);
    expect((planned.item as Obj[]).map(({ link }) => link)).toEqual(['l1', UNKNOWN]);
  });
  test('goes on from the element of a set that says the same, nested blocks included, each only once', () => {
    const known = (port: number, link: string) => one({ port, link, action: [{ id: `${link}-action` }] });
    const wanted = (port: number) => one({ port, action: [{ id: null }] });
    const planned = fill({ rule: [wanted(2), wanted(2), wanted(3)] }, { rule: [known(1, 'l1'), known(2, 'l2')] });
    expect((planned.rule as Obj[]).map(({ link }) => link)).toEqual(['l2', UNKNOWN, UNKNOWN]);
    expect((planned.rule as Obj[])[0]?.action).toEqual([{ id: 'l2-action' }]);
  });
  test('goes on from the value of the same key, of a single block and of a nested attribute', () => {
    const prior = {
      by_name: { a: one({ link: 'la' }) },
      timeouts: one({ link: 'lt' }),
      env: [{ key: 'k', uid: 'u1' }],
    };
    const planned = fill(
      {
        by_name: { a: one(), b: one() },
        timeouts: one(),
        env: [
          { key: 'k', uid: null },
          { key: 'l', uid: null },
        ],
      },
      prior,
    );
    expect(planned).toMatchObject({ by_name: { a: { link: 'la' }, b: { link: UNKNOWN } }, timeouts: { link: 'lt' } });
    expect(planned.env).toEqual([
      { key: 'k', uid: 'u1' },
      { key: 'l', uid: UNKNOWN },
    ]);
  });
  test('holds no write-only value', () => {
    expect(fill({ token_wo: 'hunter2' }).token_wo).toBeNull();
  });
});

describe('replacement', () => {
  test.each<[string, string[], Obj, Obj, (string | number)[][]]>([
    ['is forced by another value', ['name'], { name: 'a' }, { name: 'b' }, [['name']]],
    ['is forced by a value that goes', ['size'], { size: 1 }, {}, [['size']]],
    ['is not forced by the same value', ['name', 'tags'], { tags: ['x'] }, { tags: ['x'] }, []],
    ['is not forced by what is left to the server', ['zone'], { zone: 'a' }, {}, []],
    ['is forced by a value that is not known yet', ['zone'], { zone: 'a' }, { zone: UNKNOWN }, [['zone']]],
    [
      'names the place in a list',
      ['item.kind'],
      { item: [one(), one({ kind: 'x' })] },
      { item: [one(), one({ kind: 'y' })] },
      [['item', 1, 'kind']],
    ],
    [
      'is forced by an element that comes with a value',
      ['item.kind'],
      {},
      { item: [one({ kind: 'x' })] },
      [['item', 0, 'kind']],
    ],
    [
      'is forced by an element that goes with a value',
      ['item.kind'],
      { item: [one({ kind: 'x' })] },
      {},
      [['item', 0, 'kind']],
    ],
    [
      'is not forced by an element that comes without it',
      ['item.kind', 'item.link'],
      {},
      { item: [one({ port: 1 })] },
      [],
    ],
    ['is forced by the number of blocks', ['item'], {}, { item: [one()] }, [['item']]],
    [
      'is not forced by a change within the block',
      ['item'],
      { item: [one({ port: 1 })] },
      { item: [one({ port: 2 })] },
      [],
    ],
    [
      'names the whole of a set',
      ['rule.kind'],
      { rule: [one({ kind: 'x' })] },
      { rule: [one({ kind: 'y' })] },
      [['rule']],
    ],
    [
      'is not forced by an element of a set without the value',
      ['rule.kind'],
      { rule: [one({ port: 1 })] },
      { rule: [one({ port: 2 })] },
      [],
    ],
    [
      'is not forced by the order of a set',
      ['rule.kind'],
      { rule: [one({ kind: 'x' }), one({ kind: 'y' })] },
      { rule: [one({ kind: 'y' }), one({ kind: 'x' })] },
      [],
    ],
    [
      'names the key of a map',
      ['by_name.kind'],
      { by_name: { a: one({ kind: 'x' }) } },
      { by_name: { a: one({ kind: 'y' }) } },
      [['by_name', 'a', 'kind']],
    ],
  ])('%s', (_, replace, prior, wanted, expected) => {
    expect(forced(replace, prior, wanted)).toEqual(expected);
  });
  test('is not forced by a block that is left to the server', () => {
    const behaviour = { optionalComputed: ['item'] };
    expect(forced(['item', 'item.kind'], { item: [one({ kind: 'x' })] }, {}, behaviour)).toEqual([]);
  });
  test('that a handler asks for is found in the plan', () => {
    const planned = of({ item: [one({ kind: 'x' }), one()] });
    expect(concretePaths(block, 'item.kind', planned)).toEqual([
      ['item', 0, 'kind'],
      ['item', 1, 'kind'],
    ]);
    expect(concretePaths(block, 'rule.kind', of({ rule: [one()] }))).toEqual([['rule']]);
    expect(concretePaths(block, 'item.kind', NOTHING)).toEqual([['item']]);
    expect(concretePaths(block, 'nothing', NOTHING)).toEqual([]);
  });
});

describe('a state', () => {
  test('has every attribute and block of the schema, from the plan where the handler said nothing', () => {
    const state = completeState(block, { name: 'b', item: [{ port: 1 }] }, of({ size: 3, token_wo: 'hunter2' }));
    expect(state).toEqual(of({ name: 'b', size: 3, item: [one({ port: 1 })] }));
  });
  test('has no block where one is unknown', () => {
    const state = completeState(block, { item: UNKNOWN, timeouts: UNKNOWN } as { [name: string]: Value }, NOTHING);
    expect(state).toEqual(NOTHING);
  });
});
