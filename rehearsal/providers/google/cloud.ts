import { createHash, randomUUID } from 'node:crypto';
import { GoogleApiError, type Json, type Method, notFound } from './api.ts';
import type { ClusterBackend, NodeSpec } from './cluster-backend.ts';
import { COMPUTE } from './compute.ts';
import { CONTAINER } from './container.ts';
import { IDENTITY } from './identity.ts';
import { type Disk, Quotas, type QuotaUsage } from './quotas.ts';
import { STORES } from './stores.ts';

export interface GoogleCloudOptions {
  project: string;
  region: string;
  /** Granted quotas by metric (`SSD_TOTAL_GB`); Google's defaults for the others. */
  quotas?: Record<string, number>;
  /** APIs that are enabled before the first plan: what `plinth bootstrap` enables. */
  enabledServices?: string[];
  /** Key ring, key and bucket that `plinth bootstrap` made. */
  keyRing?: { location: string; name: string; keys: string[] };
  buckets?: string[];
  backend: ClusterBackend;
}

export interface Call {
  cloud: GoogleCloud;
  /** Groups of the route's pattern. */
  params: Record<string, string>;
  body: Json;
  query: URLSearchParams;
}

/** One operation of one API. `path` is the URL without host and doubled versions. */
export interface Route {
  method: Method;
  path: RegExp;
  /** API that must be enabled, without `.googleapis.com`. */
  service?: string;
  handle(call: Call): Json | Promise<Json>;
}

export const BOOTSTRAP_SERVICES = [
  'cloudkms',
  'cloudresourcemanager',
  'iam',
  'iamcredentials',
  'serviceusage',
  'storage',
];

/** One Google project, simulated by its rules. Both doors, the REST API and the stand-in provider, come in here. */
export class GoogleCloud {
  readonly project: string;
  readonly region: string;
  readonly projectNumber = '123456789012';
  readonly quotas: Quotas;
  readonly backend: ClusterBackend;
  /** Everything there is, by path without host and version: `projects/p/global/networks/n`. */
  readonly resources = new Map<string, Json>();
  readonly policies = new Map<string, Json>();
  readonly services: Set<string>;
  /** Nodes of all clusters, as the backend was told last. */
  nodes: NodeSpec[] = [];
  /** Disks of volumes, reported by whoever provisions them. */
  readonly disks = new Map<string, Disk>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: GoogleCloudOptions) {
    this.project = options.project;
    this.region = options.region;
    this.backend = options.backend;
    this.quotas = new Quotas(options.region, options.quotas);
    this.services = new Set(options.enabledServices ?? BOOTSTRAP_SERVICES);
    const { keyRing } = options;
    if (keyRing) {
      const ring = `projects/${this.project}/locations/${keyRing.location}/keyRings/${keyRing.name}`;
      this.resources.set(ring, { name: ring, createTime: this.now() });
      for (const key of keyRing.keys) {
        this.resources.set(`${ring}/cryptoKeys/${key}`, {
          name: `${ring}/cryptoKeys/${key}`,
          purpose: 'ENCRYPT_DECRYPT',
          rotationPeriod: '7776000s',
          createTime: this.now(),
          versionTemplate: { algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION', protectionLevel: 'SOFTWARE' },
          primary: { name: `${ring}/cryptoKeys/${key}/cryptoKeyVersions/1`, state: 'ENABLED' },
        });
      }
    }
    for (const bucket of options.buckets ?? []) this.resources.set(`b/${bucket}`, { name: bucket });
  }

  now(): string {
    return new Date().toISOString();
  }

  /** Stable numbers for things that Google numbers. */
  number(of: string): string {
    return String(Number.parseInt(createHash('sha1').update(of).digest('hex').slice(0, 12), 16));
  }

  etag(): string {
    return Buffer.from(randomUUID().slice(0, 8)).toString('base64');
  }

  find(path: string): Json | undefined {
    return this.resources.get(path);
  }

  get(path: string): Json {
    const found = this.resources.get(path);
    if (!found) throw notFound(path);
    return found;
  }

  under(prefix: string, kind: string): [string, Json][] {
    return [...this.resources].filter(([path]) => path.startsWith(prefix) && path.includes(`/${kind}/`));
  }

  /** Service accounts that Google keeps for a project exist once the API is enabled. */
  knowsServiceAccount(email: string): boolean {
    return this.resources.has(`projects/${this.project}/serviceAccounts/${email}`);
  }

  hasRole(path: string, role: string, member: string): boolean {
    const bindings: { role: string; members: string[] }[] = this.policies.get(path)?.bindings ?? [];
    return bindings.some((binding) => binding.role === role && binding.members.includes(member));
  }

  requireService(service: string): void {
    if (this.services.has(service)) return;
    throw new GoogleApiError(
      403,
      'accessNotConfigured',
      `${service}.googleapis.com has not been used in project ${this.project} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${service}.googleapis.com/overview?project=${this.project} then retry.`,
      [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', domain: 'googleapis.com' }],
    );
  }

  private consumers(nodes: NodeSpec[]) {
    const addresses = [...this.resources].filter(([path]) => path.includes('/addresses/')).length;
    return { nodes, disks: [...this.disks.values()], staticAddresses: addresses, inUseAddresses: addresses };
  }

  usage(): QuotaUsage[] {
    return this.quotas.usage(this.consumers(this.nodes));
  }

  checkQuota(nodes: NodeSpec[] = this.nodes): void {
    this.quotas.check(this.consumers(nodes));
  }

  /** A volume's disk is being made or grown: refused when a declared quota does not hold it. */
  useDisk(name: string, disk: Disk): void {
    const former = this.disks.get(name);
    this.disks.set(name, disk);
    try {
      this.checkQuota();
    } catch (error) {
      if (former) this.disks.set(name, former);
      else this.disks.delete(name);
      throw error;
    }
  }

  async setNodes(nodes: NodeSpec[]): Promise<void> {
    this.checkQuota(nodes);
    this.nodes = nodes;
    await this.backend.nodesChanged(nodes);
  }

  /** One request. They are taken one at a time, as each may change what the next is judged by. */
  request(method: Method, url: string, body: Json = {}): Promise<Json> {
    const run = this.queue.then(
      () => this.answer(method, url, body),
      () => this.answer(method, url, body),
    );
    this.queue = run.catch(() => {});
    return run;
  }

  private async answer(method: Method, url: string, body: Json): Promise<Json> {
    const parsed = new URL(url, 'http://google');
    const path = decodeURIComponent(parsed.pathname)
      .replace(/^\/+/, '')
      // The provider adds the version to some endpoints that already have it.
      .replace(/\/(v\d\w*)\/v\d\w*\//, '/$1/');
    for (const route of ROUTES) {
      if (route.method !== method) continue;
      const match = route.path.exec(path);
      if (!match) continue;
      const params = { ...match.groups };
      if (params.project && params.project !== this.project && params.project !== this.projectNumber) {
        throw new GoogleApiError(403, 'forbidden', `Permission denied on resource project ${params.project}.`);
      }
      if (route.service) this.requireService(route.service);
      return route.handle({ cloud: this, params, body, query: parsed.searchParams });
    }
    throw new GoogleApiError(404, 'notFound', `${method} ${path} is not simulated`);
  }
}

const ROUTES: Route[] = [...COMPUTE, ...CONTAINER, ...IDENTITY, ...STORES];
