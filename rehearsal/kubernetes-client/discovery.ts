import { isNotFound, UnknownKindError } from './api-error.ts';
import type { Transport } from './transport.ts';

export interface ApiResource {
  apiVersion: string;
  kind: string;
  /** Plural name in paths, e.g. `deployments`. */
  plural: string;
  namespaced: boolean;
  verbs: string[];
  /** e.g. `status`, `scale`. */
  subresources: string[];
}

interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}
interface GroupDiscoveryList {
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      resources?: {
        resource: string;
        scope: string;
        verbs: string[];
        responseKind?: { kind: string };
        subresources?: { subresource: string }[];
      }[];
    }[];
  }[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/** Which kinds the API server serves, and where; a group version is asked for once, and again when a kind is unknown. */
export class Discovery {
  private readonly transport: Transport;
  private readonly known = new Map<string, Promise<Map<string, ApiResource>>>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  async find(apiVersion: string, kind: string): Promise<ApiResource> {
    const cached = this.known.get(apiVersion);
    const found = cached && (await cached.catch(() => undefined))?.get(kind);
    if (found) return found;
    const fresh = this.read(apiVersion);
    this.known.set(apiVersion, fresh);
    const resource = (await fresh).get(kind);
    if (!resource) throw new UnknownKindError(apiVersion, kind);
    return resource;
  }

  /** The path of a collection (no name) or of an object. */
  async path(apiVersion: string, kind: string, name?: string, namespace?: string): Promise<string> {
    const resource = await this.find(apiVersion, kind);
    const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${groupPath(apiVersion)}${scope}/${resource.plural}${name ? `/${encodeURIComponent(name)}` : ''}`;
  }

  /** Everything that is served, in the preferred version of each group. */
  async all(): Promise<ApiResource[]> {
    const lists = await Promise.all(
      ['/api', '/apis'].map((path) => this.transport.json<GroupDiscoveryList>('GET', path, { accept: AGGREGATED })),
    );
    return lists.flatMap((list) =>
      list.items.flatMap((group) => {
        const preferred = group.versions[0];
        const apiVersion = group.metadata.name
          ? `${group.metadata.name}/${preferred?.version}`
          : `${preferred?.version}`;
        return (preferred?.resources ?? []).flatMap((resource) =>
          resource.responseKind
            ? [
                {
                  apiVersion,
                  kind: resource.responseKind.kind,
                  plural: resource.resource,
                  namespaced: resource.scope === 'Namespaced',
                  verbs: resource.verbs,
                  subresources: (resource.subresources ?? []).map((each) => each.subresource),
                },
              ]
            : [],
        );
      }),
    );
  }

  private async read(apiVersion: string): Promise<Map<string, ApiResource>> {
    const list = await this.transport.json<ResourceList>('GET', groupPath(apiVersion)).catch((error) => {
      if (isNotFound(error)) return {} as ResourceList;
      throw error;
    });
    const resources = new Map<string, ApiResource>();
    for (const each of list.resources ?? []) {
      if (each.name.includes('/')) continue;
      resources.set(each.kind, {
        apiVersion,
        kind: each.kind,
        plural: each.name,
        namespaced: each.namespaced,
        verbs: each.verbs,
        subresources: [],
      });
    }
    for (const each of list.resources ?? []) {
      const [plural, subresource] = each.name.split('/');
      if (!subresource) continue;
      for (const resource of resources.values())
        if (resource.plural === plural) resource.subresources.push(subresource);
    }
    return resources;
  }
}

const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
