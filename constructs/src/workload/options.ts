import type { ITerraformDependable } from 'cdktf';
import type { Placement } from '../values/placement.ts';
import type { ContainerResources } from '../values/quantity.ts';

/** Who decides how many replicas there are; there is only ever one. */
export type Scaling =
  /** Terraform. */
  | { readonly type: 'fixed'; readonly replicas: number }
  /** A HorizontalPodAutoscaler, by the CPU used against the CPU requested (percent, 10-100; default 70). */
  | { readonly type: 'cpu'; readonly min: number; readonly max: number; readonly targetPercent?: number };

/** A key of a Secret that exists, as an environment variable. */
export interface SecretVariable {
  /** Name of the variable. */
  readonly env: string;
  /** Name of the Secret, in the workload's namespace. */
  readonly name: string;
  readonly key: string;
}

/** A Secret that exists, as files. */
export interface SecretFiles {
  readonly name: string;
  /** Folder in the container. */
  readonly path: string;
}

/** An HTTP probe; every figure in seconds but the last. */
export interface HttpProbe {
  readonly path: string;
  /** @default 5 */
  readonly periodSeconds?: number;
  /** @default 2 */
  readonly timeoutSeconds?: number;
  /** Failures in a row until it counts: 1-60. @default 3 */
  readonly failureThreshold?: number;
}

export interface Probes {
  /** Ready for traffic. @default /readyz */
  readonly readiness?: HttpProbe;
  /** Restarted when it fails. @default /healthz */
  readonly liveness?: HttpProbe;
}

/** What every workload has in common. */
export interface WorkloadOptions {
  /** Names everything it makes; unique in the namespace, 1-40 characters. */
  readonly name: string;
  readonly namespace: string;
  /** Image with a tag or digest; `latest` is refused, as it means another thing every day. */
  readonly image: string;
  /** @default one replica, fixed */
  readonly scaling?: Scaling;
  /** @default 100m CPU and 256Mi requested, memory limited to the same */
  readonly resources?: ContainerResources;
  /** Environment variables that are no secret, by UPPER_SNAKE name; a change rolls the pods. @default none */
  readonly config?: Readonly<Record<string, string>>;
  /** @default none */
  readonly secrets?: readonly SecretVariable[];
  /** @default none */
  readonly secretFiles?: readonly SecretFiles[];
  /** @default the image's own */
  readonly command?: readonly string[];
  /** @default the image's own */
  readonly args?: readonly string[];
  /** Of the HTTP server with the probes: 1024-65535, as the container is not root. @default 8080 */
  readonly port?: number;
  readonly probes?: Probes;
  /** @default any node */
  readonly placement?: Placement;
  /** Whether the namespace's pods get Istio's sidecar. @default 'none' */
  readonly mesh?: 'sidecar' | 'none';
  /** Label `version` of the pods, by which a canary is split. @default 'v1' */
  readonly version?: string;
  /** Namespaces whose pods may call it. @default none */
  readonly callers?: readonly string[];
  /** Services that it calls, beside Kafka. @default none */
  readonly calls?: readonly { readonly namespace: string; readonly port: number }[];
  /** Hosts outside the cluster may be reached on these ports. @default none */
  readonly egressPorts?: readonly number[];
  /** Annotations of the service account, e.g. a Google identity's `kubernetesAnnotations`; lets it reach the metadata server. @default none */
  readonly identityAnnotations?: Readonly<Record<string, string>>;
  /** Time to finish what was begun, seconds: 1-600. @default 30 */
  readonly gracePeriodSeconds?: number;
  readonly dependsOn?: readonly ITerraformDependable[];
}
