import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Block } from '../provider.ts';
import { deriveSchema } from '../schema.ts';
import { GOOGLE } from './google.ts';
import { HELM } from './helm.ts';
import { KUBERNETES } from './kubernetes.ts';

/** Behaviour of the real providers, where it has been recorded. */
const RECORDED = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'provider-schemas');
const RECORDED_HERE = existsSync(RECORDED);
const withRecords = RECORDED_HERE ? describe : describe.skip;

interface Fact {
  replace?: boolean;
  default?: unknown;
  optionalComputed?: boolean;
  sensitive?: boolean;
  conflictsWith?: string[];
  requiredWith?: string[];
  exactlyOneOf?: string[];
  atLeastOneOf?: string[];
}
type Facts = Record<string, Fact | undefined>;
interface Place {
  kind: 'attribute' | 'block';
  computed: boolean;
  sensitive: boolean;
}

const cache = mkdtempSync(join(tmpdir(), 'plinth-behaviour-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
const schemaOf = (provider: string, table: object) =>
  deriveSchema(provider, { resources: Object.keys(table), dataSources: [], cache });

function placeOf(block: Block, path: string[]): Place | undefined {
  const [name, ...rest] = path;
  const attribute = block.attributes.find((one) => one.name === name);
  if (attribute) {
    return { kind: 'attribute', computed: attribute.computed ?? false, sensitive: attribute.sensitive ?? false };
  }
  const nested = block.blocks.find((one) => one.name === name);
  if (!nested) return undefined;
  return rest.length > 0 ? placeOf(nested.block, rest) : { kind: 'block', computed: false, sensitive: false };
}

describe.each([
  ['google', GOOGLE],
  ['kubernetes', KUBERNETES],
  ['helm', HELM],
] as const)('the table of %s', (name, table) => {
  const schema = schemaOf(name, table);
  test.each(Object.keys(table))('names nothing of %s twice, and nothing that is not in its schema', (type) => {
    const { replace = [], defaults = {}, optionalComputed = [] } = table[type]!;
    const { conflicts = {}, requires = {}, exactlyOne = [], atLeastOne = [] } = table[type]!;
    const together = [conflicts, requires].flatMap((one) => Object.entries(one).flat(2));
    const grouped = [...exactlyOne, ...atLeastOne].flat();
    expect(replace).toEqual([...new Set(replace)]);
    expect(optionalComputed).toEqual([...new Set(optionalComputed)]);
    const unknown = [...replace, ...Object.keys(defaults), ...optionalComputed, ...together, ...grouped].filter(
      (path) => !placeOf(schema.resources[type]!, path.split('.')),
    );
    expect(unknown).toEqual([]);
  });
});

withRecords.each([
  ['google', '6.50.0', GOOGLE],
  ['kubernetes', '2.38.0', KUBERNETES],
] as const)('against the real provider %s %s', (name, version, table) => {
  const file = join(RECORDED, `${name}-${version}.behaviour.json`);
  // The bodies of skipped suites run too, to know the tests that they skip.
  const records = RECORDED_HERE ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const schema = schemaOf(name, table);
  // Its one schema is dynamic, and what it does is in the handler.
  const types = Object.keys(table).filter((type) => type !== 'kubernetes_manifest');
  const factsOf = (type: string) => Object.entries(records[type] as Facts);
  const pathsWith = (type: string, fact: 'replace' | 'optionalComputed' | 'sensitive') =>
    factsOf(type)
      .filter(([, facts]) => facts?.[fact])
      .map(([path]) => path)
      .sort();
  const place = (type: string, path: string) => placeOf(schema.resources[type]!, path.split('.'));

  test('every type has been recorded', () => {
    expect(types.filter((type) => !records[type])).toEqual([]);
  });
  test.each(types)('%s is replaced by the same changes', (type) => {
    expect([...(table[type]?.replace ?? [])].sort()).toEqual(pathsWith(type, 'replace'));
  });
  test.each(types)('%s has the same defaults', (type) => {
    const defaults = factsOf(type).flatMap(([path, facts]) =>
      facts?.default === undefined ? [] : [[path, facts.default]],
    );
    expect(table[type]?.defaults ?? {}).toEqual(Object.fromEntries(defaults));
  });
  test.each(types)('%s leaves the same blocks and attributes to the server', (type) => {
    const recorded = pathsWith(type, 'optionalComputed');
    const blocks = recorded.filter((path) => place(type, path)?.kind === 'block');
    expect([...(table[type]?.optionalComputed ?? [])].sort()).toEqual(blocks);
    expect(recorded.filter((path) => place(type, path)?.kind !== 'block' && !place(type, path)?.computed)).toEqual([]);
  });
  // `metadata.name` without a position names nothing in the real provider: such a rule never holds there.
  const effective = (path: string) => {
    const plain = path.replaceAll(/\.0(?=\.|$)/g, '');
    return path === plain && path.includes('.') ? [] : [plain];
  };
  const pairs = (table: Record<string, string[]> = {}) =>
    Object.entries(table).flatMap(([path, others]) => others.map((other) => `${path} ${other}`));
  const unordered = (list: string[]) => [...new Set(list.map((pair) => pair.split(' ').sort().join(' ')))].sort();
  const groups = (list: string[][] = []) => [...new Set(list.map((group) => [...group].sort().join(' ')))].sort();
  const recordedPairs = (type: string, fact: 'conflictsWith' | 'requiredWith') =>
    factsOf(type).flatMap(([path, facts]) =>
      (facts?.[fact] ?? []).flatMap(effective).map((other) => `${path} ${other}`),
    );
  const recordedGroups = (type: string, fact: 'exactlyOneOf' | 'atLeastOneOf') =>
    groups(
      factsOf(type).flatMap(([path, facts]) =>
        facts?.[fact] ? [[...new Set([path, ...facts[fact].flatMap(effective)])]] : [],
      ),
    );
  test.each(types)('%s allows the same combinations', (type) => {
    const { conflicts, requires, exactlyOne, atLeastOne } = table[type]!;
    expect({
      conflicts: unordered(pairs(conflicts)),
      requires: pairs(requires).sort(),
      exactlyOne: groups(exactlyOne),
      atLeastOne: groups(atLeastOne),
    }).toEqual({
      conflicts: unordered(recordedPairs(type, 'conflictsWith')),
      requires: recordedPairs(type, 'requiredWith').sort(),
      exactlyOne: recordedGroups(type, 'exactlyOneOf'),
      atLeastOne: recordedGroups(type, 'atLeastOneOf'),
    });
  });
  test.each(types)('%s hides the same values', (type) => {
    expect(pathsWith(type, 'sensitive').filter((path) => !place(type, path)?.sensitive)).toEqual([]);
  });
});
