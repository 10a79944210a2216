/** Packages that the real CustomResourceDefinitions come from when the chart cannot be fetched. The one place of their versions. */

export interface GoModulePackage {
  kind: 'go-module';
  module: string;
  version: string;
  /** Go's own checksum of the module, as go.sum has it. */
  sum: string;
  /** Files or folders with the definitions, relative to the module. */
  paths: string[];
  origin: string;
}

export interface MavenPackage {
  kind: 'maven';
  version: string;
  /** Path in the repository and its sha256. */
  jars: { path: string; sha256: string }[];
  /** Model class by file name: the generator writes a definition from each. */
  models: Record<string, string>;
  origin: string;
}

export type CrdPackage = GoModulePackage | MavenPackage;

const STRIMZI = '1.2.0';

export const CRD_PACKAGES = {
  strimzi: {
    kind: 'maven',
    version: STRIMZI,
    jars: [
      {
        path: `io/strimzi/crd-generator/${STRIMZI}/crd-generator-${STRIMZI}.jar`,
        sha256: '76bb2430e702a1e6a24c071d26c865d5e9572cbc630d176d3b912033ae23ed00',
      },
      {
        path: `io/strimzi/api/${STRIMZI}/api-${STRIMZI}.jar`,
        sha256: '566961ae5e5646a001ae91312beda5cba3a5d467e740e205e1b761754335fe4e',
      },
    ],
    models: {
      kafka: 'kafka.Kafka',
      kafkanodepool: 'nodepool.KafkaNodePool',
      kafkatopic: 'topic.KafkaTopic',
      kafkauser: 'user.KafkaUser',
      kafkaconnect: 'connect.KafkaConnect',
      kafkaconnector: 'connector.KafkaConnector',
      kafkabridge: 'bridge.KafkaBridge',
      kafkamirrormaker2: 'mirrormaker2.KafkaMirrorMaker2',
      kafkarebalance: 'rebalance.KafkaRebalance',
      strimzipodset: 'podset.StrimziPodSet',
    },
    origin: `Maven io.strimzi:api:${STRIMZI}`,
  },
  traefik: {
    kind: 'go-module',
    module: 'github.com/traefik/traefik/v3',
    version: 'v3.7.11',
    sum: 'h1:AdGIts8MRFqWMjXhZFisrbLseB7vjikUL1q9H9DSvrM=',
    paths: ['docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml'],
    origin: 'Go module github.com/traefik/traefik/v3@v3.7.11',
  },
  istio: {
    kind: 'go-module',
    module: 'istio.io/istio',
    // The release of a minor later than the charts: modules of the 1.30 branch are not published.
    version: 'v0.0.0-20260827124520-eed52ebb66ad',
    sum: 'h1:ui9TJjRMAV/hb5ehQaZDq7IUGxuQP6dra9lapT/VjHI=',
    paths: ['manifests/charts/base/files/crd-all.gen.yaml'],
    origin: 'Go module istio.io/istio (1.31)',
  },
  'external-secrets': {
    kind: 'go-module',
    module: 'github.com/external-secrets/external-secrets',
    version: 'v1.3.2',
    sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
    paths: ['config/crds/bases'],
    origin: 'Go module github.com/external-secrets/external-secrets@v1.3.2',
  },
} as const satisfies Record<string, CrdPackage>;

export type CrdSet = keyof typeof CRD_PACKAGES;

const GROUPS: [RegExp, CrdSet][] = [
  [/strimzi\.io$/, 'strimzi'],
  [/traefik\.io$/, 'traefik'],
  [/istio\.io$/, 'istio'],
  [/external-secrets\.io$/, 'external-secrets'],
];

/** The packages that define these CustomResourceDefinitions (full names), and those that no package is known for. */
export function packagesFor(definitions: string[]): { sets: CrdSet[]; unknown: string[] } {
  const sets = new Set<CrdSet>();
  const unknown: string[] = [];
  for (const name of definitions) {
    const set = GROUPS.find(([group]) => group.test(name))?.[1];
    if (set) sets.add(set);
    else unknown.push(name);
  }
  return { sets: [...sets], unknown };
}
