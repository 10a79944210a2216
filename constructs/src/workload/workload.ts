import { createHash } from 'node:crypto';
import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1/index.js';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1/index.js';
import { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2/index.js';
import type { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1/index.js';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1/index.js';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1/index.js';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ensure, pattern, range } from '../validation.ts';
import { containerResources } from '../values/quantity.ts';
import { networkPolicy, type Reach } from './network-policy.ts';
import type { Scaling, WorkloadOptions } from './options.ts';
import { podSpec } from './pod.ts';

/** What the kind of workload adds to what its user asked for. */
export interface WorkloadProps extends WorkloadOptions {
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets with the Kafka certificates. @default none */
  readonly certificates?: readonly string[];
  readonly reaches?: readonly Reach[];
  /** What must be there before the pods start. */
  readonly after?: readonly ITerraformDependable[];
}

const workloadName = {
  regex: /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  means: '1-40 lower-case letters, digits or hyphens, starting with a letter',
};
const image = {
  regex: /^[^\s@:]+(:\d+\/[^\s@:]+)?(:(?!latest$|latest@)[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
  means: 'an image reference with a tag other than latest, or with a digest',
};
const pinned = /(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/;
const variable = { regex: /^[A-Z][A-Z0-9_]*$/, means: 'UPPER_SNAKE names of environment variables' };
const SECRET_LOOKING = /(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_KEY|CREDENTIAL)/;
const REPLICAS = { min: 0, max: 1000 };

/** Deployment, Service, identity, configuration, disruption budget, scaling and network policy of one program. */
export class Workload extends Construct {
  readonly deployment: DeploymentV1;
  readonly service: ServiceV1;
  readonly serviceAccount: ServiceAccountV1;
  readonly configMap: ConfigMapV1;
  readonly networkPolicy: NetworkPolicyV1;
  readonly disruptionBudget: PodDisruptionBudgetV1;
  readonly autoscaler?: HorizontalPodAutoscalerV2;
  readonly port: number;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { namespace } = props;
    const name = pattern(this, 'name', props.name, workloadName);
    pattern(this, 'image', props.image, image);
    ensure(
      this,
      props.image.includes('${') || pinned.test(props.image),
      'image',
      `must be ${image.means}`,
      props.image,
    );
    this.port = range(this, 'port', props.port ?? 8080, { min: 1024, max: 65535 });
    const scaling = this.checkScaling(props.scaling ?? { type: 'fixed', replicas: 1 });
    const resources = containerResources(
      this,
      'resources',
      props.resources ?? { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
    );
    for (const key of Object.keys(props.config ?? {})) {
      pattern(this, 'config', key, variable);
      ensure(this, !SECRET_LOOKING.test(key), 'config', 'must hold no secret: name a Secret in `secrets`', key);
    }
    for (const { env } of props.secrets ?? []) pattern(this, 'secrets.env', env, variable);

    const data = { PORT: String(this.port), ...props.environment, ...props.config };
    const selector = { 'app.kubernetes.io/name': name };
    const labels = { ...selector, version: props.version ?? 'v1' };
    const identity = props.identityAnnotations;
    this.serviceAccount = new ServiceAccountV1(this, 'ServiceAccount', {
      metadata: { name, namespace, ...(identity ? { annotations: { ...identity } } : {}) },
      automountServiceAccountToken: false,
    });
    this.configMap = new ConfigMapV1(this, 'Config', { metadata: { name, namespace }, data });
    this.networkPolicy = networkPolicy(this, props, this.port, [...(props.reaches ?? [])]);

    const after = [
      this.serviceAccount,
      this.configMap,
      this.networkPolicy,
      ...(props.after ?? []),
      ...(props.dependsOn ?? []),
    ];
    this.deployment = new DeploymentV1(this, 'Deployment', {
      metadata: { name, namespace, labels },
      spec: {
        replicas: String(scaling.type === 'fixed' ? scaling.replicas : scaling.min),
        selector: { matchLabels: { ...selector } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '1', maxUnavailable: '0' } },
        template: {
          metadata: { labels, annotations: { 'plinth.dev/config': checksum(data), ...sidecarAnnotations(props) } },
          spec: podSpec(this, props, {
            labels,
            resources,
            configMap: name,
            serviceAccount: name,
            port: this.port,
            certificates: props.certificates ?? [],
          }),
        },
      },
      // Whoever scales owns the number; Terraform would set it back at every apply.
      ...(scaling.type === 'fixed' ? {} : { lifecycle: { ignoreChanges: ['spec[0].replicas'] } }),
      dependsOn: after,
    });
    this.service = new ServiceV1(this, 'Service', {
      metadata: { name, namespace, labels: selector },
      spec: {
        selector,
        port: [{ name: 'http', port: 80, targetPort: String(this.port), protocol: 'TCP' }],
      },
    });
    this.disruptionBudget = new PodDisruptionBudgetV1(this, 'DisruptionBudget', {
      metadata: { name, namespace },
      // Of a single replica none could ever be moved if one had to stay.
      spec: { maxUnavailable: '1', selector: { matchLabels: { ...selector } } },
    });
    if (scaling.type === 'cpu') {
      this.autoscaler = new HorizontalPodAutoscalerV2(this, 'Autoscaler', {
        metadata: { name, namespace },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: this.deployment.metadata.name },
          minReplicas: scaling.min,
          maxReplicas: scaling.max,
          metric: [
            {
              type: 'Resource',
              resource: {
                name: 'cpu',
                target: { type: 'Utilization', averageUtilization: scaling.targetPercent ?? 70 },
              },
            },
          ],
        },
      });
    }
  }

  private checkScaling(scaling: Scaling): Scaling {
    if (scaling.type === 'fixed') {
      range(this, 'scaling.replicas', scaling.replicas, REPLICAS);
      return scaling;
    }
    range(this, 'scaling.min', scaling.min, { ...REPLICAS, min: 1 });
    range(this, 'scaling.max', scaling.max, { ...REPLICAS, min: scaling.min });
    range(this, 'scaling.targetPercent', scaling.targetPercent, { min: 10, max: 100 });
    return scaling;
  }
}

const checksum = (data: Record<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(data).sort(([a], [b]) => a.localeCompare(b))))
    .digest('hex')
    .slice(0, 16);

/** Kafka has its own mutual TLS: a sidecar in between would only see bytes. */
const sidecarAnnotations = ({ mesh, reaches }: WorkloadProps): Record<string, string> =>
  mesh === 'sidecar' && reaches?.length
    ? { 'traffic.sidecar.istio.io/excludeOutboundPorts': reaches.map(({ port }) => port).join(',') }
    : {};
