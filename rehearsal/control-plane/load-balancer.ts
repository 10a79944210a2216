import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import { recordEvent } from './events.ts';

export interface LoadBalancer {
  namespace: string;
  name: string;
  ip: string;
}

export interface LoadBalancersOptions {
  /** Asked before an address is given; an answer is the reason why the cloud refuses it. @default everything is granted */
  admit?: (service: KubeObject, existing: LoadBalancer[]) => string | undefined | Promise<string | undefined>;
  onError?: (error: unknown) => void;
}

export interface LoadBalancers {
  /** Resolves when the services that were there at the start have been handled. */
  synced: Promise<void>;
  /** Resolves when the signal has ended it. */
  done: Promise<void>;
  /** Those that exist now. */
  list(): LoadBalancer[];
  count(): number;
}

/** TEST-NET-3 (RFC 5737): addresses that are nobody's. */
const NETWORK = '203.0.113';
const HOSTS = Array.from({ length: 244 }, (_, index) => index + 10);

/** In place of the cloud's load balancers: gives every Service of type LoadBalancer an address, and counts them. */
export function startLoadBalancers(
  client: KubeClient,
  signal: AbortSignal,
  options: LoadBalancersOptions = {},
): LoadBalancers {
  const balancers = new Map<string, LoadBalancer>();
  const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;

  const onService = async (service: KubeObject): Promise<void> => {
    const key = keyOf(service);
    // `loadBalancerClass` names a controller of somebody else's.
    if (service.spec?.type !== 'LoadBalancer' || service.spec.loadBalancerClass || service.metadata.deletionTimestamp) {
      balancers.delete(key);
      return;
    }
    const current = service.status?.loadBalancer?.ingress?.[0]?.ip as string | undefined;
    const before = balancers.get(key);
    if (before && current === before.ip) return;
    const refusal = await options.admit?.(
      service,
      [...balancers.values()].filter((each) => each !== before),
    );
    if (refusal) {
      await recordEvent(client, service, 'Warning', 'SyncLoadBalancerFailed', refusal);
      return;
    }
    const taken = new Set([...balancers.values()].map(({ ip }) => ip));
    const free = HOSTS.map((host) => `${NETWORK}.${host}`).find((ip) => !taken.has(ip)) ?? `${NETWORK}.254`;
    const ip = before?.ip ?? current ?? ((service.spec.loadBalancerIP as string | undefined) || free);
    balancers.set(key, { namespace: service.metadata.namespace ?? '', name: service.metadata.name, ip });
    if (current !== ip) await client.patchStatus(service, { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } });
  };

  const watch = client.watch(
    'v1',
    'Service',
    ({ type, object }) => {
      if (type !== 'DELETED') return onService(object);
      balancers.delete(keyOf(object));
    },
    { signal, onError: options.onError },
  );
  return {
    synced: watch.synced,
    done: watch.done,
    list: () => [...balancers.values()],
    count: () => balancers.size,
  };
}
