import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1/index.js';
import type { Construct } from 'constructs';
import type { WorkloadOptions } from './options.ts';

/** A namespace and port that the pods may reach. */
export interface Reach {
  readonly namespace: string;
  readonly port: number;
}

const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const tcp = (port: number) => ({ port: String(port), protocol: 'TCP' });

/** GKE's metadata server, which gives out tokens of the Google identity. Source: the GKE guide on network policies. */
const METADATA = [
  { to: [{ ipBlock: { cidr: '169.254.169.252/32' } }], ports: [tcp(988)] },
  { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [tcp(80)] },
];
/** Ports of a sidecar that its control plane and other sidecars use. */
const ISTIOD = 15012;
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Nothing comes in and nothing goes out but what the workload declares, and what it needs to live. */
export function networkPolicy(
  scope: Construct,
  options: WorkloadOptions,
  port: number,
  reaches: Reach[],
): NetworkPolicyV1 {
  const callers = options.callers ?? [];
  return new NetworkPolicyV1(scope, 'NetworkPolicy', {
    metadata: { name: options.name, namespace: options.namespace },
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/name': options.name } },
      policyTypes: ['Ingress', 'Egress'],
      ...(callers.length > 0 ? { ingress: [{ from: callers.map(inNamespace), ports: [tcp(port)] }] } : {}),
      egress: [
        {
          to: [inNamespace('kube-system')],
          ports: [
            { port: '53', protocol: 'UDP' },
            { port: '53', protocol: 'TCP' },
          ],
        },
        ...[...reaches, ...(options.calls ?? [])].map((reach) => ({
          to: [inNamespace(reach.namespace)],
          ports: [tcp(reach.port)],
        })),
        ...(options.mesh === 'sidecar' ? [{ to: [inNamespace('istio-system')], ports: [tcp(ISTIOD)] }] : []),
        ...(options.identityAnnotations ? METADATA : []),
        ...(options.egressPorts?.length
          ? [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } }], ports: options.egressPorts.map(tcp) }]
          : []),
      ],
    },
  });
}
