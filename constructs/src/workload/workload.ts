import { createHash } from 'node:crypto';
import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1/index.js';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1/index.js';
import type { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2/index.js';
import type { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1/index.js';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1/index.js';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1/index.js';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { distinct, ensure, pattern, range, refuse } from '../validation.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { imageReference } from './image.ts';
import { APP_LABEL, type Callee, networkPolicy } from './network-policy.ts';
import type { NamedPort, WorkloadOptions } from './options.ts';
import { podSpec, type SecretMount } from './pod.ts';
import { checkScaling, cpuAutoscaler, type Scaling } from './scaling.ts';

/** What the kind of workload adds to what its user asked for. */
export interface WorkloadProps extends WorkloadOptions {
  /** Environment variables that `config` may override. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default none */
  readonly mounts?: readonly SecretMount[];
  /** What it reaches past the sidecar, since it encrypts by itself. @default nothing */
  readonly direct?: readonly Callee[];
  /** What must be there before the pods start. @default nothing */
  readonly after?: readonly ITerraformDependable[];
}

const workloadName = {
  regex: /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  means: '1-40 lower-case letters, digits or hyphens, starting with a letter',
};
const portName = {
  regex: /^(?=.*[a-z])[a-z0-9](-?[a-z0-9]){0,14}$/,
  means: '1-15 lower-case letters, digits or hyphens',
};
const versionLabel = {
  regex: /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/,
  means: 'a label value of 1-63 letters, digits, dots, hyphens or underscores',
};
const variable = { regex: /^[A-Z][A-Z0-9_]*$/, means: 'UPPER_SNAKE names of environment variables' };
const SECRET_LOOKING = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_KEY|CREDENTIALS?)$/;
/** Ports below are the operating system's, for which a container would have to be root. */
const PORT = { min: 1024, max: 65535 };
/** Of the Service, so that its address needs no port. */
const HTTP = 80;
const ROLLOUT_SECONDS = { min: 30, max: 3600 };
const RESOURCES: ContainerResources = {
  requests: { cpu: '100m', memory: '256Mi' },
  limits: { memory: '256Mi' },
};

/**
 * Deployment, Service, identity, configuration, disruption budget, scaling and network policy of one program. EventProducer,
 * EventConsumer and HttpService each hold one; its parts are there for `addOverride`.
 */
export class Workload extends Construct {
  readonly deployment: DeploymentV1;
  /** Absent without a port. */
  readonly service?: ServiceV1;
  readonly serviceAccount: ServiceAccountV1;
  readonly configMap: ConfigMapV1;
  readonly networkPolicy: NetworkPolicyV1;
  readonly disruptionBudget: PodDisruptionBudgetV1;
  /** Only with `scaling` by CPU. */
  readonly autoscaler?: HorizontalPodAutoscalerV2;
  readonly scaling: Scaling;
  readonly name: string;
  readonly namespace: string;
  /** Of the pods; undefined where nothing listens. */
  readonly port?: number;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { namespace } = props;
    const name = pattern(this, 'name', props.name, workloadName);
    this.name = name;
    this.namespace = namespace;
    pattern(this, 'image', props.image, imageReference);
    const version = pattern(this, 'version', props.version ?? 'v1', versionLabel);
    const ports = this.checkPorts(props);
    this.port = ports.find((port) => port.name === 'http')?.port;
    this.scaling = checkScaling(this, props);
    const resources = containerResources(this, 'resources', props.resources ?? RESOURCES);
    this.checkEnvironment(props);

    const metadata = { name, namespace };
    const data = {
      ...(this.port === undefined ? {} : { PORT: String(this.port) }),
      ...props.environment,
      ...props.config,
    };
    const selector = { [APP_LABEL]: name };
    const labels = { ...selector, version };
    const identity = props.identityAnnotations;
    this.serviceAccount = new ServiceAccountV1(this, 'ServiceAccount', {
      metadata: { ...metadata, ...(identity ? { annotations: { ...identity } } : {}) },
      automountServiceAccountToken: props.kubernetesToken ?? false,
    });
    this.configMap = new ConfigMapV1(this, 'Config', { metadata, data });
    const { direct = [] } = props;
    this.networkPolicy = networkPolicy(this, props, { ports: ports.map(({ port }) => port), callees: direct });

    const { scaling } = this;
    this.deployment = new DeploymentV1(this, 'Deployment', {
      metadata: { ...metadata, labels },
      spec: {
        replicas: String(scaling.type === 'fixed' ? scaling.replicas : scaling.min),
        selector: { matchLabels: { ...selector } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '1', maxUnavailable: '0' } },
        template: {
          metadata: {
            labels,
            // Pods read the configuration when they start, so a change of it must start them anew.
            annotations: { 'checksum/config': checksum(data), ...sidecarAnnotations(props) },
          },
          spec: podSpec(this, props, {
            resources,
            configMap: name,
            serviceAccount: name,
            ports,
            port: this.port,
            mounts: props.mounts ?? [],
          }),
        },
      },
      timeouts: this.timeouts(props.rolloutSeconds ?? 600),
      // Whoever scales owns the number; Terraform would set it back at every apply.
      ...(scaling.type === 'fixed' ? {} : { lifecycle: { ignoreChanges: ['spec[0].replicas'] } }),
      dependsOn: [
        this.serviceAccount,
        this.configMap,
        this.networkPolicy,
        ...(props.after ?? []),
        ...(props.dependsOn ?? []),
      ],
    });
    if (ports.length > 0) {
      this.service = new ServiceV1(this, 'Service', {
        metadata: { ...metadata, labels: selector },
        spec: {
          selector,
          port: ports.map((one) => ({
            name: one.name,
            port: one.name === 'http' ? HTTP : one.port,
            targetPort: String(one.port),
            protocol: 'TCP',
          })),
        },
      });
    }
    this.disruptionBudget = new PodDisruptionBudgetV1(this, 'DisruptionBudget', {
      metadata,
      // Of a single replica none could ever be moved if one had to stay.
      spec: { maxUnavailable: '1', selector: { matchLabels: { ...selector } } },
    });
    if (scaling.type === 'cpu')
      this.autoscaler = cpuAutoscaler(this, metadata, this.deployment.metadata.name, name, scaling);
  }

  /** Within the cluster; refused of a program that listens to nobody. */
  get url(): string {
    if (this.port === undefined) refuse(this, 'url', 'is only there with a port');
    return `http://${this.name}.${this.namespace}.svc`;
  }

  private checkPorts({ port, ports = [] }: WorkloadProps): NamedPort[] {
    const all = [...(port === 'none' ? [] : [{ name: 'http', port: port ?? 8080 }]), ...ports];
    for (const one of ports) {
      pattern(this, 'ports.name', one.name, portName);
      range(this, 'ports.port', one.port, PORT);
    }
    if (port !== 'none') range(this, 'port', port, PORT);
    distinct(this, 'ports', all, (one) => one.name);
    distinct(this, 'ports', all, (one) => one.port);
    return all;
  }

  private checkEnvironment({ config = {}, secrets = [] }: WorkloadProps): void {
    for (const key of Object.keys(config)) {
      pattern(this, 'config', key, variable);
      ensure(this, !SECRET_LOOKING.test(key), 'config', 'must hold no secret: name a Secret in `secrets`', key);
    }
    for (const { env } of secrets) pattern(this, 'secrets.env', env, variable);
    distinct(this, 'secrets.env', [...Object.keys(config), ...secrets.map(({ env }) => env)]);
  }

  private timeouts(seconds: number) {
    const text = `${range(this, 'rolloutSeconds', seconds, ROLLOUT_SECONDS)}s`;
    return { create: text, update: text };
  }
}

const checksum = (data: Record<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 16);

/** Kafka has its own mutual TLS: a sidecar in between would only see bytes. */
const sidecarAnnotations = ({ mesh, direct }: WorkloadProps): Record<string, string> =>
  mesh === 'sidecar' && direct?.length
    ? { 'traffic.sidecar.istio.io/excludeOutboundPorts': direct.map(({ port }) => port).join(',') }
    : {};
