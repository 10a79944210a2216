import { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster/index.js';
import { DataGoogleContainerCluster } from '@cdktf/provider-google/lib/data-google-container-cluster/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { distinct, ensure, isKnown, length, oneOf, pattern } from '../validation.ts';
import {
  components,
  type EndpointOptions,
  endpoints,
  LOGGING_COMPONENTS,
  type LoggingComponent,
  MONITORING_COMPONENTS,
  type MonitoringComponent,
  RELEASE_CHANNELS,
  type ReleaseChannel,
  securityGroup,
} from './cluster-options.ts';
import type { IKmsKey } from './kms-key.ts';
import { type MaintenanceOptions, maintenancePolicy } from './maintenance.ts';
import { TOPIC_NAME } from './managed-secret.ts';
import { accountId, isZone, PROJECT_ID, REGION, RESOURCE_NAME, regionOf, ZONE } from './names.ts';
import type { INetwork } from './network.ts';
import { NodeIdentity } from './node-identity.ts';
import { NodePool, type NodePoolOptions } from './node-pool.ts';
import { ServiceAgents } from './service-agents.ts';

/** A cluster, made here or elsewhere. */
export interface IGkeCluster extends Construct {
  readonly clusterName: string;
  readonly project: string;
  /** Region or zone. */
  readonly location: string;
  /** `projects/<project>/locations/<location>/clusters/<cluster>`. */
  readonly clusterId: string;
  /** Zones of its nodes, where known. */
  readonly zones?: readonly string[];
  /** Network tags that its nodes must carry for the firewall rules to apply. */
  readonly nodeTags: readonly string[];
  /** Identity pool of its Kubernetes service accounts. */
  readonly workloadPool: string;
  /** URL of the API server: the DNS endpoint, whose certificate is public. */
  readonly kubernetesHost: string;
  /** What must exist before anything in the cluster. */
  readonly dependable: ITerraformDependable[];
  /** Adds nodes of one kind. The id names the pool unless `poolName` does. */
  addNodePool(id: string, props: NodePoolOptions): NodePool;
}

export interface GkeClusterAttributes {
  readonly clusterName: string;
  readonly project: string;
  readonly location: string;
  /** The DNS endpoint's host name, e.g. `gke-abc123.us-central1.gke.goog`. */
  readonly dnsEndpoint: string;
  /** Zones of its nodes; needed to add a pool with a fixed total. @default - unknown */
  readonly zones?: readonly string[];
  /** Network tags for nodes of added pools. @default - none */
  readonly nodeTags?: readonly string[];
}

export type GkeClusterLookup = Omit<GkeClusterAttributes, 'dnsEndpoint'>;

export interface GkeClusterProps {
  /** 1-40 lower-case letters, digits or hyphens. */
  readonly name: string;
  readonly project: string;
  /** A region, for a control plane in three zones, or a zone, for a cheaper one that upgrades with an interruption. */
  readonly location: string;
  /** Zones of the nodes. @default - the location itself, where it is a zone; must be given for a region */
  readonly zones?: readonly string[];
  readonly network: INetwork;
  /** Key that encrypts Kubernetes Secrets in the control plane's store (CIS GKE 5.3.1); its location must be the cluster's region. */
  readonly secretsKey: IKmsKey;
  /** How early versions arrive (CIS GKE 5.5.4). @default 'REGULAR' */
  readonly releaseChannel?: ReleaseChannel;
  /** Refuses to destroy the cluster, and to replace it. @default true */
  readonly deletionProtection?: boolean;
  /** Who reaches the control plane. @default - the DNS endpoint only, guarded by IAM */
  readonly endpoint?: EndpointOptions;
  /** When GKE may upgrade. @default - Saturday and Sunday, 02:00-08:00 UTC */
  readonly maintenance?: MaintenanceOptions;
  /** Which logs go to Cloud Logging (CIS GKE 5.7.1). @default ['SYSTEM_COMPONENTS', 'WORKLOADS'] */
  readonly logging?: readonly LoggingComponent[];
  /** Which metrics GKE itself collects. @default ['SYSTEM_COMPONENTS', 'STORAGE', 'POD', 'DEPLOYMENT', 'STATEFULSET', 'DAEMONSET', 'HPA'] */
  readonly monitoring?: readonly MonitoringComponent[];
  /** Google's managed collectors for Prometheus metrics of the workloads. @default true */
  readonly managedPrometheus?: boolean;
  /** Metrics of Dataplane V2's traffic. @default true */
  readonly dataplaneMetrics?: boolean;
  /** Only images that the project's policy admits (CIS GKE 5.10.5); the policy must exist first. @default false */
  readonly binaryAuthorization?: boolean;
  /** Group whose members' groups can be named in RBAC: `gke-security-groups@<domain>` (CIS GKE 5.8.3). @default - none */
  readonly securityGroup?: string;
  /** Topic that is told of upgrades: `projects/<project>/topics/<topic>`. @default - none */
  readonly upgradeTopic?: string;
  /** The add-on that mounts Secret Manager's values as files. @default false: External Secrets does it here */
  readonly secretManagerAddon?: boolean;
  /** The agent of Backup for GKE, which is billed apart. @default false */
  readonly backupAgent?: boolean;
  /** A DNS cache on every node; takes CPU on the small ones. @default false */
  readonly nodeLocalDns?: boolean;
  /** How eagerly the autoscaler removes nodes. @default 'BALANCED' */
  readonly autoscalingProfile?: 'BALANCED' | 'OPTIMIZE_UTILIZATION';
  /** Labels of the cluster in Google's bill. @default - none */
  readonly resourceLabels?: Readonly<Record<string, string>>;
}

const DEFAULT_MONITORING: readonly MonitoringComponent[] = [
  'SYSTEM_COMPONENTS',
  'STORAGE',
  'POD',
  'DEPLOYMENT',
  'STATEFULSET',
  'DAEMONSET',
  'HPA',
];

/**
 * A private GKE cluster, hardened: Dataplane V2 with its network policies (CIS GKE 5.6.7), private nodes (5.6.5) and no
 * public address (5.6.4), Workload Identity (5.2.2), Secrets encrypted with a key of ours (5.3.1), shielded nodes
 * (5.5.5), neither client certificate (5.8.2) nor ABAC (5.8.4), no rights for anonymous users. It has no nodes until
 * `addNodePool`.
 */
export class GkeCluster extends Construct implements IGkeCluster {
  /** The underlying resource. */
  readonly resource: ContainerCluster;
  readonly clusterName: string;
  readonly project: string;
  readonly location: string;
  readonly zones: readonly string[];
  readonly nodeTags: readonly string[];
  readonly workloadPool: string;

  /** A cluster by its known attributes; nothing is looked up. */
  static fromAttributes(scope: Construct, id: string, attributes: GkeClusterAttributes): IGkeCluster {
    return new ExistingCluster(scope, id, attributes, () => attributes.dnsEndpoint);
  }

  /** A cluster by its name; its endpoint is looked up when Terraform plans. */
  static fromLookup(scope: Construct, id: string, lookup: GkeClusterLookup): IGkeCluster {
    return new ExistingCluster(scope, id, lookup, (cluster) => {
      const { clusterName: name, project, location } = lookup;
      const data = new DataGoogleContainerCluster(cluster, 'cluster', { name, project, location });
      return dnsEndpoint(data);
    });
  }

  constructor(scope: Construct, id: string, props: GkeClusterProps) {
    super(scope, id);
    const { network, project, location, secretsKey } = props;
    this.clusterName = pattern(this, 'name', props.name, RESOURCE_NAME);
    this.project = pattern(this, 'project', project, PROJECT_ID);
    this.location = location;
    this.zones = this.#zones(props);
    this.nodeTags = [network.nodeTag];
    this.workloadPool = `${project}.svc.id.goog`;

    const region = regionOf(location);
    if (isKnown(network.region)) {
      ensure(this, network.region === region, 'network', `must be in the cluster's region ${region}`, network.region);
    }
    if (isKnown(secretsKey.location)) {
      const rule = `must be in the cluster's region ${region}`;
      ensure(this, secretsKey.location === region, 'secretsKey', rule, secretsKey.location);
    }
    const logging = components(
      this,
      'logging',
      props.logging ?? ['SYSTEM_COMPONENTS', 'WORKLOADS'],
      LOGGING_COMPONENTS,
    );
    const monitoring = components(this, 'monitoring', props.monitoring ?? DEFAULT_MONITORING, MONITORING_COMPONENTS);
    const channel = oneOf(this, 'releaseChannel', props.releaseChannel ?? 'REGULAR', RELEASE_CHANNELS);
    const upgradeTopic = pattern(this, 'upgradeTopic', props.upgradeTopic, TOPIC_NAME);
    const profiles = ['BALANCED', 'OPTIMIZE_UTILIZATION'] as const;
    const autoscalingProfile = oneOf(this, 'autoscalingProfile', props.autoscalingProfile ?? 'BALANCED', profiles);

    const keyGrant = secretsKey.grantEncryptDecrypt(ServiceAgents.of(this, project).kubernetesEngine);
    const identity = new NodeIdentity(this, 'default-pool-identity', {
      accountId: accountId(this.clusterName, 'default-nodes'),
      project,
      displayName: `Nodes of the default pool in cluster ${this.clusterName}, which exists only while it is made`,
      registries: [],
    });

    this.resource = new ContainerCluster(this, 'cluster', {
      name: this.clusterName,
      project,
      location,
      nodeLocations: this.#extraZones(),
      deletionProtection: props.deletionProtection ?? true,
      releaseChannel: { channel },
      resourceLabels: props.resourceLabels && { ...props.resourceLabels },

      network: network.networkId,
      subnetwork: network.subnetworkId,
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: {
        clusterSecondaryRangeName: network.podsRangeName,
        servicesSecondaryRangeName: network.servicesRangeName,
        stackType: 'IPV4',
      },
      datapathProvider: 'ADVANCED_DATAPATH',
      enableIntranodeVisibility: true,
      serviceExternalIpsConfig: { enabled: false },
      ...endpoints(this, props.endpoint ?? {}, network.controlPlaneCidr),

      databaseEncryption: { state: 'ENCRYPTED', keyName: secretsKey.keyId },
      workloadIdentityConfig: { workloadPool: this.workloadPool },
      enableShieldedNodes: true,
      enableLegacyAbac: false,
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      anonymousAuthenticationConfig: { mode: 'LIMITED' },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      authenticatorGroupsConfig: securityGroup(this, props.securityGroup),
      binaryAuthorization: {
        evaluationMode: props.binaryAuthorization ? 'PROJECT_SINGLETON_POLICY_ENFORCE' : 'DISABLED',
      },
      securityPostureConfig: { mode: 'BASIC', vulnerabilityMode: 'VULNERABILITY_DISABLED' },
      secretManagerConfig: props.secretManagerAddon ? { enabled: true } : undefined,

      loggingConfig: { enableComponents: logging },
      monitoringConfig: {
        enableComponents: monitoring,
        managedPrometheus: { enabled: props.managedPrometheus ?? true },
        advancedDatapathObservabilityConfig: { enableMetrics: props.dataplaneMetrics ?? true, enableRelay: false },
      },
      notificationConfig: upgradeTopic ? { pubsub: { enabled: true, topic: upgradeTopic } } : undefined,
      costManagementConfig: { enabled: true },
      maintenancePolicy: maintenancePolicy(this, props.maintenance ?? {}),

      addonsConfig: {
        httpLoadBalancing: { disabled: false },
        horizontalPodAutoscaling: { disabled: false },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        dnsCacheConfig: { enabled: props.nodeLocalDns ?? false },
        gkeBackupAgentConfig: { enabled: props.backupAgent ?? false },
      },
      verticalPodAutoscaling: { enabled: true },
      // Node auto-provisioning stays off: pools are declared. The profile also governs their autoscaling.
      clusterAutoscaling: { enabled: false, autoscalingProfile },

      // A cluster cannot be made without nodes. These live for minutes, yet run what is scheduled meanwhile: as hardened
      // as the others, and on a standard disk, which does not count against the quota of SSDs.
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodeConfig: {
        machineType: 'e2-medium',
        imageType: 'COS_CONTAINERD',
        diskType: 'pd-standard',
        diskSizeGb: 30,
        serviceAccount: identity.email,
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: 'FALSE' },
        metadata: { 'disable-legacy-endpoints': 'true' },
        tags: [...this.nodeTags],
      },
      nodePoolDefaults: {
        nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: 'FALSE', loggingVariant: 'DEFAULT' },
      },
      // With the default pool gone Google answers with some other pool's, and the difference would replace the cluster.
      lifecycle: { ignoreChanges: ['node_config'] },
      timeouts: { create: '60m', update: '90m', delete: '60m' },
      dependsOn: [keyGrant, ...identity.dependable],
    });
  }

  get clusterId(): string {
    return this.resource.id;
  }

  get kubernetesHost(): string {
    return `https://${dnsEndpoint(this.resource)}`;
  }

  get dependable(): ITerraformDependable[] {
    return [this.resource];
  }

  addNodePool(id: string, props: NodePoolOptions): NodePool {
    return new NodePool(this, id, { ...props, cluster: this });
  }

  #zones({ zones, location }: GkeClusterProps): readonly string[] {
    const zonal = isZone(location);
    if (!zonal) pattern(this, 'location', location, { ...REGION, means: `${REGION.means} or ${ZONE.means}` });
    ensure(this, zonal || zones !== undefined, 'zones', `must be given for the region ${location}`);
    const chosen = zones ?? [location];
    length(this, 'zones', chosen, { min: 1 });
    distinct(this, 'zones', chosen);
    for (const zone of chosen) {
      pattern(this, 'zones', zone, ZONE);
      const region = regionOf(location);
      ensure(this, regionOf(zone) === region, 'zones', `must lie in the cluster's region ${region}`, zone);
    }
    if (zonal)
      ensure(this, chosen.includes(location), 'zones', `must include the cluster's own zone ${location}`, chosen);
    return chosen;
  }

  /** A zonal cluster's own zone must not be listed again. */
  #extraZones(): string[] | undefined {
    const extra = this.zones.filter((zone) => zone !== this.location);
    return extra.length > 0 ? extra : undefined;
  }
}

