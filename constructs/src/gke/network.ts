import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js';
import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router/index.js';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat/index.js';
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js';
import { Construct } from 'constructs';
import { ensure, oneOf, pattern, range, refuse } from '../validation.ts';
import { cidr, disjoint } from './cidr.ts';
import { NetworkFirewall } from './firewall.ts';
import { REGION, RESOURCE_NAME } from './names.ts';

/** https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing */
const SIZES = {
  nodesCidr: { largest: 8, smallest: 29 },
  podsCidr: { largest: 9, smallest: 21 },
  servicesCidr: { largest: 16, smallest: 27 },
  /** GKE takes exactly a /28 for a control plane. */
  controlPlaneCidr: { largest: 28, smallest: 28 },
};

/** https://cloud.google.com/vpc/docs/flow-logs: the intervals over which packets are put together. */
const FLOW_INTERVALS = {
  5: 'INTERVAL_5_SEC',
  30: 'INTERVAL_30_SEC',
  60: 'INTERVAL_1_MIN',
  300: 'INTERVAL_5_MIN',
  600: 'INTERVAL_10_MIN',
  900: 'INTERVAL_15_MIN',
} as const;
export const FLOW_SAMPLING = { min: 0.01, max: 1, integer: false };
export const NAT_ADDRESSES = { min: 1, max: 16 };
/** https://cloud.google.com/nat/docs/ports-and-addresses: powers of two with dynamic allocation. */
export const NAT_PORTS = { min: 32, max: 65_536 };

/** A network with one subnet for one cluster, made here or elsewhere. */
export interface INetwork extends Construct {
  readonly networkId: string;
  readonly subnetworkId: string;
  readonly region: string;
  /** Names of the subnet's secondary ranges. */
  readonly podsRangeName: string;
  readonly servicesRangeName: string;
  /** Network tag by which firewall rules know the cluster's nodes. */
  readonly nodeTag: string;
  readonly controlPlaneCidr?: string;
}

export interface NetworkAttributes {
  /** `projects/<project>/global/networks/<network>`. */
  readonly networkId: string;
  /** `projects/<project>/regions/<region>/subnetworks/<subnetwork>`. */
  readonly subnetworkId: string;
  readonly region: string;
  readonly podsRangeName: string;
  readonly servicesRangeName: string;
  readonly nodeTag: string;
  readonly controlPlaneCidr?: string;
}

export interface FlowLogsOptions {
  /** Share of flows that are kept, 0.01-1. @default 0.5 */
  readonly sampling?: number;
  /** Seconds over which a flow's packets are put together: 5, 30, 60, 300, 600 or 900. Longer is cheaper. @default 30 */
  readonly intervalSeconds?: keyof typeof FLOW_INTERVALS;
}

export interface NatOptions {
  /**
   * Static addresses reserved for outgoing traffic, 1-16, for peers that filter by address; each counts against the
   * project's quota. @default - Google picks addresses as needed
   */
  readonly staticAddresses?: number;
  /** Ports that each node begins with, a power of two in 32-65536. @default 64 */
  readonly minPortsPerNode?: number;
  /** Ports that a busy node may grow to, a power of two above the minimum. @default 4096 */
  readonly maxPortsPerNode?: number;
}

export interface NetworkProps {
  /** First part of every resource's name: 1-40 lower-case letters, digits or hyphens. */
  readonly name: string;
  /** Region of the subnet, e.g. `europe-west1`. */
  readonly region: string;
  /** @default - the provider's project */
  readonly project?: string;
  /** Addresses of nodes, /8 to /29. A /24 has room for 252 nodes. */
  readonly nodesCidr: string;
  /** Addresses of pods, /9 to /21. Each node takes a /24 of it at 110 pods a node. */
  readonly podsCidr: string;
  /** Addresses of Services, /16 to /27. */
  readonly servicesCidr: string;
  /** Addresses of the control plane, a /28. Needed for `allowControlPlaneWebhooks`. @default - chosen by GKE */
  readonly controlPlaneCidr?: string;
  /** Whether routes reach the other regions of the network. @default 'REGIONAL' */
  readonly routing?: 'REGIONAL' | 'GLOBAL';
  /** Records of the subnet's traffic (CIS GKE 5.6.1). @default - half of all flows, over 30 seconds */
  readonly flowLogs?: FlowLogsOptions | false;
  /** How nodes without a public address reach the internet. @default - addresses as needed, 64-4096 ports a node */
  readonly nat?: NatOptions | false;
  /** Logs what the firewall refuses. @default true */
  readonly firewallLogging?: boolean;
}

/**
 * A VPC with one subnet for one private, VPC-native cluster (CIS GKE 5.6.2): secondary ranges for pods and Services,
 * private access to Google's APIs, a router with NAT for the rest, and firewall rules that refuse by default.
 */
export class Network extends Construct implements INetwork {
  /** The underlying resources. */
  readonly vpc: ComputeNetwork;
  readonly subnetwork: ComputeSubnetwork;
  readonly router?: ComputeRouter;
  readonly nat?: ComputeRouterNat;
  readonly natAddresses: readonly ComputeAddress[];
  readonly firewall: NetworkFirewall;

  readonly name: string;
  readonly region: string;
  readonly podsRangeName = 'pods';
  readonly servicesRangeName = 'services';
  readonly nodeTag: string;
  readonly controlPlaneCidr?: string;
  readonly #project?: string;

