import { describeObject, type KubeClient, type KubeObject, UnknownKindError } from '../../kubernetes-client/index.ts';
import { hasUnknown } from '../../terraform/cty.ts';
import { type Obj, ProviderError, type ResourceHandler, UNKNOWN, type Value } from '../../terraform/provider.ts';
import { FIELD_MANAGER, refused } from './typed.ts';
import { timeoutOf, waitForManifest } from './waiting.ts';

/** kubernetes_manifest: any kind the API server knows, most of all custom resources. */

const WAIT_SECONDS = 600;
/** What the provider leaves out of the comparison unless told otherwise. */
const COMPUTED = ['metadata.annotations', 'metadata.labels'];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The part of a live object that the manifest speaks about: its own fields, with the live values. */
export function project(manifest: Value, live: unknown): Value {
  if (Array.isArray(manifest)) {
    if (!Array.isArray(live)) return (live ?? null) as Value;
    return live.map((item, index) =>
      index < manifest.length ? project(manifest[index] ?? null, item) : (item as Value),
    );
  }
  if (isRecord(manifest)) {
    if (!isRecord(live)) return (live ?? null) as Value;
    return Object.fromEntries(Object.entries(manifest as Obj).map(([key, inner]) => [key, project(inner, live[key])]));
  }
  // What the manifest leaves open (null) is the server's.
  return manifest === null ? null : ((live ?? null) as Value);
}

function without(value: Value, path: string[]): Value {
  const [step, ...rest] = path;
  if (step === undefined || !isRecord(value)) return value;
  const { [step]: inner, ...others } = value as Obj;
  if (inner === undefined || rest.length === 0) return others;
  return { ...others, [step]: without(inner, rest) };
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b))) : inner,
  );

/** Whether the object still is what the manifest says, computed fields aside. */
export function matches(manifest: Value, object: Value, computedFields: string[]): boolean {
  const compare = (value: Value) =>
    canonical(computedFields.reduce((rest, path) => without(rest, path.split('.')), value));
  return compare(manifest) === compare(object);
}

const computedOf = (state: Obj): string[] =>
  Array.isArray(state.computed_fields) ? state.computed_fields.map(String) : COMPUTED;
const identity = (manifest: Value | undefined): string => {
  const { apiVersion, kind, metadata } = (manifest ?? {}) as unknown as KubeObject;
  return [apiVersion, kind, metadata?.namespace, metadata?.name].map(String).join('/');
};

function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Obj).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

export function manifestHandler(connect: () => Promise<KubeClient>): ResourceHandler {
  const objectOf = (state: Obj) => withoutNulls(state.manifest ?? null) as unknown as KubeObject;
  const manager = (state: Obj) => {
    const block = (state.field_manager as Obj[] | null)?.[0];
    return {
      fieldManager: typeof block?.name === 'string' ? block.name : FIELD_MANAGER,
      force: block?.force_conflicts === true,
    };
  };
  /** A field that another manager owns is taken over only when the configuration says so; our own drift is not foreign. */
  const apply = async (client: KubeClient, state: Obj, dryRun: boolean) => {
    const object = objectOf(state);
    return client.apply(object, { ...manager(state), force: true, dryRun }).catch((error) => {
      if (error instanceof UnknownKindError) throw unknownKind(object);
      throw refused(error, describeObject(object));
    });
  };
  const unknownKind = ({ apiVersion, kind }: KubeObject) =>
    new ProviderError(
      'API did not recognize GroupVersionKind from manifest (CRD may not be installed)',
      `no matches for kind "${kind}" in "${apiVersion}". Install its CustomResourceDefinition in a stack that is applied before this one is planned.`,
    );
  const write = async (planned: Obj, operation: 'create' | 'update'): Promise<Obj> => {
    const client = await connect();
    const object = objectOf(planned);
    const { apiVersion, kind, metadata } = object;
    if (operation === 'create' && (await client.get(apiVersion, kind, metadata.name, metadata.namespace))) {
      throw new ProviderError(
        'Cannot create resource that already exists',
        `${describeObject(object)} exists: import it.`,
      );
    }
    const live = await apply(client, planned, false);
    const state = { ...planned, object: project(planned.manifest ?? null, live) };
    const wait = (planned.wait as Obj[] | null)?.[0];
    try {
      if (wait) await waitForManifest(client, live, wait, timeoutOf(planned, operation, WAIT_SECONDS));
    } catch (error) {
      if (error instanceof ProviderError) error.partial = state;
      throw error;
    }
    return state;
  };

  return {
    async plan({ config, prior, planned, replace }) {
      const moved =
        prior !== null && !hasUnknown(planned.manifest) && identity(prior.manifest) !== identity(planned.manifest);
      const changed = !prior || moved || !matches(planned.manifest ?? null, prior.object ?? null, computedOf(planned));
      const result = {
        planned: { ...planned, object: changed ? UNKNOWN : (prior.object ?? null) },
        replace: moved ? [...replace, 'manifest'] : replace,
      };
      if (hasUnknown(config) || !changed) return result;
      const client = await connect();
      const object = objectOf(planned);
      const { namespace } = object.metadata;
      try {
        await client.discovery.find(object.apiVersion, object.kind);
      } catch (error) {
        throw error instanceof UnknownKindError ? unknownKind(object) : error;
      }
      if (namespace && !(await client.get('v1', 'Namespace', namespace))) return result;
      if (!moved) await apply(client, planned, true);
      return result;
    },
    create: (planned) => write(planned, 'create'),
    update: (_prior, planned) => write(planned, 'update'),
    async read(state) {
      const client = await connect();
      const object = objectOf(state);
      const { apiVersion, kind, metadata } = object;
      const live = await client.get(apiVersion, kind, metadata.name, metadata.namespace).catch((error) => {
        if (error instanceof UnknownKindError) return undefined;
        throw error;
      });
      if (!live || live.metadata.deletionTimestamp) return null;
      return { ...state, object: project(state.manifest ?? null, live) };
    },
    async delete(prior) {
      const client = await connect();
      const { apiVersion, kind, metadata } = objectOf(prior);
      const { namespace, name } = metadata;
      try {
        if (!(await client.delete(apiVersion, kind, name, { namespace }))) return;
        await client.waitForDeletion(apiVersion, kind, name, {
          namespace,
          timeoutSeconds: timeoutOf(prior, 'delete', WAIT_SECONDS),
        });
      } catch (error) {
        // The definition went first, and the objects with it.
        if (!(error instanceof UnknownKindError)) throw error;
      }
    },
    async import(id) {
      const parts = Object.fromEntries(id.split(',').map((part) => part.split('=') as [string, string]));
      const { apiVersion, kind, namespace, name } = parts;
      if (!apiVersion || !kind || !name) {
        throw new ProviderError(`unexpected id '${id}'`, 'Write it as apiVersion=...,kind=...,namespace=...,name=...');
      }
      return { manifest: { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } } };
    },
  };
}
