import { setTimeout as delay } from 'node:timers/promises';
import { isConflict, isNotFound } from './api-error.ts';
import { type ApiResource, Discovery } from './discovery.ts';
import { kubeconfigTransport } from './kubeconfig.ts';
import { describeObject, type KubeObject } from './objects.ts';
import { type RequestOptions, Transport, type TransportConfig } from './transport.ts';
import { startWatch, type Watch, type WatchEvent, type WatchOptions } from './watch.ts';

export interface ListOptions {
  /** @default all namespaces */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface WriteOptions {
  /** Validates and admits, but stores nothing. @default false */
  dryRun?: boolean;
  /** e.g. `status`, `scale`. @default the object itself */
  subresource?: string;
  /** What the API server does with fields that the schema does not have. @default `Strict`: it refuses them */
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  /** Who owns the fields written. @default `plinth` */
  fieldManager?: string;
}

export interface ApplyOptions extends WriteOptions {
  /** Takes fields over that others manage. @default false: a conflict is an error */
  force?: boolean;
}

export interface DeleteOptions {
  namespace?: string;
  /** @default Background */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  /** Seconds. @default the object's own */
  gracePeriodSeconds?: number;
}

export interface WaitOptions {
  namespace?: string;
  /** @default 60 */
  timeoutSeconds?: number;
  signal?: AbortSignal;
  /** Completes "waited 60 s for ...". @default the object's name */
  description?: string;
}

export type PatchType = 'merge' | 'json' | 'strategic';

const PATCH_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** A thin client of one Kubernetes API server: any kind by apiVersion and kind, found through discovery. */
export class KubeClient {
  readonly transport: Transport;
  readonly discovery: Discovery;

  constructor(transport: Transport) {
    this.transport = transport;
    this.discovery = new Discovery(transport);
  }

  static fromConfig(config: TransportConfig): KubeClient {
    return new KubeClient(new Transport(config));
  }

  /** From a kubeconfig file; tokens, client certificates and exec plugins are understood. */
  static fromKubeconfig(file: string, context?: string): KubeClient {
    return new KubeClient(new Transport(kubeconfigTransport(file, context)));
  }

  get server(): string {
    return this.transport.server;
  }

  /** `undefined` when there is no such object; throws UnknownKindError when there is no such kind. */
  async get<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<T | undefined> {
    const path = await this.discovery.path(apiVersion, kind, name, namespace);
    return this.transport.json<T>('GET', path).catch((error) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  }

  async list<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    options: ListOptions = {},
  ): Promise<T[]> {
    const { namespace, ...query } = options;
    const path = await this.discovery.path(apiVersion, kind, undefined, namespace);
    const list = await this.transport.json<{ items: T[] | null }>('GET', path, { query });
    // Items of a list come without their type.
    return (list.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  }

  async create<T extends KubeObject = KubeObject>(object: T, options: WriteOptions = {}): Promise<T> {
    const { apiVersion, kind, metadata } = object;
    const path = await this.discovery.path(apiVersion, kind, undefined, await this.namespaceOf(object));
    const suffix = options.subresource ? `/${metadata.name}/${options.subresource}` : '';
    return this.transport.json<T>('POST', path + suffix, { body: object, query: writeQuery(options) });
  }

  async replace<T extends KubeObject = KubeObject>(object: T, options: WriteOptions = {}): Promise<T> {
    const path = await this.pathOf(object, options.subresource);
    return this.transport.json<T>('PUT', path, { body: object, query: writeQuery(options) });
  }

  /** Server-side apply. */
  async apply<T extends KubeObject = KubeObject>(object: T, options: ApplyOptions = {}): Promise<T> {
    const path = await this.pathOf(object, options.subresource);
    return this.transport.json<T>('PATCH', path, {
      body: { ...object, metadata: { ...object.metadata, managedFields: undefined } },
      contentType: 'application/apply-patch+yaml',
      query: { ...writeQuery(options), force: options.force || undefined },
    });
  }

  async patch<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    name: string,
    patch: unknown,
    options: WriteOptions & { namespace?: string; type?: PatchType } = {},
  ): Promise<T> {
    const path = await this.discovery.path(apiVersion, kind, name, options.namespace);
    return this.transport.json<T>('PATCH', options.subresource ? `${path}/${options.subresource}` : path, {
      body: patch,
      contentType: PATCH_TYPES[options.type ?? 'merge'],
      query: writeQuery(options),
    });
  }

