import { GOOGLE } from '../../terraform/behaviour/google.ts';
import {
  type Block,
  type Obj,
  type ProviderDefinition,
  ProviderError,
  type ProviderSchema,
  type ResourceHandler,
  type Value,
} from '../../terraform/provider.ts';
import { basename, type Method, relative } from './api.ts';
import type { GoogleCloud } from './cloud.ts';
import { fromApi, toApi } from './convert.ts';
import { call, memberHandler, restHandler } from './handlers.ts';
import { clusterPath, cryptoKeyPath, keyRingPath, natOf, repositoryPath, TYPES } from './types.ts';

export { GoogleApiError } from './api.ts';
export { BOOTSTRAP_SERVICES, GoogleCloud, type GoogleCloudOptions } from './cloud.ts';
export { DEFAULT_QUOTAS } from './quotas.ts';
export { type RestDoor, startRestDoor } from './rest-door.ts';

type Policy = (state: Obj, cloud: GoogleCloud) => { get: [Method, string]; set: [Method, string] };

const policyAt =
  (url: (state: Obj, cloud: GoogleCloud) => string): Policy =>
  (state, cloud) => ({
    get: ['GET', `${url(state, cloud)}:getIamPolicy`],
    set: ['POST', `${url(state, cloud)}:setIamPolicy`],
  });

const MEMBERS: Record<string, { policy: Policy; id: (state: Obj, cloud: GoogleCloud) => string }> = {
  google_project_iam_member: {
    policy: policyAt((_state, cloud) => `resourcemanager/v1/projects/${cloud.project}`),
    id: (_state, cloud) => cloud.project,
  },
  google_service_account_iam_member: {
    policy: policyAt((state) => `iam/v1/${state.service_account_id}`),
    id: (state) => String(state.service_account_id),
  },
  google_kms_crypto_key_iam_member: {
    policy: policyAt((state) => `kms/v1/${relative(String(state.crypto_key_id))}`),
    id: (state) => relative(String(state.crypto_key_id)),
  },
  google_artifact_registry_repository_iam_member: {
    policy: policyAt(
      (state, cloud) =>
        `artifactregistry/v1/${repositoryPath({ ...state, repository_id: basename(String(state.repository)) }, cloud)}`,
    ),
    id: (state, cloud) => repositoryPath({ ...state, repository_id: basename(String(state.repository)) }, cloud),
  },
  google_secret_manager_secret_iam_member: {
    policy: policyAt(
      (state, cloud) => `secretmanager/v1/projects/${cloud.project}/secrets/${basename(String(state.secret_id))}`,
    ),
    id: (state, cloud) => `projects/${cloud.project}/secrets/${basename(String(state.secret_id))}`,
  },
  google_storage_bucket_iam_member: {
    policy: (state) => {
      const url = `storage/v1/b/${String(state.bucket).replace(/^b\//, '')}/iam`;
      return { get: ['GET', url], set: ['PUT', url] };
    },
    id: (state) => `b/${String(state.bucket).replace(/^b\//, '')}`,
  },
};

/** An API is switched on; switching it off again is left to people, as the constructs ask for. */
function serviceHandler(cloud: GoogleCloud): ResourceHandler {
  const url = (state: Obj) => `serviceusage/v1/projects/${cloud.project}/services/${state.service}`;
  const stateOf = (state: Obj): Obj => ({
    ...state,
    project: typeof state.project === 'string' ? state.project : cloud.project,
    id: `${cloud.project}/${state.service}`,
  });
  return {
    async create(planned) {
      await call(cloud, 'Error enabling service', 'POST', `${url(planned)}:enable`);
      return stateOf(planned);
    },
    async read(state) {
      const { state: live } = await call(cloud, 'Error reading service', 'GET', url(state));
      return live === 'ENABLED' ? stateOf(state) : null;
    },
    update: async (_prior, planned) => stateOf(planned),
    async delete(prior) {
      if (prior.disable_on_destroy !== false)
        await call(cloud, 'Error disabling service', 'POST', `${url(prior)}:disable`);
    },
    import: async (id) => ({ service: id.split('/').pop() ?? '', project: cloud.project }),
  };
}

