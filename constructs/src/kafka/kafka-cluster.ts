import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, isKnown, oneOf, pattern, range, refuse } from '../validation.ts';
import { type Placement, podPlacement } from '../values/placement.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { KafkaTopic, type KafkaTopicOptions } from './kafka-topic.ts';

/** API of Strimzi 1.x; older versions were removed with 1.0. */
export const STRIMZI_API = 'kafka.strimzi.io/v1';
export const CLUSTER_LABEL = 'strimzi.io/cluster';

/** Kafka versions that Strimzi 1.2 runs. Source: the operator's release notes. */
export const KAFKA_VERSIONS = ['4.2.0', '4.2.1', '4.3.0', '4.3.1'] as const;
export type KafkaVersion = (typeof KAFKA_VERSIONS)[number];

/** The one listener: TLS, and every client shows a certificate. Strimzi keeps 9090-9091 for itself. */
const LISTENER = { name: 'tls', port: 9093 };
const BROKERS = { min: 1, max: 99 };
const STORAGE_GIB = { min: 1, max: 65536 };
const clusterName = {
  // Names of pods and volumes are made from it, and they may have 63 characters.
  regex: /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/,
  means: '1-30 lower-case letters, digits or hyphens, starting with a letter',
};

/** A Kafka cluster, ours or somebody else's, that topics and users can be declared in. */
export interface IKafkaCluster {
  readonly clusterName: string;
  readonly namespace: string;
  /** `<name>-kafka-bootstrap.<namespace>.svc:9093` */
  readonly bootstrapServers: string;
  /** Port of the brokers that clients reach. */
  readonly port: number;
  /** Brokers, where they are known: a topic cannot have more replicas. */
  readonly brokers?: number;
  /** What a topic or user waits for, where the cluster is declared beside it. */
  readonly dependable?: ITerraformDependable;
}

export interface KafkaClusterAttributes {
  readonly clusterName: string;
  readonly namespace: string;
  /** @default unknown: replicas of topics are not checked against it */
  readonly brokers?: number;
}

export interface KafkaStorage {
  /** Per broker, GiB: 1-65536. It can grow, never shrink. */
  readonly sizeGib: number;
  /** @default the cluster's default storage class */
  readonly storageClass?: string;
}

export interface KafkaClusterProps {
  readonly clusterName: string;
  /** Must be watched by the operator. */
  readonly namespace: string;
  /** Nodes that are broker and controller in one: 1-99, odd from three on, so that a majority exists. @default 3 */
  readonly brokers?: number;
  readonly storage: KafkaStorage;
  /** @default '4.3.1' */
  readonly version?: KafkaVersion;
  /** Copies of each partition, at most `brokers`. @default 3, or as many as there are brokers */
  readonly replicationFactor?: number;
  /** Copies that must have a record before it counts as written; below `replicationFactor`. @default one less, at least 1 */
  readonly minInsyncReplicas?: number;
  /** Per broker. @default 500m CPU and 2Gi requested, memory limited to the same */
  readonly resources?: ContainerResources;
  /** Heap of the Java machine; the rest of the memory is for the page cache. @default '1g' */
  readonly heap?: string;
  /** @default any node */
  readonly placement?: Placement;
  /** Spreads replicas over zones; off for a cluster in one zone. @default true */
  readonly rackAwareness?: boolean;
  /** Where the entity operator runs. @default any node */
  readonly operatorPlacement?: Placement;
  /** Namespaces whose pods may connect. @default all */
  readonly clientNamespaces?: readonly string[];
  /** Refuses plans that would delete the cluster or its brokers. Volumes are kept in any case. @default true */
  readonly preventDestroy?: boolean;
  /** Configuration of the brokers, over ours. @default none */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  readonly dependsOn?: readonly ITerraformDependable[];
}

const bootstrap = (name: string, namespace: string): string =>
  `${name}-kafka-bootstrap.${namespace}.svc:${LISTENER.port}`;

/** Kafka by Strimzi: KRaft, mutual TLS on the only listener, authorisation by ACLs, volumes that outlive it. */
export class KafkaCluster extends Construct implements IKafkaCluster {
  /** A cluster that is declared elsewhere. */
  static fromAttributes(_scope: Construct, _id: string, attributes: KafkaClusterAttributes): IKafkaCluster {
    const { clusterName: name, namespace, brokers } = attributes;
    return { clusterName: name, namespace, brokers, port: LISTENER.port, bootstrapServers: bootstrap(name, namespace) };
  }

