import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool/index.js';
import { Construct } from 'constructs';
import { distinct, ensure, isKnown, length, oneOf, pattern, range, refuse } from '../validation.ts';
import type { IArtifactRegistry } from './artifact-registry.ts';
import type { IGkeCluster } from './gke-cluster.ts';
import type { IKmsKey } from './kms-key.ts';
import { MachineType } from './machine-type.ts';
import { accountId, RESOURCE_NAME, regionOf, ZONE } from './names.ts';
import { type NodeTotals, nodeCounts } from './node-counts.ts';
import { NodeIdentity } from './node-identity.ts';
import {
  accelerators,
  DISK_SIZE_GIB,
  DISK_TYPES,
  type DiskType,
  diskFits,
  type Gpu,
  nodeLabels,
  PODS_PER_NODE,
  type Taint,
  taints,
  type UpgradeStrategy,
  upgradeSettings,
} from './node-pool-options.ts';
import { ServiceAgents } from './service-agents.ts';

export interface NodePoolOptions {
  /** Name of the pool and of the nodes' label `cloud.google.com/gke-nodepool`, 1-40 characters. @default - the construct's id */
  readonly poolName?: string;
  /** e.g. `e2-standard-4`. Changing it rolls every node in place. */
  readonly machineType: MachineType | string;
  /** Nodes in all zones together, fixed or within bounds. */
  readonly nodes: NodeTotals;
  /** Zones that the nodes are spread over; some of the cluster's. @default - all zones of the cluster */
  readonly zones?: readonly string[];
  /** Boot disk. `pd-balanced` and `pd-ssd` both count against the quota SSD_TOTAL_GB. @default 'pd-balanced' */
  readonly diskType?: DiskType;
  /** Boot disk in GiB, 10-2000. Images and the pods' scratch space live on it. @default 100 (Google's own) */
  readonly diskSizeGib?: number;
  /** Key for the boot disks (CIS GKE 5.9.1), in the cluster's region. Changing it replaces the pool. @default - Google's own key */
  readonly diskKey?: IKmsKey;
  /** Spot machines cost less and can vanish within 30 seconds. Changing it replaces the pool. @default 'on-demand' */
  readonly provisioning?: 'on-demand' | 'spot';
  /** Where the autoscaler adds nodes: evenly, or where there are any. @default 'BALANCED', and 'ANY' for spot */
  readonly locationPolicy?: 'BALANCED' | 'ANY';
  /** Keeps pods without a matching toleration away. @default - none */
  readonly taints?: readonly Taint[];
  /** Kubernetes labels of the nodes. @default - those of GKE only */
  readonly labels?: Readonly<Record<string, string>>;
  /** GPUs of each node. Changing them replaces the pool. @default - none */
  readonly gpu?: Gpu;
  /** How nodes are renewed. @default 'surge', one node more and none missing */
  readonly upgrade?: UpgradeStrategy;
  /** Pods that fit on a node, 8-256; decides how many addresses a node takes. @default - the cluster's, 110 */
  readonly maxPodsPerNode?: number;
  /** Image repositories that the nodes may pull from. @default - all repositories of the project */
  readonly registries?: readonly IArtifactRegistry[];
  /** Network tags beside the cluster's own. @default - none */
  readonly networkTags?: readonly string[];
  /** Labels of the machines in Google's bill. @default - none */
  readonly resourceLabels?: Readonly<Record<string, string>>;
}

export interface NodePoolProps extends NodePoolOptions {
  readonly cluster: IGkeCluster;
}

/**
 * Nodes of one kind, hardened: own least-privileged account (CIS GKE 5.2.1), metadata server of Workload Identity
 * (5.2.2), Container-Optimized OS (5.5.1), repaired and upgraded by GKE (5.5.2, 5.5.3), shielded with integrity
 * monitoring and secure boot (5.5.5-5.5.7), no unauthenticated kubelet port, no legacy metadata endpoint.
 */
export class NodePool extends Construct {
  /** The underlying resource. */
  readonly resource: ContainerNodePool;
  /** The account that the nodes run under. */
  readonly identity: NodeIdentity;
  readonly poolName: string;
  readonly machineType: MachineType;
  /** Zones that the nodes are spread over, where known. */
  readonly zones?: readonly string[];