  /** Merges into the status subresource of an object that exists. */
  async patchStatus<T extends KubeObject = KubeObject>(object: T, status: unknown): Promise<T> {
    const { apiVersion, kind, metadata } = object;
    return this.patch<T>(
      apiVersion,
      kind,
      metadata.name,
      { status },
      { namespace: metadata.namespace, subresource: 'status' },
    );
  }

  /** Whether there was something to delete. Does not wait for finalizers: see waitForDeletion. */
  async delete(apiVersion: string, kind: string, name: string, options: DeleteOptions = {}): Promise<boolean> {
    const path = await this.discovery.path(apiVersion, kind, name, options.namespace);
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: options.propagationPolicy ?? 'Background',
      gracePeriodSeconds: options.gracePeriodSeconds,
    };
    return this.transport.json('DELETE', path, { body }).then(
      () => true,
      (error) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
  }

  /**
   * Reads, changes and writes until no one else wrote in between. `change` returns `false` to leave the object alone.
   * The object that is stored afterwards; `undefined` when it does not exist.
   */
  async update<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string | undefined,
    change: (object: T) => boolean | undefined,
    options: WriteOptions = {},
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt++) {
      const object = await this.get<T>(apiVersion, kind, name, namespace);
      if (!object || change(object) === false) return object;
      try {
        return await this.replace(object, options);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        if (!isConflict(error) || attempt === 10) throw error;
      }
    }
  }

  /** Watches one object until `predicate` holds; `undefined` is passed while (or when) it does not exist. */
  async waitFor<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    name: string,
    predicate: (object: T | undefined) => boolean,
    options: WaitOptions = {},
  ): Promise<T | undefined> {
    const seconds = options.timeoutSeconds ?? 60;
    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([ended.signal, options.signal]) : ended.signal;
    let last: T | undefined;
    try {
      return await new Promise<T | undefined>((resolve, reject) => {
        const check = (object: T | undefined) => {
          last = object;
          try {
            if (predicate(object)) resolve(object);
          } catch (error) {
            reject(error);
          }
        };
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true });
        if (options.signal?.aborted) reject(options.signal.reason);
        const watch = this.watch<T>(
          apiVersion,
          kind,
          ({ type, object }) => check(type === 'DELETED' ? undefined : object),
          { signal, namespace: options.namespace, fieldSelector: `metadata.name=${name}` },
        );
        watch.synced.then(() => last === undefined && check(undefined)).catch(() => {});
        delay(seconds * 1_000, undefined, { signal }).then(
          () => {
            const what = options.description ?? [options.namespace, kind, name].filter(Boolean).join('/');
            reject(
              new Error(
                `waited ${seconds} s for ${what}; last seen: ${last ? JSON.stringify(last.status ?? {}) : 'absent'}`,
              ),
            );
          },
          () => {},
        );
      });
    } finally {
      ended.abort();
    }
  }

  async waitForDeletion(apiVersion: string, kind: string, name: string, options: WaitOptions = {}): Promise<void> {
    await this.waitFor(apiVersion, kind, name, (object) => object === undefined, options);
  }

  /** See startWatch. */
  watch<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    handler: (event: WatchEvent<T>) => void | Promise<void>,
    options: WatchOptions,
  ): Watch {
    return startWatch(this.transport, this.discovery, apiVersion, kind, handler, options);
  }

  /** Every kind that is served. */
  async kinds(): Promise<ApiResource[]> {
    return this.discovery.all();
  }

  /** e.g. `/version`, `/readyz`, `/openapi/v3`. */
  async raw<T = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: RequestOptions,
  ): Promise<T> {
    return this.transport.json<T>(method, path, options);
  }

  /** e.g. `v1.36.1` */
  async version(): Promise<string> {
    return (await this.raw<{ gitVersion: string }>('GET', '/version')).gitVersion;
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  private async namespaceOf(object: KubeObject): Promise<string | undefined> {
    const { namespaced } = await this.discovery.find(object.apiVersion, object.kind);
    if (!namespaced) return undefined;
    if (!object.metadata.namespace) throw new Error(`${describeObject(object)} needs a metadata.namespace`);
    return object.metadata.namespace;
  }

  private async pathOf(object: KubeObject, subresource?: string): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const path = await this.discovery.path(apiVersion, kind, metadata.name, await this.namespaceOf(object));
    return subresource ? `${path}/${subresource}` : path;
  }
}

const writeQuery = (options: WriteOptions) => ({
  dryRun: options.dryRun ? 'All' : undefined,
  fieldValidation: options.fieldValidation ?? 'Strict',
  fieldManager: options.fieldManager ?? 'plinth',
});
