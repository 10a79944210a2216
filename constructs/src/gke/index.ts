export { ArtifactRegistry, type ArtifactRegistryProps, type IArtifactRegistry } from './artifact-registry.ts';
export { Bucket, type BucketProps, type StorageClass } from './bucket.ts';
export type {
  AuthorizedNetwork,
  EndpointOptions,
  IpEndpointOptions,
  LoggingComponent,
  MonitoringComponent,
  ReleaseChannel,
} from './cluster-options.ts';
export type { NetworkFirewall } from './firewall.ts';
export {
  GkeCluster,
  type GkeClusterAttributes,
  type GkeClusterLookup,
  type GkeClusterProps,
  type IGkeCluster,
} from './gke-cluster.ts';
export type { Grantee, IGrantee } from './grants.ts';
export { type IKmsKey, KmsKey, type KmsKeyLookup, type KmsKeyProps } from './kms-key.ts';
export {
  configureKubernetesProviders,
  type KubernetesProviders,
  kubeContextProviders,
} from './kubernetes-providers.ts';
export { MachineType } from './machine-type.ts';
export type { MaintenanceExclusion, MaintenanceOptions, Weekday } from './maintenance.ts';
export { ManagedSecret, type ManagedSecretProps } from './managed-secret.ts';
export { accountId } from './names.ts';
export {
  type FlowLogsOptions,
  type INetwork,
  type NatOptions,
  Network,
  type NetworkAttributes,
  type NetworkProps,
} from './network.ts';
export type { NodeTotals } from './node-counts.ts';
export { NodeIdentity, type NodeIdentityProps } from './node-identity.ts';
export { NodePool, type NodePoolOptions, type NodePoolProps } from './node-pool.ts';
export type {
  BlueGreenUpgrade,
  DiskType,
  Gpu,
  SurgeUpgrade,
  Taint,
  UpgradeStrategy,
} from './node-pool-options.ts';
export { ProjectServices, type ProjectServicesProps } from './project-services.ts';
export { ServiceAgents } from './service-agents.ts';
export { ServiceIdentity, type ServiceIdentityProps } from './service-identity.ts';
