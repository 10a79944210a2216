import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The TypeScript that the prebuilt provider bindings were compiled from stands in their inline source maps. It tells of
 * every attribute whether it is computed, optional or required, and of what type it is: the provider's schema.
 */

const MARK = 'sourceMappingURL=data:application/json;base64,';
const require = createRequire(import.meta.url);

export const bindingsFolder = (provider: string): string =>
  dirname(require.resolve(`@cdktf/provider-${provider}/package.json`));

export const bindingsVersion = (provider: string): string =>
  (JSON.parse(readFileSync(join(bindingsFolder(provider), 'package.json'), 'utf8')) as { version: string }).version;

/** Folder of a resource (`google_container_cluster` -> `container-cluster`) or data source in the bindings. */
export function bindingFolder(provider: string, type: string, kind: 'resource' | 'data'): string | undefined {
  const short = type.startsWith(`${provider}_`) ? type.slice(provider.length + 1) : type;
  // A version at the end is set off in the bindings' folder names: `deployment_v1` is in `deployment-v1`.
  const name = short.replaceAll('_', '-');
  const folder = join(bindingsFolder(provider), 'lib', kind === 'data' ? `data-${provider}-${name}` : name);
  return existsSync(folder) ? folder : undefined;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    if (!entry.name.endsWith('.js')) return [];
    const script = readFileSync(path, 'utf8');
    const start = script.lastIndexOf(MARK);
    if (start < 0) throw new Error(`${path} has no inline source map: the schema cannot be derived from it`);
    const map = Buffer.from(script.slice(start + MARK.length).trim(), 'base64').toString();
    return (JSON.parse(map) as { sourcesContent: string[] }).sourcesContent;
  });
}

/** What a `...ToHclTerraform` function says of one attribute. */
export interface HclEntry {
  isBlock: boolean;
  /** simple, list, set, map or struct. */
  type: string;
  storageClass: string;
}

export interface Member {
  computed: boolean;
  optional: boolean;
  required: boolean;
  /** Source of the getters and setters that follow the comment. */
  body: string;
}

export interface BindingClass {
  name: string;
  base: string;
  terraformType?: string;
  /** Version of the provider that the bindings were generated from. */
  providerVersion?: string;
  members: Map<string, Member>;
}

export interface Binding {
  classes: Map<string, BindingClass>;
  /** By struct name in lower case, or by class name for a resource itself. */
  hcl: Map<string, Map<string, HclEntry>>;
}

const HCL_ENTRY =
  /^\s+(\w+): \{\s+value: [^\n]*\n\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)"/gm;

function hclEntries(source: string): Map<string, HclEntry> {
  const entries = new Map<string, HclEntry>();
  for (const [, name = '', isBlock, type = '', storageClass = ''] of source.matchAll(HCL_ENTRY)) {
    entries.set(name, { isBlock: isBlock === 'true', type, storageClass });
  }
  return entries;
}

function members(source: string): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const part of source.split(/^\s*\/\/ (?=\w+ - computed: )/m).slice(1)) {
    const match = /^(\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n([\s\S]*)$/.exec(part);
    if (!match) continue;
    const [, name = '', computed, optional, required, body = ''] = match;
    found.set(name, {
      computed: computed === 'true',
      optional: optional === 'true',
      required: required === 'true',
      body,
    });
  }
  return found;
}

export function readBinding(folder: string): Binding {
  const classes = new Map<string, BindingClass>();
  const hcl = new Map<string, Map<string, HclEntry>>();
  for (const part of sources(folder)
    .join('\n')
    .split(/^(?=export (?:class|function) )/m)) {
    const declared = /^export class (\w+) extends cdktf\.(\w+)/.exec(part);
    if (declared) {
      const [, name = '', base = ''] = declared;
      classes.set(name, {
        name,
        base,
        terraformType: /tfResourceType = "(\w+)"/.exec(part)?.[1],
        providerVersion: /providerVersion: '([^']+)'/.exec(part)?.[1],
        members: members(part),
      });
      if (base.startsWith('Terraform')) hcl.set(name, hclEntries(part));
      continue;
    }
    const mapper = /^export function (\w+)ToHclTerraform\(/.exec(part);
    if (mapper) hcl.set((mapper[1] ?? '').toLowerCase(), hclEntries(part));
  }
  return { classes, hcl };
}
