import type { ITerraformDependable } from 'cdktf';
import type { Placement } from '../values/placement.ts';
import type { ContainerResources } from '../values/quantity.ts';
import type { Callee, Caller } from './network-policy.ts';
import type { Probe } from './probe.ts';
import type { Scaling } from './scaling.ts';

/** A key of a Secret that exists, as an environment variable. */
export interface SecretVariable {
  /** Name of the variable, UPPER_SNAKE. */
  readonly env: string;
  /** Name of the Secret, in the workload's namespace. */
  readonly name: string;
  readonly key: string;
}

/** A Secret that exists, as files named by its keys. */
export interface SecretFiles {
  /** Name of the Secret, in the workload's namespace. */
  readonly name: string;
  /** Folder in the container, read-only. */
  readonly path: string;
  /** Keys to show. @default all */
  readonly keys?: readonly string[];
}

export interface Probes {
  /** Ready for traffic. @default GET /readyz on the port; none without a port */
  readonly readiness?: Probe | 'none';
  /** Restarted when it fails. @default GET /healthz on the port, six failures; none without a port */
  readonly liveness?: Probe | 'none';
  /** Holds the other two back until it succeeds once, for what starts slowly. @default none */
  readonly startup?: Probe;
}

/** A further port, beside the workload's own. */
export interface NamedPort {
  /** 1-15 lower-case letters, digits or hyphens. Istio reads the protocol from it: `grpc`, `http-admin`, `tcp-...`. */
  readonly name: string;
  /** 1024-65535, the same in the pod and the Service. */
  readonly port: number;
}

export interface Metrics {
  /** Namespaces whose pods read the metrics, e.g. `gmp-system` of Google's managed Prometheus; at least one. */
  readonly namespaces: readonly string[];
  /** @default the workload's port, or 15020 with a sidecar, which serves both their metrics as one */
  readonly port?: number;
}

/** What every workload has in common. */
export interface WorkloadOptions {
  /** Names everything it makes; unique in the namespace, 1-40 characters. */
  readonly name: string;
  readonly namespace: string;
  /** Image with a tag or digest; `latest` is refused, as it means another thing every day. */
  readonly image: string;
  /** Short for `scaling: { type: 'fixed', replicas }`: 0-1000. @default 1, unless `scaling` is given */
  readonly replicas?: number;
  /** Who decides about replicas. @default a fixed number */
  readonly scaling?: Scaling;
  /** @default 100m CPU and 256Mi requested, memory limited to the same */
  readonly resources?: ContainerResources;
  /** Environment variables that are no secret, by UPPER_SNAKE name; a change rolls the pods. @default none */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of Secrets as environment variables; a new value is seen at the next start only. @default none */
  readonly secrets?: readonly SecretVariable[];
  /** Secrets as files, which follow a new value within a minute or two. @default none */
  readonly secretFiles?: readonly SecretFiles[];
  /** @default the image's own */
  readonly command?: readonly string[];
  /** @default the image's own */
  readonly args?: readonly string[];
  /**
   * Of its HTTP server: 1024-65535, as the container is not root. The Service offers it as 80. `none` for a program that
   * listens to nobody: it gets no Service, and no probes but those that are given. @default 8080
   */
  readonly port?: number | 'none';
  /** Further ports. @default none */
  readonly ports?: readonly NamedPort[];
  /** @default see each */
  readonly probes?: Probes;
  /** @default any node */
  readonly placement?: Placement;
  /** Whether the namespace's pods get Istio's sidecar. @default 'none' */
  readonly mesh?: 'sidecar' | 'none';
  /** Label `version` of the pods, by which a canary is split: 1-63 characters. @default 'v1' */
  readonly version?: string;
  /** Who may call its ports: namespaces, or single programs in them. @default none */
  readonly callers?: readonly Caller[];
  /** What it calls within the cluster, beside Kafka; an HttpService will do. @default nothing */
  readonly calls?: readonly Callee[];
  /** Ports on which it may reach hosts outside the cluster. @default none */
  readonly egressPorts?: readonly number[];
  /** Who may read its metrics. @default nobody */
  readonly metrics?: Metrics;
  /**
   * Annotations of the service account, e.g. a Google identity's `kubernetesAnnotations`; lets it reach the metadata
   * server. @default none
   */
  readonly identityAnnotations?: Readonly<Record<string, string>>;
  /** Whether the pods get a token for the Kubernetes API. @default false */
  readonly kubernetesToken?: boolean;
  /** Time to finish what was begun, seconds: 1-600. @default 30 */
  readonly gracePeriodSeconds?: number;
  /** Name of a PriorityClass that exists. @default the cluster's default */
  readonly priorityClass?: string;
  /** User and group id of the container, 1-65535, not root. @default 10001 */
  readonly user?: number;
  /** Time until a rollout must be complete, seconds: 30-3600. @default 600 */
  readonly rolloutSeconds?: number;
  readonly dependsOn?: readonly ITerraformDependable[];
}
