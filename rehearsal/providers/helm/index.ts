import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { pendingPods } from '../../checks/fit.ts';
import type { Pod } from '../../checks/objects.ts';
import type { KubeClient } from '../../kubernetes-client/index.ts';
import { HELM } from '../../terraform/behaviour/helm.ts';
import {
  isUnknown,
  type Obj,
  type ProviderDefinition,
  ProviderError,
  type ResourceHandler,
  UNKNOWN,
  type Value,
} from '../../terraform/provider.ts';
import { runCommand } from '../../tools/index.ts';

export interface HelmProviderOptions {
  /** The helm binary. */
  helm: string;
  kubeconfig: string;
  /** A folder for values files, which are removed after each use. */
  directory: string;
  /** The API server that the provider's configuration names; throws when it names another. */
  connect(config: Obj): Promise<KubeClient>;
  /** Where a chart is installed from; throws when there is neither a chart nor an outline. */
  chart(name: string, version: string | undefined): { path: string; version: string };
}

/** Attributes whose change is a new revision of the release. */
const REVISION = [
  'chart',
  'version',
  'values',
  'set',
  'set_list',
  'set_sensitive',
  'repository',
  'atomic',
  'wait',
  'timeout',
  'skip_crds',
  'max_history',
];

const text = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const rows = (value: Value | undefined): Obj[] => (Array.isArray(value) ? (value as Obj[]) : []);

/** Values that differ in layout only are the same: Helm merges YAML, not text. */
function sameValues(a: Value | undefined, b: Value | undefined): boolean {
  try {
    const documents = (value: Value | undefined) =>
      Array.isArray(value) ? value.map((one) => parse(String(one))) : [];
    return isDeepStrictEqual(documents(a), documents(b));
  } catch {
    return false;
  }
}

/** Puts `a.b.c=value` into nested values, with Helm's escape for a dot within a name. */
function assign(values: Record<string, unknown>, name: string, value: unknown): void {
  const steps = name.split(/(?<!\\)\./).map((step) => step.replaceAll('\\.', '.'));
  const last = steps.pop() ?? '';
  let at = values;
  for (const step of steps) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at[last] = value;
}

function typedValue({ value, type }: Obj): unknown {
  if (type === 'string') return String(value);
  if (typeof value === 'string' && /^(true|false|null|-?\d+)$/.test(value)) return JSON.parse(value);
  return value;
}

/** `set` and its siblings as one more values file: an argument list can be read by every user of the machine. */
function setValues(state: Obj): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const row of [...rows(state.set), ...rows(state.set_sensitive)])
    assign(values, String(row.name), typedValue(row));
  for (const row of rows(state.set_list)) assign(values, String(row.name), row.value);
  return values;
}

interface Listed {
  revision: number;
  status: string;
  chart: string;
  app_version: string;
  namespace: string;
}

