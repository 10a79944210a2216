import {
  type Block,
  isUnknown,
  type Obj,
  type PlanContext,
  ProviderError,
  type ResourceHandler,
  UNKNOWN,
  type Value,
} from '../../terraform/provider.ts';
import { GoogleApiError, type Json, type Method } from './api.ts';
import type { GoogleCloud } from './cloud.ts';
import { fromApi, type Names, toApi } from './convert.ts';

/** A resource type of the stand-in provider, described by where it lives and what it calls things. */
export interface TypeSpec {
  /** URL of the resource itself; its state may be what was planned. */
  self(state: Obj, cloud: GoogleCloud): string;
  /** URL to create it at. @default the collection that `self` is in */
  create?(state: Obj, cloud: GoogleCloud): string;
  id(state: Obj, cloud: GoogleCloud): string;
  names?: Names;
  /** Last changes to the body of a creation or update. */
  body?(body: Json, state: Obj, cloud: GoogleCloud): Json;
  /** Attributes that do not follow from the API's fields by name. */
  computed?(live: Json, state: Obj, cloud: GoogleCloud): Obj;
  /** How an update is made. @default PATCH of the changed fields */
  update?(call: UpdateCall): Promise<void>;
  /** Checked before the API is asked, as the real provider does by itself. */
  guardDelete?(prior: Obj): void;
  /** What an import id says. */
  parse?(id: string): Obj;
  plan?(context: PlanContext): void;
}

export interface UpdateCall {
  cloud: GoogleCloud;
  prior: Obj;
  planned: Obj;
  before: Json;
  after: Json;
  self: string;
}

const ATTRIBUTION = { 'goog-terraform-provisioned': 'true' };

/** Google's refusal as the provider tells it. */
export function asProviderError(error: unknown, doing: string): unknown {
  if (!(error instanceof GoogleApiError)) return error;
  return new ProviderError(`${doing}: googleapi: Error ${error.code}: ${error.message}, ${error.reason}`);
}

export async function call(cloud: GoogleCloud, doing: string, method: Method, url: string, body?: Json): Promise<Json> {
  try {
    return await cloud.request(method, url, body);
  } catch (error) {
    throw asProviderError(error, doing);
  }
}

const isNotFound = (error: unknown): boolean => error instanceof GoogleApiError && error.code === 404;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Labels as the provider tells them: what was written, what it added, and what is there. */
function labelAttributes(block: Block, state: Obj): Obj {
  if (!block.attributes.some(({ name }) => name === 'effective_labels')) return {};
  const labels = (state.labels ?? {}) as Record<string, Value>;
  return { terraform_labels: { ...labels, ...ATTRIBUTION }, effective_labels: { ...labels, ...ATTRIBUTION } };
}

export function restHandler(type: string, block: Block, spec: TypeSpec, cloud: GoogleCloud): ResourceHandler {
  const withDefaults = (state: Obj): Obj => ({
    ...state,
    ...(block.attributes.some(({ name }) => name === 'project') && typeof state.project !== 'string'
      ? { project: cloud.project }
      : {}),
    ...(block.attributes.some(({ name }) => name === 'region') && typeof state.region !== 'string'
      ? { region: cloud.region }
      : {}),
  });
  const bodyOf = (state: Obj): Json => {
    const body = toApi(block, state, spec.names);
    const { effectiveLabels, terraformLabels: _own, ...rest } = body;
    const complete = effectiveLabels ? { ...rest, labels: effectiveLabels } : rest;
    return spec.body ? spec.body(complete, state, cloud) : complete;
  };
  const stateOf = (live: Json, former: Obj): Obj => {
    const state = { ...fromApi(block, { ...live, labels: undefined }, former, spec.names) };
    // Labels that somebody else changed show; the provider's own are not among the written ones.
    if (live.labels && block.attributes.some(({ name }) => name === 'effective_labels')) {
      const written = (former.labels ?? {}) as Record<string, Value>;
      state.labels = former.labels
        ? Object.fromEntries(
            Object.keys(written).flatMap((key) => (key in live.labels ? [[key, live.labels[key]]] : [])),
          )
        : null;
      state.effective_labels = live.labels;
      state.terraform_labels = { ...written, ...ATTRIBUTION };
    }
    return { ...state, ...spec.computed?.(live, former, cloud), id: spec.id(former, cloud) };
  };

  return {
    async plan(context) {
      const { planned, prior, config } = context;
      if (!isUnknown(config.labels)) Object.assign(planned, labelAttributes(block, planned));
      for (const name of ['project', 'region']) {
        if (isUnknown(planned[name]) && config[name] === null)
          planned[name] = name === 'project' ? cloud.project : cloud.region;
      }
      spec.plan?.(context);
      // A fingerprint is new after every change.
      if (prior && !same(prior, planned)) {
        for (const name of ['label_fingerprint', 'etag'])
          if (name in planned && config[name] === null) planned[name] = UNKNOWN;
      }
      return { planned, replace: context.replace };
    },
    async create(planned) {
      const state = withDefaults(planned);
      const self = spec.self(state, cloud);
      const url = spec.create ? spec.create(state, cloud) : self.replace(/\/[^/]+$/, '');
      await call(cloud, `Error creating ${type}`, 'POST', url, bodyOf(state));
      return stateOf(await call(cloud, `Error reading ${type}`, 'GET', self), state);
    },
    async read(former) {
      const state = withDefaults(former);
      try {
        return stateOf(await cloud.request('GET', spec.self(state, cloud)), state);
      } catch (error) {
        if (isNotFound(error)) return null;
        throw asProviderError(error, `Error reading ${type}`);
      }
    },
    async update(prior, planned) {
      const state = withDefaults(planned);
      const self = spec.self(state, cloud);
      const before = bodyOf(withDefaults(prior));
      const after = bodyOf(state);
      if (spec.update) {
        await spec.update({ cloud, prior, planned: state, before, after, self });
      } else {
        const changed = Object.fromEntries(Object.entries(after).filter(([key, value]) => !same(value, before[key])));
        const removed = Object.fromEntries(
          Object.keys(before)
            .filter((key) => !(key in after))
            .map((key) => [key, null]),
        );
        const body = { ...changed, ...removed };
        if (Object.keys(body).length > 0) await call(cloud, `Error updating ${type}`, 'PATCH', self, body);
      }
      return stateOf(await call(cloud, `Error reading ${type}`, 'GET', self), state);
    },
    async delete(prior) {
      spec.guardDelete?.(prior);
      try {
        await cloud.request('DELETE', spec.self(withDefaults(prior), cloud));
      } catch (error) {
        if (!isNotFound(error)) throw asProviderError(error, `Error deleting ${type}`);
      }
    },
    async import(id) {
      if (!spec.parse) throw new ProviderError(`${type} cannot be imported in the rehearsal`);
      return { ...spec.parse(id), id };
    },
  };
}

