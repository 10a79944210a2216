import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../run/paths.ts';
import {
  type Binding,
  type BindingClass,
  bindingFolder,
  bindingsFolder,
  bindingsVersion,
  type HclEntry,
  type Member,
  readBinding,
} from './bindings.ts';
import { CORRECTIONS, type Correction, NESTED_ATTRIBUTES } from './corrections.ts';
import { blockType } from './cty.ts';
import type { Attribute, Block, CtyType, NestedBlock, ProviderSchema } from './provider.ts';

/** Of the code that derives: a cache that another state of it has written is not read. */
const derivation = (): string => {
  const hash = createHash('sha256');
  for (const file of ['schema.ts', 'bindings.ts', 'corrections.ts', 'cty.ts']) {
    hash.update(readFileSync(join(import.meta.dirname, file)));
  }
  return hash.digest('hex').slice(0, 12);
};

const SIMPLE: Record<string, CtyType> = { string: 'string', number: 'number', boolean: 'bool', any: 'dynamic' };
const NESTING: Record<string, NestedBlock['nesting']> = { list: 'list', set: 'set', map: 'map', struct: 'single' };

/** e.g. `set` of `stringList` is a set of strings; `struct` marks maps of maps in the bindings. */
function simpleType({ type, storageClass }: HclEntry): CtyType {
  if (type === 'simple') return SIMPLE[storageClass] ?? 'dynamic';
  const match = /^(string|number|boolean|any)(?:List|Map|Set)(List|Map)?$/.exec(storageClass);
  if (!match) return 'dynamic';
  const element = SIMPLE[match[1] ?? ''] ?? 'dynamic';
  return [type === 'struct' ? 'map' : type, match[2] ? [match[2].toLowerCase(), element] : element];
}

