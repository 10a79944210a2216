import type { DeploymentV1SpecTemplateSpec } from '@cdktf/provider-kubernetes/lib/deployment-v1/index.js';
import type { IConstruct } from 'constructs';
import { range } from '../validation.ts';
import { podPlacement } from '../values/placement.ts';
import { bytes, type ContainerResources, milliCpus } from '../values/quantity.ts';
import type { HttpProbe, WorkloadOptions } from './options.ts';

/** Files of the Kafka certificates in the container. */
export const TLS_FOLDER = '/etc/kafka/tls';

export interface PodParts {
  labels: Record<string, string>;
  resources: ContainerResources;
  configMap: string;
  serviceAccount: string;
  port: number;
  /** Secrets with the Kafka certificates, in one folder. */
  certificates: readonly string[];
}

const SECONDS = { min: 1, max: 300 };

function probe(
  scope: IConstruct,
  prop: string,
  port: number,
  { path, periodSeconds, timeoutSeconds, failureThreshold }: HttpProbe,
) {
  return {
    httpGet: { path, port: String(port) },
    periodSeconds: range(scope, `${prop}.periodSeconds`, periodSeconds ?? 5, SECONDS),
    timeoutSeconds: range(scope, `${prop}.timeoutSeconds`, timeoutSeconds ?? 2, SECONDS),
    failureThreshold: range(scope, `${prop}.failureThreshold`, failureThreshold ?? 3, { min: 1, max: 60 }),
  };
}

/** The API server writes 1000m as 1 and 1024Mi as 1Gi, and Terraform would see a change in that. */
export function canonical(resources: ContainerResources) {
  const cpu = (quantity: string) => {
    const millis = milliCpus(quantity);
    return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
  };
  const memory = (quantity: string) => {
    const value = bytes(quantity);
    const unit = [
      ['Gi', 2 ** 30],
      ['Mi', 2 ** 20],
      ['Ki', 2 ** 10],
    ].find(([, size]) => value % (size as number) === 0);
    return unit ? `${value / (unit[1] as number)}${unit[0]}` : String(value);
  };
  const list = (figures: { cpu?: string; memory?: string }) => ({
    ...(figures.cpu === undefined ? {} : { cpu: cpu(figures.cpu) }),
    ...(figures.memory === undefined ? {} : { memory: memory(figures.memory) }),
  });
  return { requests: list(resources.requests), ...(resources.limits ? { limits: list(resources.limits) } : {}) };
}

/** A pod at Pod Security level `restricted`, spread over machines and zones. */
export function podSpec(scope: IConstruct, options: WorkloadOptions, parts: PodParts): DeploymentV1SpecTemplateSpec {
  const { nodeSelector, tolerations } = podPlacement(options.placement);
  const files = options.secretFiles ?? [];
  const { certificates } = parts;
  return {
    serviceAccountName: parts.serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: range(scope, 'gracePeriodSeconds', options.gracePeriodSeconds ?? 30, {
      min: 1,
      max: 600,
    }),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations.length > 0 ? { toleration: tolerations } : {}),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: '10001',
      runAsGroup: '10001',
      fsGroup: '10001',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraint: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: [{ matchLabels: { 'app.kubernetes.io/name': options.name } }],
    })),
    container: [
      {
        name: options.name,
        image: options.image,
        ...(options.command ? { command: [...options.command] } : {}),
        ...(options.args ? { args: [...options.args] } : {}),
        port: [{ name: 'http', containerPort: parts.port, protocol: 'TCP' }],
        envFrom: [{ configMapRef: { name: parts.configMap } }],
        ...(options.secrets?.length
          ? {
              env: options.secrets.map(({ env, name, key }) => ({
                name: env,
                valueFrom: { secretKeyRef: { name, key } },
              })),
            }
          : {}),
        resources: canonical(parts.resources),
        readinessProbe: probe(scope, 'probes.readiness', parts.port, options.probes?.readiness ?? { path: '/readyz' }),
        livenessProbe: probe(
          scope,
          'probes.liveness',
          parts.port,
          options.probes?.liveness ?? { path: '/healthz', failureThreshold: 6 },
        ),
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMount: [
          { name: 'tmp', mountPath: '/tmp' },
          ...files.map(({ name, path }) => ({ name: `secret-${name}`, mountPath: path, readOnly: true })),
          ...(certificates.length > 0 ? [{ name: 'kafka-tls', mountPath: TLS_FOLDER, readOnly: true }] : []),
        ],
      },
    ],
    volume: [
      { name: 'tmp', emptyDir: {} },
      ...files.map(({ name }) => ({ name: `secret-${name}`, secret: { secretName: name, defaultMode: '0440' } })),
      ...(certificates.length > 0
        ? [
            {
              name: 'kafka-tls',
              projected: [{ defaultMode: '0440', sources: certificates.map((name) => ({ secret: [{ name }] })) }],
            },
          ]
        : []),
    ],
  };
}
