/** The parts of Kubernetes objects that the checks read; the API server owns the rest. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string; controller?: boolean }[];
  deletionTimestamp?: string;
}

export interface Container {
  name: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  restartPolicy?: string;
  env?: {
    name: string;
    valueFrom?: {
      secretKeyRef?: { name: string; key: string; optional?: boolean };
      configMapKeyRef?: { name: string; key: string; optional?: boolean };
    };
  }[];
  envFrom?: {
    secretRef?: { name: string; optional?: boolean };
    configMapRef?: { name: string; optional?: boolean };
  }[];
}

interface ProjectedSource {
  secret?: { name: string; optional?: boolean; items?: { key: string }[] };
  configMap?: { name: string; optional?: boolean; items?: { key: string }[] };
}

export interface Volume {
  name: string;
  secret?: { secretName: string; optional?: boolean; items?: { key: string }[] };
  configMap?: { name: string; optional?: boolean; items?: { key: string }[] };
  projected?: { sources?: ProjectedSource[] };
  persistentVolumeClaim?: { claimName: string };
}

export interface Pod {
  metadata: ObjectMeta;
  spec: {
    nodeName?: string;
    containers: Container[];
    initContainers?: Container[];
    overhead?: Record<string, string>;
    volumes?: Volume[];
    imagePullSecrets?: { name: string }[];
    serviceAccountName?: string;
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

export interface KubeNode {
  metadata: ObjectMeta;
  status: { allocatable: Record<string, string> };
}

/** A Secret or ConfigMap, of which only the names of the keys are kept. */
export interface Keyed {
  metadata: ObjectMeta;
  data?: Record<string, unknown>;
  binaryData?: Record<string, unknown>;
}
