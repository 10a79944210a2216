import type {
  DeploymentV1SpecTemplateSpec,
  DeploymentV1SpecTemplateSpecVolume,
} from '@cdktf/provider-kubernetes/lib/deployment-v1/index.js';
import type { IConstruct } from 'constructs';
import { distinct, pattern, range } from '../validation.ts';
import { podPlacement } from '../values/placement.ts';
import type { ContainerResources } from '../values/quantity.ts';
import { APP_LABEL } from './network-policy.ts';
import type { NamedPort, Probes, SecretFiles, WorkloadOptions } from './options.ts';
import { type Probe, probeBlock } from './probe.ts';
import { canonical } from './quantities.ts';

export interface PodParts {
  resources: ContainerResources;
  configMap: string;
  serviceAccount: string;
  /** The workload's own port, if it has one, and the others. */
  ports: NamedPort[];
  port: number | undefined;
  /** Files from several Secrets in one folder. */
  mounts: readonly SecretMount[];
}

/** A folder with files from one or more Secrets. */
export interface SecretMount {
  /** Names the volume. */
  readonly volume: string;
  /** Folder in the container. */
  readonly path: string;
  readonly secrets: readonly { readonly name: string; readonly keys?: readonly string[] }[];
}

/** Readable by the container's group and nobody else: the files may be keys. */
const FILE_MODE = '0440';
const folder = { regex: /^\/[^:\s]*[^:\s/]$/, means: 'an absolute path without a trailing slash' };

/** A pod at Pod Security level `restricted`, spread over machines and zones. */
export function podSpec(scope: IConstruct, options: WorkloadOptions, parts: PodParts): DeploymentV1SpecTemplateSpec {
  const { nodeSelector, tolerations } = podPlacement(options.placement);
  const user = String(range(scope, 'user', options.user ?? 10001, { min: 1, max: 65535 }));
  const token = options.kubernetesToken ?? false;
  const mounts = [...parts.mounts, ...(options.secretFiles ?? []).map(asMount)];
  for (const { path } of mounts) pattern(scope, 'secretFiles.path', path, folder);
  distinct(scope, 'secretFiles.path', ['/tmp', ...mounts.map((mount) => mount.path)]);
  distinct(
    scope,
    'secretFiles.name',
    mounts.map((mount) => mount.volume),
  );
  return {
    serviceAccountName: parts.serviceAccount,
    automountServiceAccountToken: token,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: range(scope, 'gracePeriodSeconds', options.gracePeriodSeconds ?? 30, {
      min: 1,
      max: 600,
    }),
    ...(options.priorityClass ? { priorityClassName: options.priorityClass } : {}),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations.length > 0 ? { toleration: tolerations } : {}),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraint: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: [{ matchLabels: { [APP_LABEL]: options.name } }],
    })),
    container: [
      {
        name: options.name,
        image: options.image,
        ...(options.command ? { command: [...options.command] } : {}),
        ...(options.args ? { args: [...options.args] } : {}),
        ...(parts.ports.length > 0
          ? { port: parts.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' })) }
          : {}),
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
        ...probes(scope, options.probes ?? {}, parts.port),
        securityContext: {
          // Said again for the container: the provider writes an unset one as false, which overrides the pod's.
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMount: [
          { name: 'tmp', mountPath: '/tmp' },
          ...mounts.map(({ volume, path }) => ({ name: volume, mountPath: path, readOnly: true })),
        ],
      },
    ],
    volume: [{ name: 'tmp', emptyDir: {} }, ...mounts.map(volumeOf)],
  };
}

const asMount = ({ name, path, keys }: SecretFiles): SecretMount => ({
  volume: `secret-${name}`.slice(0, 63).replace(/[^a-z0-9]+/g, '-'),
  path,
  secrets: [{ name, keys }],
});

const items = (keys: readonly string[] | undefined) => (keys ? { items: keys.map((key) => ({ key, path: key })) } : {});

function volumeOf({ volume, secrets }: SecretMount): DeploymentV1SpecTemplateSpecVolume {
  const [first, ...others] = secrets;
  if (first && others.length === 0)
    return { name: volume, secret: { secretName: first.name, defaultMode: FILE_MODE, ...items(first.keys) } };
  return {
    name: volume,
    projected: [
      {
        defaultMode: FILE_MODE,
        // One source each: the provider reads them back that way, and would plan a change of anything else.
        sources: secrets.map(({ name, keys }) => ({ secret: [{ name, ...items(keys) }] })),
      },
    ],
  };
}

function probes(scope: IConstruct, { readiness, liveness, startup }: Probes, port: number | undefined) {
  const block = (name: string, probe: Probe | 'none' | undefined, path: string, failures: number) => {
    const wanted = probe ?? (port === undefined ? 'none' : { path });
    return wanted === 'none' ? undefined : probeBlock(scope, `probes.${name}`, wanted, port, failures);
  };
  return {
    readinessProbe: block('readiness', readiness, '/readyz', 3),
    livenessProbe: block('liveness', liveness, '/healthz', 6),
    startupProbe: startup ? probeBlock(scope, 'probes.startup', startup, port, 30) : undefined,
  };
}