const POLICY_ATTEMPTS = 20;

/** One member of one role in the policy of something; `policy` is the URL of what has the policy. */
export function memberHandler(
  policy: (state: Obj, cloud: GoogleCloud) => { get: [Method, string]; set: [Method, string] },
  id: (state: Obj, cloud: GoogleCloud) => string,
  cloud: GoogleCloud,
): ResourceHandler {
  interface Binding {
    role: string;
    members: string[];
  }
  const edit = async (state: Obj, change: (members: string[]) => string[]): Promise<Json> => {
    // Somebody else may write the policy between our read and our write; Google says so, and asks to begin again.
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await tryEdit(state, change);
      } catch (error) {
        if (attempt === POLICY_ATTEMPTS || !(error as Error).message.includes('concurrent policy changes')) throw error;
      }
    }
  };
  const tryEdit = async (state: Obj, change: (members: string[]) => string[]): Promise<Json> => {
    const { get, set } = policy(state, cloud);
    const doing = `Error applying IAM policy for ${id(state, cloud)}`;
    const current = await call(cloud, doing, ...get);
    const bindings: Binding[] = structuredClone(current.bindings ?? []);
    const role = String(state.role);
    const own = bindings.find((binding) => binding.role === role);
    const members = change(own?.members ?? []);
    const next = [...bindings.filter((binding) => binding !== own), ...(members.length > 0 ? [{ role, members }] : [])];
    const wanted = { ...current, bindings: next };
    // Buckets take the policy itself, everything else takes it wrapped.
    return call(cloud, doing, ...set, set[0] === 'PUT' ? wanted : { policy: wanted });
  };
  const stateOf = (state: Obj, live: Json): Obj => ({
    ...state,
    id: `${id(state, cloud)}/${state.role}/${state.member}`,
    etag: live.etag ?? null,
  });
  const withProject = (state: Obj): Obj =>
    'project' in state && typeof state.project !== 'string' ? { ...state, project: cloud.project } : state;
  return {
    async create(planned) {
      const state = withProject(planned);
      return stateOf(state, await edit(state, (members) => [...new Set([...members, String(state.member)])]));
    },
    async read(state) {
      const { get } = policy(state, cloud);
      const live = await cloud.request(...get).catch((error) => {
        if (isNotFound(error)) return undefined;
        throw asProviderError(error, 'Error reading IAM policy');
      });
      const has = live?.bindings?.some(
        (binding: Binding) => binding.role === state.role && binding.members.includes(String(state.member)),
      );
      // The etag of the policy changes with every other member: it is no drift of this one.
      return has ? { ...state } : null;
    },
    async delete(prior) {
      await edit(prior, (members) => members.filter((member) => member !== prior.member)).catch((error) => {
        if (!(error instanceof ProviderError && error.message.includes('Error 404'))) throw error;
      });
    },
  };
}