  constructor(scope: Construct, id: string, props: NodePoolProps) {
    super(scope, id);
    const { cluster } = props;
    this.poolName = pattern(this, 'poolName', props.poolName ?? id, RESOURCE_NAME);
    this.machineType = this.#machine(props.machineType);
    this.zones = this.#zones(props);
    const counts = nodeCounts(this, props.nodes, this.zones);
    const diskType = oneOf(this, 'diskType', props.diskType ?? 'pd-balanced', DISK_TYPES);
    diskFits(this, diskType, this.machineType);
    const diskSizeGb = range(this, 'diskSizeGib', props.diskSizeGib ?? 100, DISK_SIZE_GIB);
    const provisioning = oneOf(this, 'provisioning', props.provisioning ?? 'on-demand', ['on-demand', 'spot']);
    const spot = provisioning === 'spot';
    const tainted = taints(this, props.taints ?? []);
    distinct(this, 'taints', props.taints ?? [], ({ key, effect }) => `${key}:${effect}`);
    const guestAccelerator = props.gpu && accelerators(this, props.gpu, this.machineType);
    const settings = upgradeSettings(this, props.upgrade ?? 'surge');
    const labels = nodeLabels(this, props.labels ?? {});

    this.identity = new NodeIdentity(this, 'identity', {
      accountId: accountId(cluster.clusterName, this.poolName, 'nodes'),
      project: cluster.project,
      displayName: `Nodes of pool ${this.poolName} in cluster ${cluster.clusterName}`,
      registries: props.registries,
    });
    const { diskKey } = props;
    const keyGrant = diskKey?.grantEncryptDecrypt(ServiceAgents.of(this, cluster.project).computeEngine);

    this.resource = new ContainerNodePool(this, 'pool', {
      name: this.poolName,
      cluster: cluster.clusterId,
      location: cluster.location,
      project: cluster.project,
      nodeLocations: this.zones && [...this.zones],
      nodeCount: counts.perZone,
      initialNodeCount: counts.initialPerZone,
      autoscaling: counts.totals && {
        totalMinNodeCount: counts.totals.min,
        totalMaxNodeCount: counts.totals.max,
        locationPolicy: props.locationPolicy ?? (spot ? 'ANY' : 'BALANCED'),
      },
      maxPodsPerNode: range(this, 'maxPodsPerNode', props.maxPodsPerNode, PODS_PER_NODE),
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: settings,
      nodeConfig: {
        machineType: this.machineType.name,
        imageType: 'COS_CONTAINERD',
        diskType,
        diskSizeGb,
        bootDiskKmsKey: diskKey?.keyId,
        spot,
        serviceAccount: this.identity.email,
        // The account's roles are what limits the nodes; scopes are a leftover that can only get in the way.
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: 'FALSE' },
        metadata: { 'disable-legacy-endpoints': 'true' },
        tags: [...cluster.nodeTags, ...(props.networkTags ?? [])],
        // GKE adds labels of its own; an empty map would be read as the wish to have none.
        labels: Object.keys(labels).length > 0 ? labels : undefined,
        taint: tainted.length > 0 ? tainted : undefined,
        guestAccelerator,
        resourceLabels: props.resourceLabels && { ...props.resourceLabels },
      },
      // Once the autoscaler owns the count, a new minimum must not replace the pool (initial_node_count does) nor undo its work.
      lifecycle: counts.totals && { ignoreChanges: ['initial_node_count', 'node_count'] },
      // A roll of a pool with Kafka brokers waits for each of them to move.
      timeouts: { create: '45m', update: '2h', delete: '45m' },
      dependsOn: [...this.identity.dependable, ...(keyGrant ? [keyGrant] : [])],
    });
  }

  #machine(wanted: MachineType | string): MachineType {
    if (wanted instanceof MachineType) return wanted;
    const problem = MachineType.problem(wanted);
    if (problem) refuse(this, 'machineType', problem, wanted);
    return MachineType.of(wanted);
  }

  #zones({ zones, cluster }: NodePoolProps): readonly string[] | undefined {
    if (!zones) return cluster.zones;
    length(this, 'zones', zones, { min: 1 });
    distinct(this, 'zones', zones);
    for (const zone of zones) {
      pattern(this, 'zones', zone, ZONE);
      if (!isKnown(cluster.location)) continue;
      const region = regionOf(cluster.location);
      ensure(this, regionOf(zone) === region, 'zones', `must lie in the cluster's region ${region}`, zone);
    }
    return zones;
  }
}
