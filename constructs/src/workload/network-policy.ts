import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1/index.js';
import type { Construct } from 'constructs';
import { distinct, length, range } from '../validation.ts';
import type { WorkloadOptions } from './options.ts';

/** By this label policies, budgets and Services find a workload's pods. */
export const APP_LABEL = 'app.kubernetes.io/name';

/** A namespace by name, or one program in it. */
export type Caller = string | { readonly namespace: string; readonly app: string };

/** What the pods may reach: a port of the pods there, which need not be the port of their Service. */
export interface Callee {
  readonly namespace: string;
  readonly port: number;
  /** Label `app.kubernetes.io/name` of its pods. @default every pod of the namespace */
  readonly app?: string;
}

/** Ports and peers that the kind of workload adds. */
export interface Reaches {
  /** The workload's own ports. */
  ports: number[];
  /** Beside `calls`. */
  callees: readonly Callee[];
}

const PORT = { min: 1, max: 65535 };
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const tcp = (port: number) => ({ port: String(port), protocol: 'TCP' });
const within = (cidr: string) => ({ ipBlock: { cidr } });
const peer = (namespace: string, app: string | undefined) => ({
  ...inNamespace(namespace),
  ...(app === undefined ? {} : { podSelector: { matchLabels: { [APP_LABEL]: app } } }),
});

/** The cluster's DNS: its pods, and the caches that GKE puts on the nodes. Source: the GKE guide on NodeLocal DNSCache. */
const DNS = {
  to: [inNamespace('kube-system'), within('169.254.20.10/32')],
  ports: [{ port: '53', protocol: 'UDP' }, tcp(53)],
};
/** GKE's metadata server, which gives out tokens of the Google identity. Source: the GKE guide on Workload Identity. */
const METADATA = [
  { to: [within('169.254.169.252/32')], ports: [tcp(988)] },
  { to: [within('169.254.169.254/32')], ports: [tcp(80)] },
];
/** Where a sidecar gets its certificates and routes. */
const ISTIOD = 15012;
/** The cluster's own addresses, metadata servers among them: whoever may call out may not call in by that. */
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
/** A sidecar's port with its own and the program's metrics. */
const MERGED_METRICS = 15020;

/** Nothing comes in and nothing goes out but what the workload declares, and what it needs to live. */
export function networkPolicy(
  scope: Construct,
  options: WorkloadOptions,
  { ports, callees }: Reaches,
): NetworkPolicyV1 {
  const { metrics, mesh } = options;
  const callers = distinct(scope, 'callers', options.callers ?? [], (caller) => JSON.stringify(caller));
  const calls = [...callees, ...(options.calls ?? [])];
  for (const { port } of options.calls ?? []) range(scope, 'calls.port', port, PORT);
  for (const port of options.egressPorts ?? []) range(scope, 'egressPorts', port, PORT);
  distinct(scope, 'egressPorts', options.egressPorts ?? []);
  length(scope, 'metrics.namespaces', metrics?.namespaces, { min: 1 });
  const metricsPort = metrics?.port ?? (mesh === 'sidecar' ? MERGED_METRICS : ports[0]);

  const ingress = [
    ...(callers.length > 0 && ports.length > 0
      ? [
          {
            from: callers.map((caller) =>
              typeof caller === 'string' ? inNamespace(caller) : peer(caller.namespace, caller.app),
            ),
            ports: ports.map(tcp),
          },
        ]
      : []),
    ...(metrics && metricsPort !== undefined
      ? [
          {
            from: metrics.namespaces.map(inNamespace),
            ports: [tcp(range(scope, 'metrics.port', metricsPort, PORT))],
          },
        ]
      : []),
  ];
  return new NetworkPolicyV1(scope, 'NetworkPolicy', {
    metadata: { name: options.name, namespace: options.namespace },
    spec: {
      podSelector: { matchLabels: { [APP_LABEL]: options.name } },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length > 0 ? { ingress } : {}),
      egress: [
        DNS,
        ...calls.map(({ namespace, app, port }) => ({ to: [peer(namespace, app)], ports: [tcp(port)] })),
        ...(mesh === 'sidecar' ? [{ to: [inNamespace('istio-system')], ports: [tcp(ISTIOD)] }] : []),
        ...(options.identityAnnotations ? METADATA : []),
        ...(options.egressPorts?.length
          ? [
              {
                to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } }],
                ports: options.egressPorts.map(tcp),
              },
            ]
          : []),
      ],
    },
  });
}