/** NAT is written into its router. */
function natHandler(block: Block, cloud: GoogleCloud): ResourceHandler {
  const names = { router: '-', region: '-', project: '-', id: '-', subnetwork: 'subnetworks', log_config: '-' };
  const routerUrl = (state: Obj) =>
    `compute/v1/projects/${cloud.project}/regions/${typeof state.region === 'string' ? state.region : cloud.region}/routers/${basename(String(state.router))}`;
  const write = async (state: Obj, nat: object | undefined) => {
    const url = routerUrl(state);
    const router = await call(cloud, 'Error reading router', 'GET', url);
    const others = (router.nats ?? []).filter((one: { name: string }) => one.name !== state.name);
    await call(cloud, 'Error writing NAT', 'PATCH', url, { nats: nat ? [...others, nat] : others });
  };
  const stateOf = (state: Obj, live: object): Obj => {
    const region = typeof state.region === 'string' ? state.region : cloud.region;
    return {
      ...fromApi(block, live, state, names),
      region,
      project: cloud.project,
      router: state.router ?? null,
      log_config: (state.log_config as Value) ?? [],
      id: `${cloud.project}/${region}/${basename(String(state.router))}/${state.name}`,
    };
  };
  const put = async (planned: Obj) => {
    const log = (planned.log_config as Obj[] | null)?.[0];
    const body = {
      ...toApi(block, planned, names),
      ...(log ? { logConfig: { enable: log.enable, filter: log.filter } } : {}),
    };
    await write(planned, body);
    return stateOf(planned, body);
  };
  return {
    create: put,
    update: (_prior, planned) => put(planned),
    async read(state) {
      const router = await cloud.request('GET', routerUrl(state)).catch(() => undefined);
      const nat = router && natOf(router, state.name);
      return nat ? stateOf(state, nat) : null;
    },
    delete: (prior) => write(prior, undefined),
  };
}

/** A temporary pool that the API insists on is removed once the cluster is there, as the real provider does. */
function withoutDefaultPool(handler: ResourceHandler, cloud: GoogleCloud): ResourceHandler {
  return {
    ...handler,
    async create(planned, config) {
      const state = await handler.create(planned, config);
      if (planned.remove_default_node_pool === true) {
        await call(
          cloud,
          'Error deleting default node pool',
          'DELETE',
          `container/v1/${state.id}/nodePools/default-pool`,
        );
      }
      return state;
    },
  };
}

export interface GoogleProviderOptions {
  schema: ProviderSchema;
  cloud: GoogleCloud;
}

/** Stand-in for provider google 6.50.0: the second door to the simulated Google. */
export function googleProvider({ schema, cloud }: GoogleProviderOptions): ProviderDefinition {
  const resources: ProviderDefinition['resources'] = {};
  for (const [type, block] of Object.entries(schema.resources)) {
    const member = MEMBERS[type];
    const spec = TYPES[type];
    if (member) resources[type] = memberHandler(member.policy, member.id, cloud);
    else if (type === 'google_project_service') resources[type] = serviceHandler(cloud);
    else if (type === 'google_compute_router_nat') resources[type] = natHandler(block, cloud);
    else if (spec) resources[type] = restHandler(type, block, spec, cloud);
  }
  const { google_container_cluster: cluster } = resources;
  if (cluster) resources.google_container_cluster = withoutDefaultPool(cluster, cloud);

  const reader = (
    type: string,
    url: (config: Obj) => string,
    id: (config: Obj) => string,
    computed: (live: Obj) => Obj = () => ({}),
  ) => ({
    async read(config: Obj): Promise<Obj> {
      const block = schema.dataSources[type]!;
      const live = await call(cloud, `Error reading ${type}`, 'GET', url(config));
      return { ...fromApi(block, live, undefined), ...config, ...computed(live), id: id(config) };
    },
  });
  const readers: ProviderDefinition['dataSources'] = {
    google_container_cluster: reader(
      'google_container_cluster',
      (config) => `container/v1/${clusterPath(config, cloud)}`,
      (config) => clusterPath(config, cloud),
      (live) => {
        const endpoints = live.controlPlaneEndpointsConfig as unknown as {
          dnsEndpointConfig: { endpoint: string; allowExternalTraffic: boolean };
        };
        const { endpoint, allowExternalTraffic } = endpoints.dnsEndpointConfig;
        return {
          master_version: (live.currentMasterVersion as Value) ?? null,
          control_plane_endpoints_config: [
            {
              dns_endpoint_config: [{ endpoint, allow_external_traffic: allowExternalTraffic }],
              ip_endpoints_config: [],
            },
          ],
        };
      },
    ),
    google_project: reader(
      'google_project',
      (config) => `resourcemanager/v1/projects/${config.project_id ?? cloud.project}`,
      (config) => `projects/${config.project_id ?? cloud.project}`,
      () => ({ number: cloud.projectNumber, project_id: cloud.project, name: cloud.project }),
    ),
    google_kms_key_ring: reader(
      'google_kms_key_ring',
      (config) => `kms/v1/${keyRingPath(config, cloud)}`,
      (config) => keyRingPath(config, cloud),
    ),
    google_kms_crypto_key: reader(
      'google_kms_crypto_key',
      (config) => `kms/v1/${cryptoKeyPath(config)}`,
      (config) => cryptoKeyPath(config),
    ),
  };
  return {
    name: 'google',
    behaviour: GOOGLE,
    async configure(config) {
      if (typeof config.project === 'string' && config.project !== cloud.project) {
        throw new ProviderError(`project ${config.project} is not the simulated project ${cloud.project}`);
      }
      return [];
    },
    resources,
    dataSources: Object.fromEntries(
      Object.keys(schema.dataSources).flatMap((type) => (readers[type] ? [[type, readers[type]]] : [])),
    ),
  };
}