/** The type of a computed attribute, which only its getter tells. */
function getterType(name: string, body: string): CtyType {
  const listOf = new RegExp(`new (?:cdktf\\.)?(String|Number|Boolean|Any)(Map|List)+\\(this, ["']${name}["']`).exec(
    body,
  );
  if (listOf) return [listOf[2] === 'Map' ? 'map' : 'list', SIMPLE[(listOf[1] ?? '').toLowerCase()] ?? 'dynamic'];
  const getter = new RegExp(
    `(tolist\\()?this\\.get(String|Number|Boolean|Any)?(List|Map)?Attribute\\(['"]${name}['"]\\)`,
  );
  const match = getter.exec(body);
  if (!match) return 'dynamic';
  const element = SIMPLE[(match[2] ?? 'string').toLowerCase()] ?? 'dynamic';
  if (!match[3]) return element;
  if (match[3] === 'Map') return ['map', element];
  return [/Fn\.tolist\(/.test(body) || match[1] ? 'set' : 'list', element];
}

const isStruct = (name: string | undefined): name is string =>
  name !== undefined && !/^(?:String|Number|Boolean|Any)(?:Map|List)+$/.test(name);

class Derivation {
  private readonly binding: Binding;
  private readonly corrections: Record<string, Correction>;
  private readonly asAttributes: boolean;

  constructor(binding: Binding, corrections: Record<string, Correction>, asAttributes: boolean) {
    this.binding = binding;
    this.corrections = corrections;
    this.asAttributes = asAttributes;
  }

  /** `className` has the members; `struct` is the key of its mapper. `path` is dotted, for corrections. */
  block(className: string, struct: string, path: string): Block {
    const declared = this.binding.classes.get(className);
    const mapper = this.binding.hcl.get(className) ?? this.binding.hcl.get(struct.toLowerCase()) ?? new Map();
    const members = new Map<string, Member>(declared?.members ?? []);
    for (const name of mapper.keys()) {
      if (!members.has(name)) members.set(name, { computed: false, optional: true, required: false, body: '' });
    }
    const block: Block = { attributes: [], blocks: [] };
    for (const [name, member] of members)
      this.add(block, name, member, mapper.get(name), path ? `${path}.${name}` : name);
    return block;
  }

  private add(block: Block, name: string, member: Member, entry: HclEntry | undefined, path: string): void {
    const correction = this.corrections[path] ?? {};
    if (correction.absent) return;
    const flags = {
      required: correction.required ?? member.required,
      optional: correction.optional ?? (member.optional || (!member.computed && !member.required)),
      computed: correction.computed ?? member.computed,
      ...(correction.sensitive ? { sensitive: true } : {}),
      ...(correction.writeOnly ? { writeOnly: true } : {}),
    };
    const reference = new RegExp(`new (?:cdktf\\.)?(\\w+)\\(this, ["']${name}["'](?:, (true|false))?\\)`).exec(
      member.body,
    );
    const struct = entry?.isBlock
      ? entry.storageClass.replace(/(List|Map)$/, '')
      : isStruct(reference?.[1])
        ? reference[1].replace(/(OutputReference|List|Map)$/, '')
        : undefined;
    if (struct === undefined || correction.type) {
      block.attributes.push({
        name,
        type: correction.type ?? (entry ? simpleType(entry) : getterType(name, member.body)),
        ...flags,
      });
      return;
    }
    const referred = reference?.[1]?.replace(/(OutputReference|List|Map)$/, '');
    // Generated names may collide ("ReleaseSetListStruct"): the candidate that exists is the one.
    const found =
      [struct, entry?.storageClass, referred].find(
        (one) => one && (this.binding.classes.has(`${one}OutputReference`) || this.binding.hcl.has(one.toLowerCase())),
      ) ?? struct;
    const kind = entry
      ? entry.type
      : /Map$/.test(reference?.[1] ?? '')
        ? 'map'
        : /List$/.test(reference?.[1] ?? '')
          ? reference?.[2] === 'true'
            ? 'set'
            : 'list'
          : 'struct';
    const nesting = correction.nesting ?? NESTING[kind] ?? 'list';
    const inner = this.block(`${found}OutputReference`, found, path);
    if (this.asAttributes || (member.computed && correction.block !== true)) {
      const attributes = asNested(inner);
      const of = blockType(inner);
      const attribute: Attribute = { name, type: nesting === 'single' ? of : [nesting, of], ...flags };
      if (this.asAttributes) attribute.nested = { nesting, attributes };
      block.attributes.push(attribute);
      return;
    }
    const single = /OutputReference$/.test(reference?.[1] ?? '') && nesting !== 'single';
    block.blocks.push({
      name,
      nesting,
      minItems: correction.minItems ?? (flags.required && nesting !== 'single' ? 1 : 0),
      maxItems: correction.maxItems ?? (single ? 1 : 0),
      block: inner,
    });
  }
}

const asNested = (block: Block): Attribute[] => [
  ...block.attributes,
  ...block.blocks.map(
    (nested): Attribute => ({
      name: nested.name,
      type: nested.nesting === 'single' ? blockType(nested.block) : [nested.nesting, blockType(nested.block)],
      nested: { nesting: nested.nesting, attributes: asNested(nested.block) },
      ...(nested.minItems > 0 ? { required: true } : { optional: true }),
    }),
  ),
];

function deriveType(provider: string, folder: string, type: string): { block: Block; version: string } {
  const binding = readBinding(folder);
  const main = [...binding.classes.values()].find(
    (one: BindingClass) => one.terraformType === type && /^Terraform(Resource|DataSource|Provider)$/.test(one.base),
  );
  if (!main) throw new Error(`${folder} declares no ${type}`);
  // `alias` is Terraform's own, not the provider's.
  if (main.base === 'TerraformProvider') {
    main.members.delete('alias');
    binding.hcl.get(main.name)?.delete('alias');
  }
  const key = main.base === 'TerraformDataSource' ? `data.${type}` : type;
  const derivation = new Derivation(binding, CORRECTIONS[key] ?? {}, NESTED_ATTRIBUTES.has(provider));
  return { block: derivation.block(main.name, main.name, ''), version: main.providerVersion ?? '' };
}

export interface DeriveOptions {
  /** Resource types in use, e.g. `google_container_cluster`. */
  resources: string[];
  /** Data source types in use. */
  dataSources: string[];
  /** Where derived schemas are kept. @default the user's cache folder */
  cache?: string;
}

/** The schema of a provider for the types in use, from the installed bindings; derived once per version and type. */
export function deriveSchema(provider: string, options: DeriveOptions): ProviderSchema {
  const cache = join(
    options.cache ?? join(cacheFolder(), 'schemas'),
    `${provider}-${bindingsVersion(provider)}-${derivation()}`,
  );
  const cached = (kind: string, type: string, folder: string | undefined): { block: Block; version: string } => {
    const file = join(cache, `${kind}-${type}.json`);
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      // Not there yet, or not whole.
    }
    if (!folder) throw new Error(`the bindings of provider ${provider} have no ${kind} ${type}`);
    const derived = deriveType(provider, folder, type);
    mkdirSync(cache, { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, JSON.stringify(derived));
    renameSync(partial, file);
    return derived;
  };
  const own = cached('provider', provider, join(bindingsFolder(provider), 'lib', 'provider'));
  const each = (kind: 'resource' | 'data', types: string[]) =>
    Object.fromEntries(types.map((type) => [type, cached(kind, type, bindingFolder(provider, type, kind)).block]));
  return {
    version: own.version,
    provider: own.block,
    resources: each('resource', options.resources),
    dataSources: each('data', options.dataSources),
  };
}
