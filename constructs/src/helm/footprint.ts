/**
 * What a chart puts on a cluster, as facts: enough to judge where it fits and which APIs it brings when the chart itself
 * cannot be fetched. Carried in the synthesized JSON beside the release (`//.plinth.footprint`), where Terraform ignores it.
 */
export interface Footprint {
  /** `recorded`: read off a render of the chart; `declared`: written by hand from its documentation. */
  evidence: 'recorded' | 'declared';
  /** The render it was recorded from. */
  recorded?: { chartVersion: string; date: string; digest: string };
  workloads: FootprintWorkload[];
  services: FootprintService[];
  /** Full names of the CustomResourceDefinitions that the chart installs, e.g. `kafkas.kafka.strimzi.io`. */
  crds: string[];
  /** Ports on which the API server must reach the chart's pods (webhooks, aggregated APIs), beside 443 and 10250. */
  webhookPorts: number[];
}

export interface FootprintWorkload {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  name: string;
  /** Ignored for a DaemonSet. */
  replicas: number;
  labels: Record<string, string>;
  serviceAccount: string;
  containers: {
    name: string;
    image: string;
    requests: { cpu?: string; memory?: string };
    limits: { cpu?: string; memory?: string };
    ports?: { name: string; containerPort: number }[];
  }[];
  nodeSelector?: Record<string, string>;
  tolerations?: { key?: string; operator?: 'Exists' | 'Equal'; value?: string; effect?: string }[];
  /** Secrets and ConfigMaps the pods cannot start without. */
  secrets?: string[];
  configMaps?: string[];
}

export interface FootprintService {
  name: string;
  type: 'ClusterIP' | 'LoadBalancer';
  selector: Record<string, string>;
  ports: { name: string; port: number; targetPort: number | string; protocol?: 'TCP' | 'UDP' }[];
}
