import type { ObjectMeta } from '../checks/objects.ts';

/**
 * What Strimzi's cluster operator leaves behind for a Kafka and its node pools: names, labels, volumes and requests as
 * the operator gives them, because the scheduler, budgets and network policies look at those. Data plane aside.
 */

export interface ManagedObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { ownerReferences?: (OwnerReference & { kind: string; name: string })[] };
  [field: string]: unknown;
}

interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
  blockOwnerDeletion: boolean;
}

interface Resources {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

interface Volume {
  id?: number;
  type: string;
  size?: string;
  class?: string;
  deleteClaim?: boolean;
}

interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  affinity?: unknown;
  tolerations?: unknown[];
  topologySpreadConstraints?: unknown[];
  priorityClassName?: string;
  securityContext?: Record<string, unknown>;
  [field: string]: unknown;
}

interface ContainerTemplate {
  securityContext?: Record<string, unknown>;
}

interface Listener {
  name: string;
  port: number;
  type: string;
  tls: boolean;
}

export interface Kafka {
  apiVersion: string;
  kind: 'Kafka';
  metadata: ObjectMeta & { uid: string; generation: number };
  spec: {
    kafka: {
      version?: string;
      listeners: Listener[];
      template?: { pod?: PodTemplate; kafkaContainer?: ContainerTemplate };
      resources?: Resources;
    };
    entityOperator?: {
      topicOperator?: { resources?: Resources };
      userOperator?: { resources?: Resources };
      template?: {
        pod?: PodTemplate;
        topicOperatorContainer?: ContainerTemplate;
        userOperatorContainer?: ContainerTemplate;
      };
    };
  };
  status?: { observedGeneration?: number; conditions?: { type: string; status: string }[] };
}

export interface KafkaNodePool {
  apiVersion: string;
  kind: 'KafkaNodePool';
  metadata: ObjectMeta & { uid: string; generation: number };
  spec: {
    replicas: number;
    roles: string[];
    resources?: Resources;
    storage: Volume & { volumes?: Volume[] };
    template?: {
      pod?: PodTemplate;
      kafkaContainer?: ContainerTemplate;
      persistentVolumeClaim?: { metadata?: { labels?: Record<string, string> } };
    };
  };
}

/** The operator's restricted pod security provider; without it the pods carry no context, and admission decides. */
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

export function ownedBy(owner: { apiVersion: string; kind: string; metadata: { name: string; uid: string } }) {
  return [
    {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      name: owner.metadata.name,
      uid: owner.metadata.uid,
      controller: true,
      blockOwnerDeletion: false,
    },
  ];
}

const labelsOf = (cluster: string, component: string): Record<string, string> => ({
  'app.kubernetes.io/instance': cluster,
  'app.kubernetes.io/managed-by': 'strimzi-cluster-operator',
  'app.kubernetes.io/name': component,
  'strimzi.io/cluster': cluster,
  'strimzi.io/kind': 'Kafka',
});

const persistent = (storage: KafkaNodePool['spec']['storage']): { name: string; volume: Volume }[] => {
  const volumes = storage.type === 'jbod' ? (storage.volumes ?? []) : [storage];
  return volumes
    .filter((volume) => volume.type === 'persistent-claim')
    .map((volume) => ({ name: storage.type === 'jbod' ? `data-${volume.id ?? 0}` : 'data', volume }));
};

/** The container's own template first, then what the operator's security provider adds. */
function securityOf(template: ContainerTemplate | undefined, options: StrimziOptions): { securityContext?: object } {
  if (template?.securityContext) return { securityContext: template.securityContext };
  return options.restrictedPods ? { securityContext: RESTRICTED } : {};
}

function podFields(template: PodTemplate | undefined): Record<string, unknown> {
  const { metadata: _metadata, ...fields } = template ?? {};
  return fields;
}

/** Claims are not owned by the pool unless deleteClaim says so: deleting Kafka leaves the data. */
function claims(kafka: Kafka, pool: KafkaNodePool, pod: string): ManagedObject[] {
  return persistent(pool.spec.storage).map(({ name, volume }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `${name}-${pod}`,
      namespace: kafka.metadata.namespace!,
      labels: { ...labelsOf(kafka.metadata.name, 'kafka'), 'strimzi.io/pool-name': pool.metadata.name },
      ...(volume.deleteClaim ? { ownerReferences: ownedBy(pool) } : {}),
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(volume.class ? { storageClassName: volume.class } : {}),
      resources: { requests: { storage: volume.size } },
    },
  }));
}

export interface StrimziOptions {
  /** Whether the operator runs with STRIMZI_POD_SECURITY_PROVIDER_CLASS=restricted. */
  restrictedPods: boolean;
}

