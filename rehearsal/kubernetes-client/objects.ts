/** Kubernetes objects as the API server sends them. */

// Objects of any kind pass through here; their schema is the API server's, which validates every write.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Anything = any;

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  generateName?: string;
  managedFields?: unknown[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: Anything;
  status?: Anything;
  data?: Anything;
  [field: string]: Anything;
}

/** `namespace/Kind/name`, for messages. */
export const describeObject = (object: KubeObject): string =>
  [object.metadata.namespace, object.kind, object.metadata.name].filter(Boolean).join('/');
