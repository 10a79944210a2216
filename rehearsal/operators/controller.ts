import { isNotFound, type KubeClient, type KubeObject, UnknownKindError } from '../kubernetes-client/index.ts';

/** What a controller sees: every object of its kinds, kept up to date by watches. */
export interface World {
  of<T = KubeObject>(kind: string): T[];
}

export interface ControllerOptions {
  name: string;
  /** `[apiVersion, kind]`; a kind whose definition is not installed yet is waited for. */
  kinds: [string, string][];
  signal: AbortSignal;
  /** Brings the cluster to what the world asks for; called after changes, never twice at a time. */
  reconcile(world: World): Promise<void>;
  /** Milliseconds until the next try after a reconcile that failed or asked for one. */
  retryMs?: number;
  onError?: (error: unknown) => void;
}

/** Changes that come together (a whole stack being applied) are taken in one reconcile. */
const SETTLE_MS = 50;

/** Runs until the signal. `retry` asks for another reconcile later, for what no watched kind will announce. */
export function controller(client: KubeClient, options: ControllerOptions): { retry(): void } {
  const objects = new Map<string, Map<string, KubeObject>>();
  const { signal } = options;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let running = false;

  const world: World = { of: (kind) => [...(objects.get(kind)?.values() ?? [])] as never };
  const schedule = (delay: number) => {
    if (signal.aborted || Date.now() + delay >= dueAt) return;
    clearTimeout(timer);
    dueAt = Date.now() + delay;
    timer = setTimeout(run, delay);
  };
  const retry = () => schedule(options.retryMs ?? 1000);
  async function run(): Promise<void> {
    dueAt = Number.POSITIVE_INFINITY;
    if (signal.aborted) return;
    if (running) return schedule(SETTLE_MS);
    running = true;
    try {
      await options.reconcile(world);
    } catch (error) {
      if (!signal.aborted) {
        options.onError?.(error);
        retry();
      }
    } finally {
      running = false;
    }
  }

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  for (const [apiVersion, kind] of options.kinds) {
    const known = new Map<string, KubeObject>();
    objects.set(kind, known);
    client.watch(
      apiVersion,
      kind,
      ({ type, object }) => {
        const id = `${object.metadata.namespace}/${object.metadata.name}`;
        if (type === 'DELETED') known.delete(id);
        else known.set(id, object);
        schedule(SETTLE_MS);
      },
      { signal, onError: options.onError },
    );
  }
  return { retry };
}

/** Writes the status of an object that may have gone meanwhile. */
export async function setStatus(client: KubeClient, object: KubeObject, status: unknown): Promise<void> {
  try {
    await client.patchStatus(object, status);
  } catch (error) {
    if (!isNotFound(error) && !(error instanceof UnknownKindError)) throw error;
  }
}
