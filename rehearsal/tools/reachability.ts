import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Dispatcher, EnvHttpProxyAgent, fetch } from 'undici';
import { plinthCache } from './cache.ts';

const CONNECT_MS = 3_000;
const PROBE_MS = 5_000;
/** A host that could not be reached is not tried again for so long, in any run. */
const REMEMBERED_MS = 3_600_000;

let shared: Dispatcher | undefined;

/** For requests to the outside: honours HTTPS_PROXY and NO_PROXY, and gives up connecting after three seconds. */
export function outsideDispatcher(): Dispatcher {
  shared ??= new EnvHttpProxyAgent({ connect: { timeout: CONNECT_MS }, headersTimeout: 30_000, bodyTimeout: 60_000 });
  return shared;
}

export interface Reachability {
  reachable: boolean;
  /** Why not. */
  reason?: string;
}

const probes = new Map<string, Promise<Reachability>>();

export interface ReachabilityOptions {
  /** @default the user's cache */
  cacheDir?: string;
  /** Asks anew even if the host was found unreachable within the last hour. @default false */
  fresh?: boolean;
}

/** Whether a host answers at all: asked once per host and run, whatever the path. */
export function isReachable(url: string, options: ReachabilityOptions = {}): Promise<Reachability> {
  const origin = new URL(url).origin;
  const file = join(options.cacheDir ?? plinthCache(), 'unreachable.json');
  const known = probes.get(origin);
  if (known) return known;
  const remembered = options.fresh ? undefined : readRemembered(file)[origin];
  if (remembered && Date.now() - remembered.at < REMEMBERED_MS) {
    return Promise.resolve({ reachable: false, reason: `${remembered.reason} (remembered for an hour)` });
  }
  const answer = probe(origin).then((result) => {
    remember(file, origin, result);
    return result;
  });
  probes.set(origin, answer);
  return answer;
}

async function probe(origin: string): Promise<Reachability> {
  try {
    const response = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      dispatcher: outsideDispatcher(),
      signal: AbortSignal.timeout(PROBE_MS),
    });
    await response.body?.cancel();
    // A proxy that forbids the host answers in its place.
    if (response.status === 407 || response.status === 502 || response.status === 504) {
      return { reachable: false, reason: `answered ${response.status}` };
    }
    return { reachable: true };
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    return { reachable: false, reason: cause?.code ?? cause?.message ?? message };
  }
}

function readRemembered(file: string): Record<string, { at: number; reason: string }> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

function remember(file: string, origin: string, result: Reachability): void {
  const all = readRemembered(file);
  if (result.reachable && !all[origin]) return;
  if (result.reachable) delete all[origin];
  else all[origin] = { at: Date.now(), reason: result.reason ?? '' };
  try {
    mkdirSync(dirname(file), { recursive: true });
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, JSON.stringify(all, null, 2));
    renameSync(aside, file);
  } catch {
    // A cache that cannot be written costs a probe in the next run, no more.
  }
}
