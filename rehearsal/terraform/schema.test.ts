import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GOOGLE } from './behaviour/google.ts';
import { KUBERNETES } from './behaviour/kubernetes.ts';
import type { Attribute, Block, CtyType, NestedBlock, ProviderSchema } from './provider.ts';
import { deriveSchema } from './schema.ts';

/** Schemas and behaviour of the real providers, where they have been recorded. */
const RECORDED = join(import.meta.dirname, '..', '..', '..', 'shared', 'provider-schemas');
const RECORDED_HERE = existsSync(RECORDED);
const withRecords = RECORDED_HERE ? describe : describe.skip;

interface RecordedAttribute {
  type?: CtyType;
  nested_type?: { attributes: Record<string, RecordedAttribute>; nesting_mode: string };
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  write_only?: boolean;
}
interface RecordedBlock {
  attributes?: Record<string, RecordedAttribute>;
  block_types?: Record<string, { nesting_mode: string; min_items?: number; max_items?: number; block: RecordedBlock }>;
}

const cache = mkdtempSync(join(tmpdir(), 'plinth-schemas-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const USED = {
  google: {
    resources: Object.keys(GOOGLE),
    dataSources: ['container_cluster', 'project', 'kms_key_ring', 'kms_crypto_key'].map((type) => `google_${type}`),
  },
  kubernetes: { resources: Object.keys(KUBERNETES), dataSources: [] as string[] },
  helm: { resources: ['helm_release'], dataSources: [] as string[] },
};
const VERSIONS = { google: '6.50.0', kubernetes: '2.38.0', helm: '3.1.1' };
type Name = keyof typeof USED;

const derived = (name: Name): ProviderSchema => deriveSchema(name, { ...USED[name], cache });

/** The records leave out every description, also where an attribute has that name. */
const DESCRIPTION = 'description';

const sorted = (type: unknown): unknown => {
  if (Array.isArray(type)) return type.map(sorted);
  if (typeof type !== 'object' || type === null) return type;
  const entries = Object.entries(type).filter(([name]) => name !== DESCRIPTION);
  return Object.fromEntries(
    entries.sort(([a], [b]) => a.localeCompare(b)).map(([name, inner]) => [name, sorted(inner)]),
  );
};
const flags = (one: Attribute | RecordedAttribute) => ({
  required: one.required ?? false,
  optional: one.optional ?? false,
  computed: one.computed ?? false,
  sensitive: one.sensitive ?? false,
  writeOnly: ('write_only' in one ? one.write_only : (one as Attribute).writeOnly) ?? false,
});
const ownAttributes = (attributes: Attribute[]): object =>
  Object.fromEntries(
    attributes
      .filter(({ name }) => name !== DESCRIPTION)
      .map((one) => [
        one.name,
        one.nested
          ? { ...flags(one), nesting: one.nested.nesting, nested: ownAttributes(one.nested.attributes) }
          : { ...flags(one), type: sorted(one.type) },
      ]),
  );
const recordedAttributes = (attributes: Record<string, RecordedAttribute> = {}): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, one]) => [
      name,
      one.nested_type
        ? {
            ...flags(one),
            nesting: one.nested_type.nesting_mode,
            nested: recordedAttributes(one.nested_type.attributes),
          }
        : { ...flags(one), type: sorted(one.type) },
    ]),
  );
const own = (block: Block): object => ({
  attributes: ownAttributes(block.attributes),
  blocks: Object.fromEntries(
    block.blocks.map((one: NestedBlock) => [
      one.name,
      { nesting: one.nesting, min: one.minItems, max: one.maxItems, block: own(one.block) },
    ]),
  ),
});
const recorded = (block: RecordedBlock): object => ({
  attributes: recordedAttributes(block.attributes),
  blocks: Object.fromEntries(
    Object.entries(block.block_types ?? {}).map(([name, one]) => [
      name,
      { nesting: one.nesting_mode, min: one.min_items ?? 0, max: one.max_items ?? 0, block: recorded(one.block) },
    ]),
  ),
});

test.each(Object.keys(USED) as Name[])(
  'the schema of %s is derived from its bindings, at the version they wrap',
  (name) => {
    const schema = derived(name);
    expect(schema.version).toBe(VERSIONS[name]);
    expect(Object.keys(schema.resources)).toEqual(USED[name].resources);
  },
);

test('a schema that was derived once is read from the cache, and derived anew when the cache is broken', () => {
  const fresh = derived('helm');
  const [folder = ''] = readdirSync(cache).filter((name) => /^helm-12\.1\.2-[0-9a-f]{12}$/.test(name));
  const file = join(cache, folder, 'provider-helm.json');
  writeFileSync(file, JSON.stringify({ version: '0.0.0', block: { attributes: [], blocks: [] } }));
  expect(derived('helm').version).toBe('0.0.0');
  writeFileSync(file, '{"version": "3.1');
  expect(derived('helm')).toEqual(fresh);
});

test('a type that the bindings do not have is named', () => {
  expect(() => deriveSchema('google', { resources: ['google_nothing'], dataSources: [], cache })).toThrow(
    'the bindings of provider google have no resource google_nothing',
  );
});

withRecords('against the real providers', () => {
  // The bodies of skipped suites run too, to know the tests that they skip.
  const read = (file: string) => (RECORDED_HERE ? JSON.parse(readFileSync(join(RECORDED, file), 'utf8')) : {});

  describe.each(Object.keys(USED) as Name[])('%s', (name) => {
    const schema = derived(name);
    const real = read(`${name}-${VERSIONS[name]}.json`);
    test('the provider block is the same', () => expect(own(schema.provider)).toEqual(recorded(real.provider.block)));
    test.each(USED[name].resources)('%s is the same', (type) => {
      expect(own(schema.resources[type]!)).toEqual(recorded(real.resource_schemas[type].block));
    });
    if (USED[name].dataSources.length > 0) {
      test.each(USED[name].dataSources)('data source %s is the same', (type) => {
        expect(own(schema.dataSources[type]!)).toEqual(recorded(real.data_source_schemas[type].block));
      });
    }
  });
});