  readonly clusterName: string;
  readonly namespace: string;
  readonly bootstrapServers: string;
  readonly port = LISTENER.port;
  readonly brokers: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  /** The Kafka resource, for `manifest.addOverride`. */
  readonly resource: CustomResource;
  /** Its KafkaNodePool. */
  readonly pool: CustomResource;
  private readonly topics = new Map<string, KafkaTopic>();

  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    this.clusterName = pattern(this, 'clusterName', props.clusterName, clusterName);
    this.namespace = props.namespace;
    this.bootstrapServers = bootstrap(this.clusterName, this.namespace);
    this.brokers = range(this, 'brokers', props.brokers ?? 3, BROKERS);
    ensure(
      this,
      this.brokers % 2 === 1,
      'brokers',
      'must be odd, so that a majority of controllers exists',
      this.brokers,
    );
    this.replicationFactor = range(this, 'replicationFactor', props.replicationFactor ?? Math.min(3, this.brokers), {
      min: 1,
      max: this.brokers,
    });
    this.minInsyncReplicas = range(
      this,
      'minInsyncReplicas',
      props.minInsyncReplicas ?? Math.max(1, this.replicationFactor - 1),
      {
        min: 1,
        max: Math.max(1, this.replicationFactor - 1),
      },
    );
    const version = oneOf(this, 'version', props.version ?? '4.3.1', KAFKA_VERSIONS);
    range(this, 'storage.sizeGib', props.storage.sizeGib, STORAGE_GIB);
    const resources = containerResources(
      this,
      'resources',
      props.resources ?? { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '2Gi' } },
    );
    const heap = pattern(this, 'heap', props.heap ?? '1g', {
      regex: /^\d+[mg]$/,
      means: 'megabytes or gigabytes such as 512m or 1g',
    });
    const labels = { [CLUSTER_LABEL]: this.clusterName };
    const preventDestroy = props.preventDestroy ?? true;

    this.pool = new CustomResource(this, 'Brokers', {
      apiVersion: STRIMZI_API,
      kind: 'KafkaNodePool',
      metadata: { name: 'brokers', namespace: this.namespace, labels },
      spec: {
        replicas: this.brokers,
        roles: ['controller', 'broker'],
        resources,
        jvmOptions: { '-Xms': heap, '-Xmx': heap },
        storage: {
          type: 'jbod',
          volumes: [
            {
              id: 0,
              type: 'persistent-claim',
              size: `${props.storage.sizeGib}Gi`,
              ...(props.storage.storageClass ? { class: props.storage.storageClass } : {}),
              kraftMetadata: 'shared',
              deleteClaim: false,
            },
          ],
        },
        template: { pod: brokerPod(this.clusterName, props.placement, props.rackAwareness ?? true) },
      },
      preventDestroy,
      dependsOn: props.dependsOn,
    });

    this.resource = new CustomResource(this, 'Kafka', {
      apiVersion: STRIMZI_API,
      kind: 'Kafka',
      metadata: { name: this.clusterName, namespace: this.namespace },
      spec: {
        kafka: {
          version,
          metadataVersion: `${version.split('.').slice(0, 2).join('.')}-IV0`,
          listeners: [
            {
              name: LISTENER.name,
              port: LISTENER.port,
              type: 'internal',
              tls: true,
              authentication: { type: 'tls' },
              ...(props.clientNamespaces ? { networkPolicyPeers: props.clientNamespaces.map(peer) } : {}),
            },
          ],
          authorization: { type: 'simple' },
          ...((props.rackAwareness ?? true)
            ? { rack: { type: 'topology-label', topologyKey: 'topology.kubernetes.io/zone' } }
            : {}),
          config: {
            'auto.create.topics.enable': false,
            'default.replication.factor': this.replicationFactor,
            'min.insync.replicas': this.minInsyncReplicas,
            'offsets.topic.replication.factor': this.replicationFactor,
            'transaction.state.log.replication.factor': this.replicationFactor,
            'transaction.state.log.min.isr': this.minInsyncReplicas,
            ...props.config,
          },
        },
        entityOperator: {
          topicOperator: { resources: OPERATOR_RESOURCES },
          userOperator: { resources: OPERATOR_RESOURCES },
          template: { pod: operatorPod(props.operatorPlacement) },
        },
      },
      waitFor: [{ type: 'Ready', status: 'True' }],
      preventDestroy,
      dependsOn: [this.pool],
    });
  }

  get dependable(): ITerraformDependable {
    return this.resource;
  }

  addTopic(id: string, options: KafkaTopicOptions): KafkaTopic {
    const topic = new KafkaTopic(this, id, { ...options, cluster: this });
    this.topics.set(topic.topicName, topic);
    return topic;
  }

  /** A topic that was added before; an error names the ones there are. */
  topic(name: string): KafkaTopic {
    const known = this.topics.get(name);
    if (known) return known;
    const names = [...this.topics.keys()].sort().join(', ') || 'none';
    return refuse(this, 'topic', `must be one of the cluster's topics (${names})`, name);
  }
}

/** Of each of the two operators. */
const OPERATOR_RESOURCES = { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } };

const peer = (namespace: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});

/** Strimzi's pod template has no node selector: affinity says the same. */
function nodeAffinity(placement: Placement | undefined) {
  const { nodeSelector } = podPlacement(placement);
  const matchExpressions = Object.entries(nodeSelector).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return matchExpressions.length === 0
    ? {}
    : {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
      };
}

function tolerations(placement: Placement | undefined) {
  const found = podPlacement(placement).tolerations;
  return found.length === 0 ? {} : { tolerations: found };
}

/** Two brokers on one machine would lose two copies with it. */
function brokerPod(cluster: string, placement: Placement | undefined, zones: boolean) {
  const labelSelector = { matchLabels: { [CLUSTER_LABEL]: cluster, 'strimzi.io/name': `${cluster}-kafka` } };
  return {
    affinity: {
      ...nodeAffinity(placement),
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }],
      },
    },
    ...tolerations(placement),
    ...(zones
      ? {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector,
            },
          ],
        }
      : {}),
  };
}

function operatorPod(placement: Placement | undefined) {
  const affinity = nodeAffinity(placement);
  return { ...(isKnown(affinity.nodeAffinity) ? { affinity } : {}), ...tolerations(placement) };
}
