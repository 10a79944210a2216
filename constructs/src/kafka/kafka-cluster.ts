import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, length, oneOf, pattern, range, refuse } from '../validation.ts';
import type { Placement } from '../values/placement.ts';
import { type ContainerResources, containerResources } from '../values/quantity.ts';
import { checkBrokerConfig } from './broker-config.ts';
import { KafkaTopic, type KafkaTopicOptions } from './kafka-topic.ts';
import { type KafkaNodes, type KafkaStorage, nodePool, OPERATOR_RESOURCES } from './node-pools.ts';
import { operatorTemplate } from './pod-templates.ts';
import { bootstrapServers, KAFKA_VERSIONS, type KafkaVersion, LISTENER, STRIMZI_API } from './strimzi.ts';

const BROKERS = { min: 1, max: 99 };
const CONTROLLERS = [1, 3, 5];
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
  /** Copies of a topic that does not say otherwise, where known. */
  readonly replicationFactor?: number;
  /** Copies that must have a record of a topic that does not say otherwise, where known. */
  readonly minInsyncReplicas?: number;
  /** Topics that are declared elsewhere, where known. */
  readonly topicNames?: readonly string[];
  /** What a topic or user waits for, where the cluster is declared beside it. */
  readonly dependable?: ITerraformDependable;
}

export interface KafkaClusterAttributes {
  readonly clusterName: string;
  readonly namespace: string;
  /** @default unknown: replicas of topics are not checked against it */
  readonly brokers?: number;
  /** @default unknown: minInsyncReplicas of topics is not checked against it */
  readonly replicationFactor?: number;
  /** @default unknown: topics with fewer replicas must say their own */
  readonly minInsyncReplicas?: number;
  /** Every topic that users may be granted. @default unknown: grants of topics by name are not checked */
  readonly topicNames?: readonly string[];
}

export interface KafkaClusterProps {
  /** 1-30 lower-case letters, digits or hyphens, starting with a letter. */
  readonly clusterName: string;
  /** Must be watched by the operator, and hold no other Kafka cluster. */
  readonly namespace: string;
  /**
   * Brokers: 1-99. Without `controllers` each is controller as well, and their number must be odd, so that a majority
   * exists. @default 3
   */
  readonly brokers?: number;
  readonly storage: KafkaStorage;
  /** Nodes of their own for the controllers, which large clusters want. @default the brokers are controllers too */
  readonly controllers?: KafkaControllers;
  /** @default '4.3.1' */
  readonly version?: KafkaVersion;
  /**
   * Version of the metadata's format, such as `4.2`. Keep the old one during an upgrade of `version`, since the format
   * cannot go back. @default that of `version`
   */
  readonly metadataVersion?: string;
  /** Copies of each partition, at most `brokers`. @default 3, or as many as there are brokers */
  readonly replicationFactor?: number;
  /**
   * Copies that must have a record before it counts as written; below `replicationFactor`, or one broker that restarts
   * would stop all writing. @default one less, at least 1
   */
  readonly minInsyncReplicas?: number;
  /** Of each broker. @default 500m CPU and 2Gi requested, memory limited to the same */
  readonly resources?: ContainerResources;
  /** Heap of the Java machine, e.g. `512m`; the rest of the memory is for the page cache. @default '1g' */
  readonly heap?: string;
  /** @default any node */
  readonly placement?: Placement;
  /** Spreads brokers and replicas over zones; off for a cluster in one zone. @default true */
  readonly rackAwareness?: boolean;
  /** Where the entity operator runs. @default any node */
  readonly operatorPlacement?: Placement;
  /** Of each of the topic and the user operator. @default 100m CPU and 256Mi requested, memory limited to the same */
  readonly operatorResources?: ContainerResources;
  /** Namespaces whose pods may connect, at least one. @default all: a certificate is needed in any case */
  readonly clientNamespaces?: readonly string[];
  /** Refuses plans that would delete the cluster or its brokers. Volumes are kept in any case. @default true */
  readonly preventDestroy?: boolean;
  /** Configuration of the brokers, by Kafka's names, over ours. @default none */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** Time until Kafka must be ready, seconds: 60-3600. @default 900: disks, images and elections in turn */
  readonly readySeconds?: number;
  readonly dependsOn?: readonly ITerraformDependable[];
}

export interface KafkaControllers extends Omit<KafkaNodes, 'replicas'> {
  /** 1, 3 or 5. @default 3 */
  readonly replicas?: 1 | 3 | 5;
}

