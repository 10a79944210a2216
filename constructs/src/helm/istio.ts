import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { oneOf } from '../validation.ts';
import { deepMerge, type Values } from '../values/deep-merge.ts';
import { type Placement, podPlacement } from '../values/placement.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { checkReplicas, minReplicas, type Replicas } from '../values/replicas.ts';
import { charts } from './charts.ts';
import { istioBaseFootprint, istioCniFootprint, istiodFootprint, istioGatewayFootprint } from './footprints/istio.ts';
import { type AddOnOptions, HelmInstall } from './helm-install.ts';

export interface IstioOptions extends Omit<AddOnOptions, 'values'> {
  /**
   * `gke` lets the charts find GKE's folders and allow node-critical pods outside kube-system.
   * @default none, for other clusters
   */
  readonly platform?: 'gke';
  /** Pods of istiod, 1-10, or a range that an autoscaler moves within by CPU. @default 1 */
  readonly replicas?: Replicas;
  /** istiod's. @default requests 500m and 2Gi, limit 2Gi: memory grows with Services and sidecars */
  readonly resources?: ContainerResources;
  /** Every sidecar's. @default requests 100m and 128Mi, limits 2 CPUs and 1Gi, the chart's own */
  readonly sidecarResources?: ContainerResources;
  /**
   * Prepares pods' networks from a pod on each node. Without it the injector adds a container with NET_ADMIN that runs as
   * root to every pod, which a namespace at Pod Security `restricted` or `baseline` refuses. Turn it off only where
   * something else does the same, such as a managed CNI.
   * @default true
   */
  readonly cni?: boolean;
  /** Where the node pods live. The namespace must admit privileged pods. @default 'kube-system' */
  readonly cniNamespace?: string;
  /** A line of JSON for every request through a sidecar. @default true */
  readonly accessLog?: boolean;
  /** A gateway behind Traefik, never a load balancer of its own. @default none */
  readonly gateway?: IstioGatewayOptions;
  /** Values over ours, per chart. @default none */
  readonly values?: {
    readonly base?: Values;
    readonly cni?: Values;
    readonly istiod?: Values;
    readonly gateway?: Values;
  };
}

export interface IstioGatewayOptions {
  /** An existing namespace of its own, so that its keys are not in reach of the control plane's. */
  readonly namespace: string;
  /** Pods, 1-10, or a range. @default 1 */
  readonly replicas?: Replicas;
  /** @default requests 100m and 128Mi, limits 2 CPUs and 1Gi, the chart's own */
  readonly resources?: ContainerResources;
  /** @default istiod's placement */
  readonly placement?: Placement;
}

const replicaBounds = { min: 1, max: 10 };
const runtimeDefault = { type: 'RuntimeDefault' };

/** Istio in sidecar mode: its APIs, the network plugin, the control plane and, if wanted, a gateway. */
export class Istio extends Construct implements ITerraformDependable {
  readonly base: HelmInstall;
  readonly cni?: HelmInstall;
  readonly istiod: HelmInstall;
  readonly gateway?: HelmInstall;

