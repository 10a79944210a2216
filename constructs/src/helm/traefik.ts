import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ensure, oneOf } from '../validation.ts';
import { deepMerge, type Values } from '../values/deep-merge.ts';
import { podPlacement } from '../values/placement.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { checkReplicas, minReplicas, type Replicas } from '../values/replicas.ts';
import { traefikFootprint } from './footprints/traefik.ts';
import { type AddOnOptions, HelmInstall } from './helm-install.ts';

export interface TraefikOptions extends AddOnOptions {
  /** Pods, 1-20, or a range that an autoscaler moves within by CPU. @default 2, so that a node may go */
  readonly replicas?: Replicas;
  /** @default requests 100m and 128Mi, limits 1 CPU and 256Mi: memory grows with open connections */
  readonly resources?: ContainerResources;
  /**
   * `loadBalancer`: the one public entry of an environment. `clusterIp`: reachable from inside only.
   * @default 'loadBalancer'
   */
  readonly exposure?: 'loadBalancer' | 'clusterIp';
  /** A reserved regional IPv4 address for the load balancer. @default one that changes when the Service is made anew */
  readonly address?: string;
  /**
   * Namespaces whose routes it serves; its own is always among them.
   * @default all
   */
  readonly watchNamespaces?: readonly string[];
  /**
   * `sidecar`: its pods join the mesh, and routes go to Services instead of pod addresses. Without both, calls into a
   * STRICT namespace fail and traffic splits do not apply to what comes from outside. Name Istio in `dependsOn`: pods
   * that start before the injector serves stay out of the mesh, or do not start at all.
   * @default 'none'
   */
  readonly mesh?: 'sidecar' | 'none';
  /** @default 'INFO' */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** One JSON line per request. Headers are dropped, since they carry credentials. @default true */
  readonly accessLog?: boolean;
}

/** The pods' ports behind 80 and 443. Public traffic is no mesh traffic, so the sidecar must leave them alone. */
const publicPorts = [8000, 8443];

/** Traefik with its CRDs: the one load balancer. Routes are made in a later stack; so is its dashboard's, behind a login. */
export class Traefik extends Construct implements ITerraformDependable {
  readonly install: HelmInstall;
  readonly namespace: string;

  constructor(scope: Construct, id: string, props: TraefikOptions) {
    super(scope, id);
    this.namespace = props.namespace;
    const replicas = checkReplicas(this, 'replicas', props.replicas ?? 2, { min: 1, max: 20 });
    const exposure = oneOf(this, 'exposure', props.exposure ?? 'loadBalancer', ['loadBalancer', 'clusterIp']);
    ensure(
      this,
      props.address === undefined || exposure === 'loadBalancer',
      'address',
      'is only possible with exposure loadBalancer',
      exposure,
    );
    const mesh = oneOf(this, 'mesh', props.mesh ?? 'none', ['sidecar', 'none']);
    oneOf(this, 'logLevel', props.logLevel, ['DEBUG', 'INFO', 'WARN', 'ERROR']);
    const resources = containerResources(
      this,
      'resources',
      props.resources ?? {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { cpu: '1', memory: '256Mi' },
      },
    );

    this.install = new HelmInstall(this, 'Chart', {
      ...props,
      chart: 'traefik',
      defaults: deepMerge(
        scaling(replicas),
        service(exposure, props.address),
        {
          resources,
          // both pods on one node would make the pair no better than one
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'traefik' } },
            },
          ],
          global: { checkNewVersion: false, sendAnonymousUsage: false },
          ports: {
            traefik: { expose: { default: false } },
            web: { http: { redirections: { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } } } },
          },
          // served on the internal port only; TraefikDashboard routes to it, behind a login
          api: { dashboard: true, insecure: false },
          ingressRoute: { dashboard: { enabled: false } },
          ingressClass: { enabled: false },
          providers: {
            kubernetesCRD: {
              enabled: true,
              namespaces: props.watchNamespaces ? [...new Set([props.namespace, ...props.watchNamespaces])] : [],
              nativeLBByDefault: mesh === 'sidecar',
            },
            // one way in: routes are IngressRoutes
            kubernetesIngress: { enabled: false },
          },
          log: { level: props.logLevel ?? 'INFO', format: 'json' },
          accessLog: { enabled: props.accessLog ?? true, format: 'json' },
        },
        mesh === 'sidecar' ? joinMesh : {},
        podPlacement(props.placement),
      ),
      footprint: (values) => traefikFootprint(values, props.namespace),
    });
  }

  get release() {
    return this.install.release;
  }

  get fqn(): string {
    return this.install.fqn;
  }
}

const joinMesh: Values = {
  deployment: {
    podLabels: { 'sidecar.istio.io/inject': 'true' },
    podAnnotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': publicPorts.join(',') },
  },
};

function scaling(replicas: Replicas): Values {
  const podDisruptionBudget = minReplicas(replicas) > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false };
  if (typeof replicas === 'number') return { deployment: { replicas }, podDisruptionBudget };
  return {
    // null leaves the number to the autoscaler: a figure here would undo its work at every upgrade
    deployment: { replicas: null },
    podDisruptionBudget,
    autoscaling: {
      enabled: true,
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  };
}

function service(exposure: 'loadBalancer' | 'clusterIp', address: string | undefined): Values {
  // the chart ignores service.type without a word
  if (exposure === 'clusterIp') return { service: { spec: { type: 'ClusterIP' } } };
  return {
    service: {
      spec: {
        type: 'LoadBalancer',
        // keeps the caller's address, which access logs and rate limits go by
        externalTrafficPolicy: 'Local',
        ...(address === undefined ? {} : { loadBalancerIP: address }),
      },
    },
  };
}
