import type { IConstruct } from 'constructs';
import { distinct, ensure, length, oneOf, type Pattern, pattern } from '../validation.ts';
import { cidr } from './cidr.ts';

export const RELEASE_CHANNELS = ['RAPID', 'REGULAR', 'STABLE', 'EXTENDED'] as const;
export type ReleaseChannel = (typeof RELEASE_CHANNELS)[number];

/** https://cloud.google.com/kubernetes-engine/docs/how-to/config-logging-monitoring */
export const LOGGING_COMPONENTS = [
  'SYSTEM_COMPONENTS',
  'WORKLOADS',
  'APISERVER',
  'CONTROLLER_MANAGER',
  'SCHEDULER',
  'KCP_CONNECTION',
  'KCP_SSHD',
  'KCP_HPA',
] as const;
export type LoggingComponent = (typeof LOGGING_COMPONENTS)[number];

export const MONITORING_COMPONENTS = [
  'SYSTEM_COMPONENTS',
  'APISERVER',
  'CONTROLLER_MANAGER',
  'SCHEDULER',
  'STORAGE',
  'HPA',
  'POD',
  'DAEMONSET',
  'DEPLOYMENT',
  'STATEFULSET',
  'CADVISOR',
  'KUBELET',
  'DCGM',
  'JOBSET',
] as const;
export type MonitoringComponent = (typeof MONITORING_COMPONENTS)[number];

/** GKE accepts one group only, of exactly this name in the organisation's domain (CIS GKE 5.8.3). */
export const SECURITY_GROUP: Pattern = {
  regex: /^gke-security-groups@[a-z0-9.-]+\.[a-z]+$/,
  means: 'gke-security-groups@<your domain>',
};
export const AUTHORIZED_NETWORKS = { min: 1, max: 100 };

export interface AuthorizedNetwork {
  /** Shown in the console. */
  readonly name: string;
  /** Who may connect, e.g. `203.0.113.0/24`. */
  readonly cidr: string;
}

export interface EndpointOptions {
  /**
   * Whether the DNS endpoint can be reached from outside Google's network. It is guarded by IAM and its certificate is
   * public, so clients need neither a CA nor a bastion. @default true
   */
  readonly dnsFromOutside?: boolean;
  /** The endpoints by IP address, beside the DNS endpoint. @default false: none, so there is no address to attack */
  readonly ip?: IpEndpointOptions | false;
}

export interface IpEndpointOptions {
  /** Gives the control plane a public address too. @default false (CIS GKE 5.6.4) */
  readonly publicAddress?: boolean;
  /** Who may connect, 1-100 networks (CIS GKE 5.6.3). */
  readonly authorizedNetworks: readonly AuthorizedNetwork[];
}

/** The three blocks in which Google keeps who reaches the control plane. */
export function endpoints(scope: IConstruct, options: EndpointOptions, controlPlaneCidr: string | undefined) {
  const { dnsFromOutside = true } = options;
  const ip = options.ip || undefined;
  if (ip) {
    length(scope, 'endpoint.ip.authorizedNetworks', ip.authorizedNetworks, AUTHORIZED_NETWORKS);
    distinct(scope, 'endpoint.ip.authorizedNetworks', ip.authorizedNetworks, (network) => network.cidr);
    for (const network of ip.authorizedNetworks) {
      cidr(scope, 'endpoint.ip.authorizedNetworks', network.cidr, { largest: 1, smallest: 32 });
    }
  }
  return {
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: dnsFromOutside },
      ipEndpointsConfig: { enabled: ip !== undefined },
    },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: !ip?.publicAddress,
      masterIpv4CidrBlock: controlPlaneCidr,
    },
    // The provider does not send this block while the IP endpoints are off, and would plan it again and again.
    masterAuthorizedNetworksConfig: ip
      ? {
          gcpPublicCidrsAccessEnabled: false,
          privateEndpointEnforcementEnabled: true,
          cidrBlocks: ip.authorizedNetworks.map((network) => ({ cidrBlock: network.cidr, displayName: network.name })),
        }
      : undefined,
  };
}

export function components<T extends string>(scope: IConstruct, prop: string, wanted: readonly T[], all: readonly T[]) {
  for (const component of wanted) oneOf<string>(scope, prop, component, all);
  distinct(scope, prop, wanted);
  // SYSTEM_COMPONENTS is where incidents are diagnosed; Google bills nothing for it.
  ensure(scope, wanted.includes('SYSTEM_COMPONENTS' as T), prop, 'must include SYSTEM_COMPONENTS');
  return [...wanted];
}

export const securityGroup = (scope: IConstruct, group: string | undefined) =>
  group === undefined ? undefined : { securityGroup: pattern(scope, 'securityGroup', group, SECURITY_GROUP) };
