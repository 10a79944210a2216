import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, UnknownKindError } from './api-error.ts';
import type { Discovery } from './discovery.ts';
import type { KubeObject } from './objects.ts';
import type { Transport } from './transport.ts';

export interface WatchEvent<T extends KubeObject = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

export interface WatchOptions {
  signal: AbortSignal;
  /** @default all namespaces */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Called with what the handler throws and with connection faults; the watch goes on. @default a process warning for handler errors */
  onError?: (error: unknown) => void;
}

export interface Watch {
  /** Resolves when the first list was handled; rejects when the signal ends the watch before. */
  synced: Promise<void>;
  /** Resolves when the signal ended the watch. Never rejects. */
  done: Promise<void>;
}

/** A kind whose definition is not installed yet is asked for again at this pace. */
const UNKNOWN_KIND_MS = 500;
const RECONNECT_MS = 250;

/**
 * List, then watch from there; reconnects where it stopped and lists again when the server has forgotten that place.
 * Events of one watch are handled one after the other. A kind that is not served yet is waited for.
 */
export function startWatch<T extends KubeObject>(
  transport: Transport,
  discovery: Discovery,
  apiVersion: string,
  kind: string,
  handler: (event: WatchEvent<T>) => void | Promise<void>,
  options: WatchOptions,
): Watch {
  const { signal } = options;
  const onError = options.onError;
  let markSynced = () => {};
  let failSync: (error: unknown) => void = () => {};
  const synced = new Promise<void>((resolve, reject) => {
    markSynced = resolve;
    failSync = reject;
  });
  synced.catch(() => {});

  const handle = async (event: WatchEvent<T>) => {
    try {
      await handler(event);
    } catch (error) {
      if (signal.aborted) return;
      if (onError) onError(error);
      else process.emitWarning(`watch of ${kind}: ${(error as Error).stack ?? error}`);
    }
  };
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => {});
  const query = { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector };

  const run = async () => {
    const known = new Map<string, T>();
    const keyOf = (object: T) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    let version: string | undefined;
    while (!signal.aborted) {
      try {
        const path = await discovery.path(apiVersion, kind, undefined, options.namespace);
        if (version === undefined) {
          const list = await transport.json<{ metadata: { resourceVersion: string }; items: T[] | null }>('GET', path, {
            query,
            signal,
          });
          const gone = new Map(known);
          for (const item of list.items ?? []) {
            const object = { ...item, apiVersion, kind };
            const before = known.get(keyOf(object));
            gone.delete(keyOf(object));
            known.set(keyOf(object), object);
            if (before?.metadata.resourceVersion === object.metadata.resourceVersion) continue;
            await handle({ type: before ? 'MODIFIED' : 'ADDED', object });
          }
          for (const [key, object] of gone) {
            known.delete(key);
            await handle({ type: 'DELETED', object });
          }
          version = list.metadata.resourceVersion;
          markSynced();
        }
        const lines = transport.lines(path, {
          query: { ...query, watch: true, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: 300 },
          signal,
        });
        for await (const line of lines) {
          const event = JSON.parse(line) as { type: string; object: T & { code?: number; message?: string } };
          if (event.type === 'ERROR') {
            throw new ApiError(`watch ${path}`, event.object.code ?? 0, '', event.object.message ?? 'watch failed');
          }
          version = event.object.metadata.resourceVersion;
          if (event.type === 'BOOKMARK') continue;
          if (event.type === 'DELETED') known.delete(keyOf(event.object));
          else known.set(keyOf(event.object), event.object);
          await handle(event as WatchEvent<T>);
          if (signal.aborted) break;
        }
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof UnknownKindError) {
          await pause(UNKNOWN_KIND_MS);
          continue;
        }
        // 410: the server's history no longer reaches back to where we stopped. 404: the definition was removed.
        if (error instanceof ApiError && (error.status === 410 || error.status === 404)) version = undefined;
        onError?.(error);
        await pause(RECONNECT_MS);
      }
    }
    failSync(new Error(`the watch of ${kind} was ended before its first list`));
  };
  return { synced, done: run() };
}
