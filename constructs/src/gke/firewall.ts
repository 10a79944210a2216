import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { length, range } from '../validation.ts';

export const PORT = { min: 1, max: 65_535 };

/** Google's load balancers and their health checks: https://cloud.google.com/load-balancing/docs/health-checks#fw-rule */
export const HEALTH_CHECK_RANGES = ['35.191.0.0/16', '130.211.0.0/22', '209.85.152.0/22', '209.85.204.0/22'];

/** kube-proxy's own health, and the node ports from which a Service's health check port is taken. */
const HEALTH_CHECK_PORTS = ['10256', '30000-32767'];

/** Last before the VPC's implied rules, so that every rule of GKE's and of ours comes first. */
const LAST = 65_534;

export interface NetworkFirewallProps {
  /** First part of every rule's name. */
  readonly name: string;
  readonly network: string;
  readonly project?: string;
  /** Network tag of the cluster's nodes. */
  readonly nodeTag: string;
  /** Where the control plane calls from. */
  readonly controlPlaneCidr?: string;
  /** Logs refused and health check traffic. */
  readonly logging: boolean;
}

/** The rules of one network. A rule exists only once something needs it. */
export class NetworkFirewall extends Construct {
  /** The rule for webhooks, once a port was allowed. */
  webhooks?: ComputeFirewall;
  /** The rule for load balancers' health checks. */
  readonly healthChecks: ComputeFirewall;
  /** Refuses, and logs, whatever no other rule allows. */
  readonly denyIngress: ComputeFirewall;
  readonly #props: NetworkFirewallProps;
  readonly #webhookPorts = new Set<number>();

  constructor(scope: Construct, id: string, props: NetworkFirewallProps) {
    super(scope, id);
    this.#props = props;
    this.healthChecks = new ComputeFirewall(this, 'health-checks', {
      ...this.#ingress('health-checks', 'Health checks of load balancers reach the nodes'),
      sourceRanges: HEALTH_CHECK_RANGES,
      targetTags: [props.nodeTag],
      allow: [{ protocol: 'tcp', ports: HEALTH_CHECK_PORTS }],
    });
    this.denyIngress = new ComputeFirewall(this, 'deny-ingress', {
      ...this.#ingress('deny-ingress', 'Whatever no other rule allows is refused, and seen'),
      priority: LAST,
      sourceRanges: ['0.0.0.0/0'],
      deny: [{ protocol: 'all' }],
    });
  }

  /** Ports on which the control plane reaches pods, in the order of their numbers. */
  get webhookPorts(): number[] {
    return [...this.#webhookPorts].sort((a, b) => a - b);
  }

  allowControlPlaneWebhooks(ports: readonly number[]): void {
    const source = this.#props.controlPlaneCidr;
    length(this, 'ports', ports, { min: 1 });
    for (const port of ports) this.#webhookPorts.add(range(this, 'ports', port, PORT));
    // A rule without ports would allow them all, so it is made with the first port and not before.
    this.webhooks ??= new ComputeFirewall(this, 'control-plane-webhooks', {
      ...this.#ingress('control-plane-webhooks', 'The control plane calls the webhooks of operators'),
      sourceRanges: source ? [source] : [],
      targetTags: [this.#props.nodeTag],
      allow: [{ protocol: 'tcp', ports: Lazy.listValue({ produce: () => this.webhookPorts.map(String) }) }],
    });
  }

  #ingress(suffix: string, description: string) {
    const { name, network, project, logging } = this.#props;
    return {
      name: `${name}-${suffix}`,
      description,
      network,
      project,
      direction: 'INGRESS',
      priority: 1000,
      logConfig: logging ? { metadata: 'INCLUDE_ALL_METADATA' } : undefined,
    };
  }
}
