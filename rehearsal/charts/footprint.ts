/** A chart's footprint as the synthesized JSON carries it (`//.plinth.footprint` of a helm_release). */
export interface Footprint {
  evidence: 'recorded' | 'declared';
  recorded?: { chartVersion: string; date: string; digest: string };
  workloads: FootprintWorkload[];
  services: {
    name: string;
    type: 'ClusterIP' | 'LoadBalancer';
    selector: Record<string, string>;
    ports: { name: string; port: number; targetPort: number | string; protocol?: string }[];
  }[];
  crds: string[];
  webhookPorts: number[];
}

export interface FootprintWorkload {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  name: string;
  replicas: number;
  labels: Record<string, string>;
  serviceAccount: string;
  containers: {
    name: string;
    image: string;
    requests: Record<string, string>;
    limits: Record<string, string>;
    ports?: { name: string; containerPort: number }[];
  }[];
  nodeSelector?: Record<string, string>;
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[];
  secrets?: string[];
  configMaps?: string[];
}