  constructor(scope: Construct, id: string, props: IstioOptions) {
    super(scope, id);
    oneOf(this, 'platform', props.platform, ['gke']);
    const replicas = checkReplicas(this, 'replicas', props.replicas ?? 1, replicaBounds);
    const { values, ...shared } = props;
    const placement = podPlacement(props.placement);
    const cniOn = props.cni ?? true;
    const global: Values = {
      // named, because a copy of the chart's source carries a testing registry and the tag latest
      hub: 'registry.istio.io/release',
      tag: charts.istiod.version,
      ...(props.platform === undefined ? {} : { platform: props.platform }),
    };

    this.base = new HelmInstall(this, 'Base', {
      ...shared,
      chart: 'istio-base',
      values: values?.base,
      footprint: istioBaseFootprint,
    });

    if (cniOn)
      this.cni = new HelmInstall(this, 'Cni', {
        ...shared,
        chart: 'istio-cni',
        namespace: props.cniNamespace ?? 'kube-system',
        defaults: {
          global,
          resources: { requests: { cpu: '100m', memory: '100Mi' } },
        },
        values: values?.cni,
        dependsOn: [...(props.dependsOn ?? []), this.base],
        footprint: istioCniFootprint,
      });

    this.istiod = new HelmInstall(this, 'Istiod', {
      ...shared,
      chart: 'istiod',
      defaults: deepMerge(
        typeof replicas === 'number'
          ? { autoscaleEnabled: false, replicaCount: replicas }
          : { autoscaleEnabled: true, autoscaleMin: replicas.min, autoscaleMax: replicas.max },
        {
          resources: containerResources(
            this,
            'resources',
            props.resources ?? {
              requests: { cpu: '500m', memory: '2Gi' },
              limits: { memory: '2Gi' },
            },
          ),
          // the one thing that Pod Security `restricted` finds missing
          seccompProfile: runtimeDefault,
          cni: { enabled: cniOn },
          // a Job with an ordinary sidecar never ends, because the sidecar does not
          env: { ENABLE_NATIVE_SIDECARS: 'true' },
          global: {
            ...global,
            // with one pod a budget would only block the drain of its node
            defaultPodDisruptionBudget: { enabled: minReplicas(replicas) > 1 },
            proxy: {
              seccompProfile: runtimeDefault,
              resources: containerResources(
                this,
                'sidecarResources',
                props.sidecarResources ?? {
                  requests: { cpu: '100m', memory: '128Mi' },
                  limits: { cpu: '2000m', memory: '1024Mi' },
                },
              ),
            },
          },
          meshConfig: {
            ...(props.accessLog === false ? {} : { accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON' }),
            // a client that connects at start would otherwise find no network
            defaultConfig: { holdApplicationUntilProxyStarts: true },
          },
        },
        placement,
      ),
      values: values?.istiod,
      dependsOn: [...(props.dependsOn ?? []), this.cni ?? this.base],
      footprint: istiodFootprint,
    });

    if (props.gateway) this.gateway = this.addGateway(props.gateway, props);
  }

  private addGateway(options: IstioGatewayOptions, props: IstioOptions): HelmInstall {
    const replicas = checkReplicas(this, 'gateway.replicas', options.replicas ?? 1, replicaBounds);
    const { values, ...shared } = props;
    return new HelmInstall(this, 'Gateway', {
      ...shared,
      chart: 'istio-gateway',
      namespace: options.namespace,
      defaults: deepMerge(
        typeof replicas === 'number'
          ? { autoscaling: { enabled: false }, replicaCount: replicas }
          : { autoscaling: { enabled: true, minReplicas: replicas.min, maxReplicas: replicas.max } },
        {
          // the chart's default is a second load balancer
          service: { type: 'ClusterIP' },
          resources: containerResources(
            this,
            'gateway.resources',
            options.resources ?? {
              requests: { cpu: '100m', memory: '128Mi' },
              limits: { cpu: '2000m', memory: '1024Mi' },
            },
          ),
          // replaces the chart's context as a whole, the sysctl that opens port 80 included
          securityContext: {
            seccompProfile: runtimeDefault,
            sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
          },
          ...(minReplicas(replicas) > 1 ? { podDisruptionBudget: { maxUnavailable: 1 } } : {}),
        },
        podPlacement(options.placement ?? props.placement),
      ),
      values: values?.gateway,
      // its image is filled in by the injector
      dependsOn: [...(props.dependsOn ?? []), this.istiod],
      footprint: (merged) => istioGatewayFootprint(merged),
    });
  }

  /** istiod's release, the one that injects. */
  get release() {
    return this.istiod.release;
  }

  /** Of the last install: what depends on Istio waits for all of it. */
  get fqn(): string {
    return (this.gateway ?? this.istiod).fqn;
  }
}