/** Stand-in for provider helm 3.1.1: the real helm binary, given the chart that was found for the release. */
export function helmProvider(options: HelmProviderOptions): ProviderDefinition {
  let client: Promise<KubeClient> | undefined;

  const helm = (args: string[]) =>
    runCommand(options.helm, args, {
      env: {
        ...process.env,
        KUBECONFIG: options.kubeconfig,
        HELM_NAMESPACE: undefined,
        HELM_CACHE_HOME: join(options.directory, 'helm'),
        HELM_CONFIG_HOME: join(options.directory, 'helm'),
        HELM_DATA_HOME: join(options.directory, 'helm'),
      },
    });

  async function find(name: string, namespace: string): Promise<Listed | undefined> {
    const result = await helm(['list', '--all', '--namespace', namespace, '--filter', `^${name}$`, '--output', 'json']);
    if (result.code !== 0) throw new ProviderError(`helm list failed`, result.stderr.trim());
    return (JSON.parse(result.stdout || '[]') as Listed[])[0];
  }

  async function why(namespace: string): Promise<string> {
    const connected = await client;
    if (!connected) return '';
    const pods = (await connected.list('v1', 'Pod', { namespace })) as unknown as Pod[];
    const pending = pendingPods(pods).map(({ name, reason }) => `${name}: ${reason}`);
    const events = await connected.list('v1', 'Event', { namespace });
    const warnings = events
      .filter((event) => event.type === 'Warning')
      .map((event) => `${event.involvedObject?.name}: ${event.message}`);
    return [...new Set([...pending, ...warnings])].slice(0, 6).join('\n');
  }

  async function install(planned: Obj): Promise<Obj> {
    const name = String(planned.name);
    const namespace = text(planned.namespace) ?? 'default';
    const chart = options.chart(String(planned.chart), text(planned.version));
    const folder = mkdtempSync(join(options.directory, 'values-'));
    try {
      const files = (Array.isArray(planned.values) ? planned.values.map(String) : []).concat(
        stringify(setValues(planned)),
      );
      const named = files.flatMap((content, index) => {
        const file = join(folder, `${index}.yaml`);
        writeFileSync(file, content, { mode: 0o600 });
        return ['--values', file];
      });
      const result = await helm([
        'upgrade',
        name,
        chart.path,
        '--install',
        '--namespace',
        namespace,
        ...(planned.create_namespace === true ? ['--create-namespace'] : []),
        ...(planned.atomic === true ? ['--atomic'] : []),
        ...(planned.cleanup_on_fail === true ? ['--cleanup-on-fail'] : []),
        ...(planned.wait !== false ? ['--wait'] : []),
        ...(planned.wait_for_jobs === true ? ['--wait-for-jobs'] : []),
        ...(planned.skip_crds === true ? ['--skip-crds'] : []),
        `--timeout=${planned.timeout ?? 300}s`,
        `--history-max=${planned.max_history ?? 0}`,
        ...named,
      ]);
      if (result.code !== 0) {
        throw new ProviderError(
          `installation of release ${namespace}/${name} failed`,
          [result.stderr.trim().replace(/^Error: /, ''), await why(namespace)].filter(Boolean).join('\n'),
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const listed = await find(name, namespace);
    if (!listed) throw new ProviderError(`release ${namespace}/${name} is not there after its installation`);
    return { ...planned, ...described(name, namespace, listed), version: chart.version };
  }

  const described = (name: string, namespace: string, listed: Listed): Obj => ({
    id: name,
    status: listed.status,
    metadata: {
      app_version: listed.app_version,
      chart: listed.chart.replace(/-v?\d+\.\d+\.\d+.*$/, ''),
      first_deployed: null,
      last_deployed: null,
      name,
      namespace,
      notes: null,
      revision: Number(listed.revision),
      values: null,
      version: /-(v?\d+\.\d+\.\d+.*)$/.exec(listed.chart)?.[1] ?? '',
    },
  });

  const release: ResourceHandler = {
    async plan({ config, prior, planned, replace }) {
      if (!isUnknown(planned.chart) && !isUnknown(planned.version))
        options.chart(String(planned.chart), text(planned.version));
      const kept =
        prior && sameValues(prior.values, planned.values) ? { ...planned, values: prior.values ?? null } : planned;
      const result = { ...kept };
      const changed = !prior || REVISION.some((key) => !isDeepStrictEqual(prior[key] ?? null, result[key] ?? null));
      // A former attempt left the release half-installed: it is repaired, not left alone.
      if (changed || (prior && prior.status !== 'deployed')) {
        result.metadata = UNKNOWN;
        result.status = UNKNOWN;
      }
      if (config.version === null && !prior) result.version = UNKNOWN;
      for (const computed of ['manifest', 'resources']) if (isUnknown(result[computed])) result[computed] = null;
      return { planned: result, replace };
    },
    async create(planned) {
      await client;
      const namespace = text(planned.namespace) ?? 'default';
      const existing = await find(String(planned.name), namespace);
      if (existing) {
        throw new ProviderError(
          'cannot re-use a name that is still in use',
          `Release ${namespace}/${planned.name} is ${existing.status}: import it or uninstall it.`,
        );
      }
      return install(planned);
    },
    update: (_prior, planned) => install(planned),
    async read(state) {
      const namespace = text(state.namespace) ?? 'default';
      const listed = await find(String(state.name), namespace);
      return listed ? { ...state, ...described(String(state.name), namespace, listed) } : null;
    },
    async delete(prior) {
      const namespace = text(prior.namespace) ?? 'default';
      const result = await helm([
        'uninstall',
        String(prior.name),
        '--namespace',
        namespace,
        '--wait',
        `--timeout=${prior.timeout ?? 300}s`,
        '--ignore-not-found',
      ]);
      if (result.code !== 0)
        throw new ProviderError(`removal of release ${namespace}/${prior.name} failed`, result.stderr.trim());
    },
    async import(id) {
      const [namespace = 'default', name = ''] = id.includes('/') ? id.split('/') : ['default', id];
      const listed = await find(name, namespace);
      if (!listed) throw new ProviderError(`there is no release ${id}`);
      return { name, namespace, ...described(name, namespace, listed) };
    },
  };

  return {
    name: 'helm',
    behaviour: HELM,
    async configure(config) {
      const kubernetes = (Array.isArray(config.kubernetes) ? config.kubernetes[0] : config.kubernetes) as Obj | null;
      client = options.connect(kubernetes ?? {});
      client.catch(() => {});
      return [];
    },
    resources: { helm_release: release },
    dataSources: {},
  };
}
