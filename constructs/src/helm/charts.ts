import type { Footprint } from './footprint.ts';

/** A chart, pinned. */
export interface ChartSpec {
  /** Its name within the repository. */
  readonly name: string;
  /** Where Helm finds it: an https repository or an `oci://` registry path. */
  readonly repository: string;
  readonly version: string;
  readonly appVersion: string;
  /** Kubernetes versions that it serves, e.g. `>=1.32 <1.37`: the chart's own constraint or its project's support table. */
  readonly kubernetes: string;
  /** The chart's source at this version. */
  readonly source: string;
  /** Where our figures about it come from, see {@link Footprint}. */
  readonly evidence: Footprint['evidence'];
  readonly recorded?: Footprint['recorded'];
  /** Hosts its images come from, for a mirror or an egress rule. */
  readonly registries: readonly string[];
  /**
   * How its CustomResourceDefinitions reach the cluster. From `folder` Helm installs them once and never upgrades them, so
   * that a new version of the chart needs them applied beforehand; from `templates` they follow the release.
   */
  readonly crds: 'templates' | 'folder' | 'none';
}

const istioVersion = '1.30.3';
const istio = {
  repository: 'https://istio-release.storage.googleapis.com/charts',
  version: istioVersion,
  appVersion: istioVersion,
  // the project's table of supported releases, row 1.30
  kubernetes: '>=1.32 <1.37',
  evidence: 'recorded',
  recorded: { chartVersion: istioVersion, date: '2026-07-13', digest: 'git:56df41f63e513f834c9a3af33d8aed82d1d961f2' },
  registries: ['registry.istio.io'],
} as const;
const istioSource = `https://github.com/istio/istio/tree/${istioVersion}/manifests/charts`;

/** Every chart that Plinth installs. The one place where a version changes; its footprint changes with it. */
export const charts = {
  'strimzi-kafka-operator': {
    name: 'strimzi-kafka-operator',
    repository: 'oci://quay.io/strimzi-helm',
    version: '1.2.0',
    appVersion: '1.2.0',
    kubernetes: '>=1.30',
    source: 'https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/helm-charts/helm3/strimzi-kafka-operator',
    evidence: 'recorded',
    recorded: { chartVersion: '1.2.0', date: '2026-08-18', digest: 'git:6c7b43c4af0db547c10463ba09d1dfa6f5e156a0' },
    registries: ['quay.io'],
    crds: 'folder',
  },
  traefik: {
    name: 'traefik',
    repository: 'https://traefik.github.io/charts',
    version: '41.3.0',
    appVersion: 'v3.7.11',
    kubernetes: '>=1.25',
    source: 'https://github.com/traefik/traefik-helm-chart/tree/v41.3.0/traefik',
    evidence: 'recorded',
    recorded: { chartVersion: '41.3.0', date: '2026-08-21', digest: 'git:a8a66d0098703627b2cf352c66b1725c196a734a' },
    registries: ['docker.io'],
    crds: 'folder',
  },
  'istio-base': { ...istio, name: 'base', source: `${istioSource}/base`, registries: [], crds: 'templates' },
  'istio-cni': { ...istio, name: 'cni', source: `${istioSource}/istio-cni`, crds: 'none' },
  istiod: { ...istio, name: 'istiod', source: `${istioSource}/istio-control/istio-discovery`, crds: 'none' },
  'istio-gateway': { ...istio, name: 'gateway', source: `${istioSource}/gateway`, crds: 'none' },
  'external-secrets': {
    name: 'external-secrets',
    repository: 'https://charts.external-secrets.io',
    version: '2.9.0',
    appVersion: 'v2.9.0',
    kubernetes: '>=1.19',
    source: 'https://github.com/external-secrets/external-secrets/tree/helm-chart-2.9.0/deploy/charts/external-secrets',
    evidence: 'recorded',
    recorded: { chartVersion: '2.9.0', date: '2026-08-08', digest: 'git:cc5bfbc2234ace9cb0caff4ea89c435cf517b27b' },
    registries: ['ghcr.io'],
    crds: 'templates',
  },
} as const satisfies Record<string, ChartSpec>;

export type ChartKey = keyof typeof charts;
