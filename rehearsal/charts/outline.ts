import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import type { Footprint, FootprintWorkload } from './footprint.ts';

/** Meets Pod Security `restricted`: what a chart's pods really ask for is among the recorded facts, not their outline. */
const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

function podSpec(workload: FootprintWorkload): object {
  const references = [
    ...(workload.secrets ?? []).map((name) => ({ name: `secret-${name}`, secret: { secretName: name } })),
    ...(workload.configMaps ?? []).map((name) => ({ name: `config-${name}`, configMap: { name } })),
  ];
  return {
    serviceAccountName: workload.serviceAccount,
    ...(workload.nodeSelector ? { nodeSelector: workload.nodeSelector } : {}),
    ...(workload.tolerations ? { tolerations: workload.tolerations } : {}),
    containers: workload.containers.map(({ name, image, requests, limits, ports }) => ({
      name,
      image,
      resources: { requests, limits },
      ...(ports ? { ports } : {}),
      securityContext: CONTAINER_SECURITY,
    })),
    ...(references.length > 0 ? { volumes: references } : {}),
  };
}

function workloadObject(workload: FootprintWorkload): object {
  const template = { metadata: { labels: workload.labels }, spec: podSpec(workload) };
  const selector = { matchLabels: workload.labels };
  const spec =
    workload.kind === 'DaemonSet'
      ? { selector, template }
      : workload.kind === 'StatefulSet'
        ? { replicas: workload.replicas, serviceName: workload.name, selector, template }
        : { replicas: workload.replicas, selector, template };
  return {
    apiVersion: 'apps/v1',
    kind: workload.kind,
    metadata: { name: workload.name, labels: workload.labels },
    spec,
  };
}

/** Helm reads braces in a template; in ours there are none to be read. */
const plain = (object: object): string => stringify(object).replaceAll('{{', '{{ "{{" }}');

export interface OutlineOptions {
  name: string;
  version: string;
  footprint: Footprint;
  /** Files with CustomResourceDefinitions. */
  definitions: string[];
  /** Where the chart's folder is written. */
  directory: string;
}

/** Writes a chart that puts on the cluster what the footprint says of the real one; the path of its folder. */
export function outlineChart({ name, version, footprint, definitions, directory }: OutlineOptions): string {
  const folder = join(directory, name);
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(
    join(folder, 'Chart.yaml'),
    stringify({ apiVersion: 'v2', name, version, description: `Outline of the ${name} chart from its footprint` }),
  );
  const accounts = [...new Set(footprint.workloads.map((workload) => workload.serviceAccount))].filter(
    (account) => account !== 'default',
  );
  const objects: object[] = [
    ...accounts.map((account) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account } })),
    ...footprint.workloads.map(workloadObject),
    ...footprint.services.map(({ name: service, type, selector, ports }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service },
      spec: { type, selector, ports },
    })),
  ];
  writeFileSync(join(folder, 'templates', 'outline.yaml'), objects.map(plain).join('---\n'));
  if (definitions.length > 0) {
    mkdirSync(join(folder, 'crds'), { recursive: true });
    for (const file of definitions) copyFileSync(file, join(folder, 'crds', basename(file)));
  }
  return folder;
}
