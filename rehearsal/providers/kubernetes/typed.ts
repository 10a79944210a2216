import { ApiError, describeObject, type KubeClient, type KubeObject } from '../../kubernetes-client/index.ts';
import { hasUnknown } from '../../terraform/cty.ts';
import { type Block, type Obj, ProviderError, type ResourceHandler } from '../../terraform/provider.ts';
import { fromFields, toObject } from './convert.ts';
import type { Kind } from './kinds.ts';
import { timeoutOf, waitForAddress, waitForJob, waitForRollout } from './waiting.ts';

export const FIELD_MANAGER = 'Terraform';
const ROLLOUT_SECONDS = 600;
const DELETE_SECONDS = 300;
const JOB_SECONDS = 60;

/** The API server's refusal, in its words, as Terraform shows it. */
export function refused(error: unknown, what: string): unknown {
  if (!(error instanceof ApiError)) return error;
  return new ProviderError(`${what}: ${error.reason || error.status}`, error.message);
}

const idOf = ({ metadata }: KubeObject): string => [metadata.namespace, metadata.name].filter(Boolean).join('/');

/** Secrets are written in the clear by Terraform and in base64 by Kubernetes. */
function encodeSecret(object: KubeObject): KubeObject {
  const encode = (value: unknown) => Buffer.from(String(value)).toString('base64');
  const data = Object.fromEntries(Object.entries(object.data ?? {}).map(([key, value]) => [key, encode(value)]));
  return { ...object, data: { ...data, ...object.binaryData }, binaryData: undefined };
}
function decodeSecret(object: KubeObject): KubeObject {
  const decode = (value: unknown) => Buffer.from(String(value), 'base64').toString();
  return {
    ...object,
    data: Object.fromEntries(Object.entries(object.data ?? {}).map(([key, value]) => [key, decode(value)])),
  };
}

/** A typed resource: applied on the server's side, so that what others manage stays theirs. */
export function typedHandler(block: Block, kind: Kind, connect: () => Promise<KubeClient>): ResourceHandler {
  const { apiVersion } = kind;
  const build = (state: Obj): KubeObject => {
    const object = toObject(block, state, apiVersion, kind.kind);
    if (kind.namespaced) object.metadata.namespace ??= 'default';
    // The provider plans it for every Service; the API server takes it for load balancers only.
    if (kind.kind === 'Service' && object.spec?.type !== 'LoadBalancer')
      delete object.spec.allocateLoadBalancerNodePorts;
    return kind.kind === 'Secret' ? encodeSecret(object) : object;
  };
  const toState = (live: KubeObject, former: Obj | undefined): Obj => ({
    ...fromFields(block, (kind.kind === 'Secret' ? decodeSecret(live) : live) as Record<string, unknown>, former),
    id: idOf(live),
  });
  const wait = async (client: KubeClient, object: KubeObject, planned: Obj, operation: 'create' | 'update') => {
    if (kind.wait === 'rollout' && planned.wait_for_rollout !== false) {
      await waitForRollout(client, object, timeoutOf(planned, operation, ROLLOUT_SECONDS));
    } else if (kind.wait === 'job' && planned.wait_for_completion !== false) {
      await waitForJob(client, object, timeoutOf(planned, operation, JOB_SECONDS));
    } else if (kind.wait === 'load-balancer' && planned.wait_for_load_balancer !== false) {
      await waitForAddress(client, object, timeoutOf(planned, operation, ROLLOUT_SECONDS));
    }
  };
  const write = async (planned: Obj, operation: 'create' | 'update'): Promise<Obj> => {
    const client = await connect();
    const object = build(planned);
    const exists =
      operation === 'create' &&
      (await client.get(apiVersion, kind.kind, object.metadata.name, object.metadata.namespace));
    if (exists)
      throw new ProviderError(`${describeObject(object)} already exists`, 'Import it, or give this one another name.');
    const live = await client
      .apply(object, { fieldManager: FIELD_MANAGER, force: true })
      .catch((error) => Promise.reject(refused(error, describeObject(object))));
    const state = toState(live, planned);
    try {
      await wait(client, live, planned, operation);
    } catch (error) {
      if (error instanceof ProviderError) error.partial = state;
      throw error;
    }
    const settled = await client.get(apiVersion, kind.kind, object.metadata.name, object.metadata.namespace);
    return settled ? toState(settled, planned) : state;
  };

  return {
    async plan({ config, planned, replace }) {
      // Admission's verdict is worth more at plan than at apply, but it needs the whole object and its namespace.
      if (replace.length > 0 || hasUnknown(config)) return { planned, replace };
      const client = await connect();
      const object = build(planned);
      const { namespace } = object.metadata;
      if (namespace && !(await client.get('v1', 'Namespace', namespace))) return { planned, replace };
      await client
        .apply(object, { fieldManager: FIELD_MANAGER, force: true, dryRun: true })
        .catch((error) => Promise.reject(refused(error, describeObject(object))));
      return { planned, replace };
    },
    create: (planned) => write(planned, 'create'),
    update: (_prior, planned) => write(planned, 'update'),
    async read(state) {
      const client = await connect();
      const [name = '', namespace] = String(state.id).split('/').reverse();
      const live = await client.get(apiVersion, kind.kind, name, namespace);
      if (!live || live.metadata.deletionTimestamp) return null;
      const imported = state.metadata === null || (Array.isArray(state.metadata) && state.metadata.length === 0);
      return toState(live, imported ? undefined : state);
    },
    async delete(prior) {
      const client = await connect();
      const [name = '', namespace] = String(prior.id).split('/').reverse();
      const propagationPolicy = kind.wait === 'rollout' || kind.wait === 'job' ? 'Foreground' : 'Background';
      await client.delete(apiVersion, kind.kind, name, { namespace, propagationPolicy });
      const timeoutSeconds = timeoutOf(prior, 'delete', DELETE_SECONDS);
      await client.waitForDeletion(apiVersion, kind.kind, name, { namespace, timeoutSeconds });
    },
    async import(id) {
      if (kind.namespaced && !/^[^/]+\/[^/]+$/.test(id)) {
        throw new ProviderError(`unexpected id '${id}' for ${kind.kind}`, 'Write it as namespace/name.');
      }
      return { id };
    },
  };
}