function brokerPod(kafka: Kafka, pool: KafkaNodePool, id: number, options: StrimziOptions): ManagedObject {
  const cluster = kafka.metadata.name;
  const name = `${cluster}-${pool.metadata.name}-${id}`;
  const template = pool.spec.template?.pod ?? kafka.spec.kafka.template?.pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: kafka.metadata.namespace!,
      labels: {
        ...template?.metadata?.labels,
        ...labelsOf(cluster, 'kafka'),
        'strimzi.io/name': `${cluster}-kafka`,
        'strimzi.io/pool-name': pool.metadata.name,
        'strimzi.io/pod-name': name,
        'strimzi.io/broker-role': String(pool.spec.roles.includes('broker')),
        'strimzi.io/controller-role': String(pool.spec.roles.includes('controller')),
      },
      ...(template?.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: ownedBy(pool),
    },
    spec: {
      ...podFields(template),
      serviceAccountName: `${cluster}-kafka`,
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: 'kafka',
          image: `quay.io/strimzi/kafka:kafka-${kafka.spec.kafka.version ?? 'default'}`,
          resources: pool.spec.resources ?? kafka.spec.kafka.resources ?? {},
          ports: kafka.spec.kafka.listeners.map((listener) => ({
            name: `tcp-${listener.name}`,
            containerPort: listener.port,
          })),
          volumeMounts: persistent(pool.spec.storage).map((claim) => ({
            name: claim.name,
            mountPath: `/var/lib/kafka/${claim.name}`,
          })),
          ...securityOf(pool.spec.template?.kafkaContainer ?? kafka.spec.kafka.template?.kafkaContainer, options),
        },
      ],
      volumes: persistent(pool.spec.storage).map((claim) => ({
        name: claim.name,
        persistentVolumeClaim: { claimName: `${claim.name}-${name}` },
      })),
    },
  };
}

function service(kafka: Kafka, suffix: string, ports: { name: string; port: number }[], headless: boolean) {
  const cluster = kafka.metadata.name;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${cluster}-kafka-${suffix}`,
      namespace: kafka.metadata.namespace!,
      labels: labelsOf(cluster, 'kafka'),
      ownerReferences: ownedBy(kafka),
    },
    spec: {
      ...(headless ? { clusterIP: 'None', publishNotReadyAddresses: true } : {}),
      selector: {
        'strimzi.io/cluster': cluster,
        'strimzi.io/kind': 'Kafka',
        'strimzi.io/name': `${cluster}-kafka`,
        'strimzi.io/broker-role': 'true',
      },
      ports: ports.map((port) => ({ ...port, targetPort: port.port, protocol: 'TCP' })),
    },
  } satisfies ManagedObject;
}

function entityOperator(kafka: Kafka, options: StrimziOptions): ManagedObject[] {
  const { entityOperator: spec } = kafka.spec;
  if (!spec) return [];
  const cluster = kafka.metadata.name;
  const name = `${cluster}-entity-operator`;
  const labels = { ...labelsOf(cluster, 'entity-operator'), 'strimzi.io/name': name };
  const container = (operator: string, resources: Resources | undefined, template: ContainerTemplate | undefined) => ({
    name: operator,
    image: 'quay.io/strimzi/operator',
    resources: resources ?? {},
    ...securityOf(template, options),
  });
  const metadata = { namespace: kafka.metadata.namespace!, labels, ownerReferences: ownedBy(kafka) };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name },
      spec: {
        replicas: 1,
        selector: { matchLabels: { 'strimzi.io/name': name, 'strimzi.io/cluster': cluster } },
        template: {
          metadata: {
            labels: { ...spec.template?.pod?.metadata?.labels, ...labels },
            ...(spec.template?.pod?.metadata?.annotations
              ? { annotations: spec.template.pod.metadata.annotations }
              : {}),
          },
          spec: {
            ...podFields(spec.template?.pod),
            serviceAccountName: name,
            containers: [
              ...(spec.topicOperator
                ? [container('topic-operator', spec.topicOperator.resources, spec.template?.topicOperatorContainer)]
                : []),
              ...(spec.userOperator
                ? [container('user-operator', spec.userOperator.resources, spec.template?.userOperatorContainer)]
                : []),
            ],
          },
        },
      },
    },
  ];
}

/** Node ids are given in the order of the pools' names, from 0, as the operator does for new clusters. */
export function clusterObjects(kafka: Kafka, pools: KafkaNodePool[], options: StrimziOptions): ManagedObject[] {
  const cluster = kafka.metadata.name;
  const metadata = { namespace: kafka.metadata.namespace!, labels: labelsOf(cluster, 'kafka') };
  const replicas = pools.reduce((total, pool) => total + pool.spec.replicas, 0);
  let next = 0;
  const nodes = [...pools]
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
    .flatMap((pool) =>
      Array.from({ length: pool.spec.replicas }, () => {
        const pod = brokerPod(kafka, pool, next, options);
        next += 1;
        return [...claims(kafka, pool, pod.metadata.name), pod];
      }).flat(),
    );
  const internal = kafka.spec.kafka.listeners
    .filter((listener) => listener.type === 'internal')
    .map((listener) => ({ name: `tcp-${listener.name}`, port: listener.port }));
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, name: `${cluster}-kafka`, ownerReferences: ownedBy(kafka) },
    },
    service(kafka, 'bootstrap', [{ name: 'tcp-replication', port: 9091 }, ...internal], false),
    service(
      kafka,
      'brokers',
      [{ name: 'tcp-ctrlplane', port: 9090 }, { name: 'tcp-replication', port: 9091 }, ...internal],
      true,
    ),
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { ...metadata, name: `${cluster}-kafka`, ownerReferences: ownedBy(kafka) },
      spec: {
        minAvailable: Math.max(0, replicas - 1),
        selector: { matchLabels: { 'strimzi.io/cluster': cluster, 'strimzi.io/name': `${cluster}-kafka` } },
      },
    },
    ...nodes,
    ...entityOperator(kafka, options),
  ];
}
