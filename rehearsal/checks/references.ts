import type { Problem } from '../report/report.ts';
import { podPath } from './fit.ts';
import type { Keyed, Pod } from './objects.ts';

type Kind = 'Secret' | 'ConfigMap';
interface Reference {
  kind: Kind;
  name: string;
  /** Empty: the whole object. */
  keys: string[];
}

function referencesOf(pod: Pod): Reference[] {
  const found: Reference[] = [];
  const add = (kind: Kind, ref: { optional?: boolean } | undefined, name: string | undefined, keys: string[]) => {
    if (ref && !ref.optional && name) found.push({ kind, name, keys });
  };
  for (const volume of pod.spec.volumes ?? []) {
    const keys = (items?: { key: string }[]) => (items ?? []).map((item) => item.key);
    add('Secret', volume.secret, volume.secret?.secretName, keys(volume.secret?.items));
    add('ConfigMap', volume.configMap, volume.configMap?.name, keys(volume.configMap?.items));
    for (const source of volume.projected?.sources ?? []) {
      add('Secret', source.secret, source.secret?.name, keys(source.secret?.items));
      add('ConfigMap', source.configMap, source.configMap?.name, keys(source.configMap?.items));
    }
  }
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    for (const from of container.envFrom ?? []) {
      add('Secret', from.secretRef, from.secretRef?.name, []);
      add('ConfigMap', from.configMapRef, from.configMapRef?.name, []);
    }
    for (const { valueFrom } of container.env ?? []) {
      const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
      add('Secret', secretKeyRef, secretKeyRef?.name, secretKeyRef ? [secretKeyRef.key] : []);
      add('ConfigMap', configMapKeyRef, configMapKeyRef?.name, configMapKeyRef ? [configMapKeyRef.key] : []);
    }
  }
  for (const { name } of pod.spec.imagePullSecrets ?? []) found.push({ kind: 'Secret', name, keys: [] });
  return found;
}

/** The workload that a pod belongs to: replicas of one Deployment are one problem, not five. */
function owner(pod: Pod): string {
  const controller = pod.metadata.ownerReferences?.find((reference) => reference.controller);
  if (!controller) return podPath(pod);
  const name = controller.kind === 'ReplicaSet' ? controller.name.replace(/-[a-z0-9]+$/, '') : controller.name;
  const kind = controller.kind === 'ReplicaSet' ? 'Deployment' : controller.kind;
  return `${pod.metadata.namespace}/${kind}/${name}`;
}

/**
 * Secrets and ConfigMaps that pods cannot start without and nobody makes. Simulated nodes start any pod, so this is the
 * check that a kubelet would otherwise make with CreateContainerConfigError.
 */
export function missingReferences(pods: Pod[], secrets: Keyed[], configMaps: Keyed[]): Problem[] {
  const index = (kind: Kind, objects: Keyed[]) =>
    objects.map(
      (object) =>
        [
          `${kind}/${object.metadata.namespace}/${object.metadata.name}`,
          new Set([...Object.keys(object.data ?? {}), ...Object.keys(object.binaryData ?? {})]),
        ] as const,
    );
  const known = new Map([...index('Secret', secrets), ...index('ConfigMap', configMaps)]);
  const problems = new Map<string, Problem>();
  for (const pod of pods) {
    for (const reference of referencesOf(pod)) {
      const keys = known.get(`${reference.kind}/${pod.metadata.namespace}/${reference.name}`);
      const missing = keys ? reference.keys.filter((key) => !keys.has(key)) : [];
      if (keys && missing.length === 0) continue;
      const what = keys
        ? `key ${missing.join(', ')} of ${reference.kind} ${reference.name}`
        : `${reference.kind} ${reference.name}`;
      const path = owner(pod);
      problems.set(`${path} ${what}`, {
        evidence: 'applied',
        path,
        rule: 'references-exist',
        message: `refers to ${what} in namespace ${pod.metadata.namespace}, which nobody makes`,
        fix: `declare ${reference.kind} ${reference.name} (an ExternalSecret for a secret), correct the name, or mark the reference optional`,
      });
    }
  }
  return [...problems.values()].sort((a, b) => a.path.localeCompare(b.path));
}