/** Kafka by Strimzi: KRaft, mutual TLS on the only listener, authorisation by ACLs, volumes that outlive it. */
export class KafkaCluster extends Construct implements IKafkaCluster {
  /** A cluster that is declared elsewhere. */
  static fromAttributes(_scope: Construct, _id: string, attributes: KafkaClusterAttributes): IKafkaCluster {
    const { clusterName, namespace } = attributes;
    return { ...attributes, port: LISTENER.port, bootstrapServers: bootstrapServers(clusterName, namespace) };
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
  /** The brokers' KafkaNodePool. */
  readonly pool: CustomResource;
  /** The controllers' KafkaNodePool, where they have one. */
  readonly controllerPool?: CustomResource;
  private readonly topics = new Map<string, KafkaTopic>();

  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const { controllers } = props;
    this.clusterName = pattern(this, 'clusterName', props.clusterName, clusterName);
    this.namespace = props.namespace;
    this.bootstrapServers = bootstrapServers(this.clusterName, this.namespace);
    this.brokers = range(this, 'brokers', props.brokers ?? 3, BROKERS);
    ensure(
      this,
      controllers !== undefined || this.brokers % 2 === 1,
      'brokers',
      'must be odd where they are controllers too, so that a majority exists; or give controllers nodes of their own',
      this.brokers,
    );
    this.replicationFactor = range(this, 'replicationFactor', props.replicationFactor ?? Math.min(3, this.brokers), {
      min: 1,
      max: this.brokers,
    });
    const most = Math.max(1, this.replicationFactor - 1);
    this.minInsyncReplicas = range(this, 'minInsyncReplicas', props.minInsyncReplicas ?? most, { min: 1, max: most });
    checkBrokerConfig(this, props.config ?? {});

    const pool = (poolId: string, name: string, roles: string[], nodes: KafkaNodes) =>
      nodePool(this, poolId, nodes, {
        clusterName: this.clusterName,
        namespace: this.namespace,
        name,
        prop: name === 'controllers' ? 'controllers.' : '',
        roles,
        zones: props.rackAwareness ?? true,
        preventDestroy: props.preventDestroy ?? true,
        dependsOn: props.dependsOn,
      });
    const { storage, resources, heap, placement } = props;
    const nodes = { replicas: this.brokers, storage, resources, heap, placement };
    this.pool = pool('Brokers', 'brokers', controllers ? ['broker'] : ['controller', 'broker'], nodes);
    if (controllers) {
      const replicas = oneOf<number>(this, 'controllers.replicas', controllers.replicas ?? 3, CONTROLLERS);
      this.controllerPool = pool('Controllers', 'controllers', ['controller'], { ...controllers, replicas });
    }

    this.resource = new CustomResource(this, 'Kafka', {
      apiVersion: STRIMZI_API,
      kind: 'Kafka',
      metadata: { name: this.clusterName, namespace: this.namespace },
      spec: { kafka: this.kafkaSpec(props), entityOperator: this.entityOperatorSpec(props) },
      waitFor: [{ type: 'Ready', status: 'True' }],
      waitSeconds: range(this, 'readySeconds', props.readySeconds ?? 900, { min: 60, max: 3600 }),
      preventDestroy: props.preventDestroy ?? true,
      dependsOn: this.controllerPool ? [this.pool, this.controllerPool] : [this.pool],
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

  private kafkaSpec(props: KafkaClusterProps) {
    const version = oneOf(this, 'version', props.version ?? '4.3.1', KAFKA_VERSIONS);
    const metadataVersion = pattern(this, 'metadataVersion', props.metadataVersion, {
      regex: /^4\.\d+(-IV\d+)?$/,
      means: 'a version of the metadata such as 4.2 or 4.2-IV1',
    });
    length(this, 'clientNamespaces', props.clientNamespaces, { min: 1 });
    return {
      version,
      ...(metadataVersion === undefined ? {} : { metadataVersion }),
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
      // Strimzi's own default, written out because the drain of a node relies on it.
      template: { podDisruptionBudget: { maxUnavailable: 1 } },
    };
  }

  private entityOperatorSpec(props: KafkaClusterProps) {
    const resources = containerResources(this, 'operatorResources', props.operatorResources ?? OPERATOR_RESOURCES);
    return {
      topicOperator: { resources },
      userOperator: { resources },
      template: operatorTemplate(props.operatorPlacement),
    };
  }
}

const peer = (namespace: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});