  /** A network that something else made, for example a shared VPC. */
  static fromAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return Object.assign(new Construct(scope, id), attributes);
  }

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { project, nodesCidr, podsCidr, servicesCidr, controlPlaneCidr, flowLogs = {} } = props;
    const name = pattern(this, 'name', props.name, RESOURCE_NAME);
    const region = pattern(this, 'region', props.region, REGION);
    cidr(this, 'nodesCidr', nodesCidr, SIZES.nodesCidr);
    cidr(this, 'podsCidr', podsCidr, SIZES.podsCidr);
    cidr(this, 'servicesCidr', servicesCidr, SIZES.servicesCidr);
    if (controlPlaneCidr) cidr(this, 'controlPlaneCidr', controlPlaneCidr, SIZES.controlPlaneCidr);
    disjoint(this, { nodesCidr, podsCidr, servicesCidr, controlPlaneCidr });

    this.name = name;
    this.region = region;
    this.nodeTag = `${name}-node`;
    this.controlPlaneCidr = controlPlaneCidr;
    this.#project = project;

    this.vpc = new ComputeNetwork(this, 'vpc', {
      name,
      project,
      autoCreateSubnetworks: false,
      routingMode: oneOf(this, 'routing', props.routing ?? 'REGIONAL', ['REGIONAL', 'GLOBAL']),
    });
    this.subnetwork = new ComputeSubnetwork(this, 'subnet', {
      name: `${name}-nodes`,
      project,
      region,
      network: this.vpc.id,
      ipCidrRange: nodesCidr,
      privateIpGoogleAccess: true,
      secondaryIpRange: [
        { rangeName: this.podsRangeName, ipCidrRange: podsCidr },
        { rangeName: this.servicesRangeName, ipCidrRange: servicesCidr },
      ],
      logConfig: flowLogs === false ? undefined : this.#flowLogs(flowLogs),
    });

    const nat = props.nat ?? {};
    const addresses =
      nat === false ? undefined : range(this, 'nat.staticAddresses', nat.staticAddresses, NAT_ADDRESSES);
    this.natAddresses = Array.from({ length: addresses ?? 0 }, (_, index) =>
      this.addAddress(`nat-address-${index + 1}`, `nat-${index + 1}`),
    );
    if (nat !== false) {
      this.router = new ComputeRouter(this, 'router', {
        name: `${name}-router`,
        project,
        region,
        network: this.vpc.id,
      });
      this.nat = this.#nat(this.router, nat);
    }
    this.firewall = new NetworkFirewall(this, 'firewall', {
      name,
      project,
      network: this.vpc.id,
      nodeTag: this.nodeTag,
      controlPlaneCidr,
      logging: props.firewallLogging ?? true,
    });
  }

  get networkId(): string {
    return this.vpc.id;
  }

  get subnetworkId(): string {
    return this.subnetwork.id;
  }

  /** Reserves a static external address in the region, for example for the load balancer. */
  addAddress(id: string, suffix: string = id): ComputeAddress {
    return new ComputeAddress(this, id, {
      name: `${this.name}-${suffix}`,
      project: this.#project,
      region: this.region,
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
    });
  }

  /**
   * Lets the control plane reach pods on these ports, beside 443 and 10250 which GKE opens itself. A private cluster
   * that lacks one refuses every object that the webhook judges. Later calls add to earlier ones.
   */
  allowControlPlaneWebhooks(ports: readonly number[]): this {
    if (!this.controlPlaneCidr) refuse(this, 'controlPlaneCidr', 'is needed to let the control plane reach webhooks');
    this.firewall.allowControlPlaneWebhooks(ports);
    return this;
  }

  #flowLogs({ sampling = 0.5, intervalSeconds = 30 }: FlowLogsOptions) {
    range(this, 'flowLogs.sampling', sampling, FLOW_SAMPLING);
    const allowed = Object.keys(FLOW_INTERVALS).map(Number);
    oneOf<number>(this, 'flowLogs.intervalSeconds', intervalSeconds, allowed);
    return {
      aggregationInterval: FLOW_INTERVALS[intervalSeconds],
      flowSampling: sampling,
      metadata: 'INCLUDE_ALL_METADATA',
    };
  }

  #nat(router: ComputeRouter, { minPortsPerNode = 64, maxPortsPerNode = 4096 }: NatOptions): ComputeRouterNat {
    for (const [prop, ports] of Object.entries({ minPortsPerNode, maxPortsPerNode })) {
      range(this, `nat.${prop}`, ports, NAT_PORTS);
      ensure(this, Number.isInteger(Math.log2(ports)), `nat.${prop}`, 'must be a power of two', ports);
    }
    const more = `must be more than nat.minPortsPerNode ${minPortsPerNode}`;
    ensure(this, maxPortsPerNode > minPortsPerNode, 'nat.maxPortsPerNode', more, maxPortsPerNode);
    const fixed = this.natAddresses.length > 0;
    return new ComputeRouterNat(this, 'nat', {
      name: `${this.name}-nat`,
      project: this.#project,
      region: this.region,
      router: router.name,
      natIpAllocateOption: fixed ? 'MANUAL_ONLY' : 'AUTO_ONLY',
      natIps: fixed ? this.natAddresses.map((address) => address.selfLink) : undefined,
      sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS',
      subnetwork: [{ name: this.subnetwork.id, sourceIpRangesToNat: ['ALL_IP_RANGES'] }],
      // Google refuses the two together: a port that moves cannot keep its mapping.
      enableDynamicPortAllocation: true,
      enableEndpointIndependentMapping: false,
      minPortsPerVm: minPortsPerNode,
      maxPortsPerVm: maxPortsPerNode,
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    });
  }
}
