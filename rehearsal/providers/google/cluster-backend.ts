/** What the simulated Google asks of the machine it runs on: a control plane for its cluster, nodes for its pools. */

/** One simulated machine of a node pool. */
export interface NodeSpec {
  /** e.g. `gke-dev-brokers-1f2e3d4c-a1b2`. */
  name: string;
  pool: string;
  machineType: string;
  zone: string;
  region: string;
  diskType: string;
  diskSizeGib: number;
  spot: boolean;
  labels: Record<string, string>;
  /** Kubernetes form: NoSchedule, PreferNoSchedule, NoExecute. */
  taints: { key: string; value: string; effect: string }[];
  gpu?: { type: string; count: number };
  serviceAccount: string;
}

export interface ClusterBackend {
  /** The control plane is up when this resolves. `endpoint` is `host:port`; the certificate is PEM. */
  clusterCreated(cluster: {
    name: string;
    location: string;
    version: string;
  }): Promise<{ endpoint: string; caCertificate: string }>;
  clusterDeleted(cluster: { name: string; location: string }): Promise<void>;
  /** The full list of nodes that the cluster should have now; called after every change of a pool. */
  nodesChanged(nodes: NodeSpec[]): Promise<void>;
}
