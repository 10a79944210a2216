export { ApiError, type ErrorCause, isAlreadyExists, isConflict, isNotFound, UnknownKindError } from './api-error.ts';
export {
  type ApplyOptions,
  type DeleteOptions,
  KubeClient,
  type ListOptions,
  type PatchType,
  type WaitOptions,
  type WriteOptions,
} from './client.ts';
export type { ApiResource } from './discovery.ts';
export { execToken, type KubeconfigEntry, kubeconfigTransport, writeKubeconfig } from './kubeconfig.ts';
export { describeObject, type KubeObject, type ObjectMeta, type OwnerReference } from './objects.ts';
export type { RequestOptions, TransportConfig } from './transport.ts';
export type { Watch, WatchEvent, WatchOptions } from './watch.ts';