class ExistingCluster extends Construct implements IGkeCluster {
  readonly clusterName: string;
  readonly project: string;
  readonly location: string;
  readonly clusterId: string;
  readonly zones?: readonly string[];
  readonly nodeTags: readonly string[];
  readonly workloadPool: string;
  readonly kubernetesHost: string;
  readonly dependable: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, known: GkeClusterLookup, endpoint: (cluster: Construct) => string) {
    super(scope, id);
    const { clusterName, project, location, zones } = known;
    this.clusterName = pattern(this, 'clusterName', clusterName, RESOURCE_NAME);
    this.project = pattern(this, 'project', project, PROJECT_ID);
    this.location = location;
    this.clusterId = `projects/${project}/locations/${location}/clusters/${clusterName}`;
    this.zones = zones ?? (isZone(location) ? [location] : undefined);
    this.nodeTags = known.nodeTags ?? [];
    this.workloadPool = `${project}.svc.id.goog`;
    this.kubernetesHost = `https://${endpoint(this)}`;
  }

  addNodePool(id: string, props: NodePoolOptions): NodePool {
    return new NodePool(this, id, { ...props, cluster: this });
  }
}

const dnsEndpoint = (cluster: ContainerCluster | DataGoogleContainerCluster): string =>
  cluster instanceof ContainerCluster
    ? cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint
    : cluster.controlPlaneEndpointsConfig.get(0).dnsEndpointConfig.get(0).endpoint;
