import {
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubeClient,
  type KubeObject,
} from '../kubernetes-client/index.ts';
import { recordEvent } from './events.ts';

/** Compute Engine's Persistent Disk CSI driver. */
export const PD_DRIVER = 'pd.csi.storage.gke.io';
/** The provisioner of a laptop's cluster (kind's default). */
export const LOCAL_PROVISIONER = 'rancher.io/local-path';
const CLASS_OF_STORAGE = 'storage.k8s.io/v1';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const PROVISIONERS = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner'];

const storageClass = (name: string, provisioner: string, isDefault: boolean, diskType?: string): KubeObject => ({
  apiVersion: CLASS_OF_STORAGE,
  kind: 'StorageClass',
  metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
  provisioner,
  ...(diskType ? { parameters: { type: diskType } } : {}),
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Delete',
  allowVolumeExpansion: diskType !== undefined,
});

/** What every GKE cluster has from the start. */
export const GKE_STORAGE: KubeObject[] = [
  {
    apiVersion: CLASS_OF_STORAGE,
    kind: 'CSIDriver',
    metadata: { name: PD_DRIVER },
    // Attachment is nobody's work here: the API server must not wait for it.
    spec: { attachRequired: false, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] },
  },
  storageClass('standard-rwo', PD_DRIVER, true, 'pd-balanced'),
  storageClass('premium-rwo', PD_DRIVER, false, 'pd-ssd'),
  storageClass('standard', PD_DRIVER, false, 'pd-standard'),
];

export const LOCAL_STORAGE: KubeObject[] = [storageClass('standard', LOCAL_PROVISIONER, true)];

export async function installStorage(client: KubeClient, kind: 'gke' | 'local'): Promise<void> {
  const objects = kind === 'gke' ? GKE_STORAGE : LOCAL_STORAGE;
  await Promise.all(objects.map((object) => client.apply(object, { force: true, fieldManager: 'plinth-gke' })));
}

/** A disk that a claim asks for. */
export interface VolumeRequest {
  /** Name of the PersistentVolume and of the disk. */
  name: string;
  claim: { namespace: string; name: string };
  storageClass: string;
  /** `pd-ssd`, `pd-balanced`, `pd-standard`; absent for local volumes. */
  diskType?: string;
  /** e.g. `100Gi` */
  size: string;
  zone: string;
  node?: string;
}

export interface PvBinderOptions {
  /** Asked before a disk is made or grown; an answer is the reason why the cloud refuses it, e.g. an exhausted quota. @default everything is granted */
  admit?: (volume: VolumeRequest) => string | undefined | Promise<string | undefined>;
  /** A disk was deleted. */
  released?: (name: string) => void;
  onError?: (error: unknown) => void;
}

export interface PvBinder {
  /** Resolves when the claims that were there at the start have been handled. */
  synced: Promise<void>;
  /** Resolves when the signal has ended it. */
  done: Promise<void>;
  /** The disks that exist, by name. */
  volumes: Map<string, VolumeRequest>;
}

/** A refused claim is tried again, as the real provisioner would. */
const RETRY_MS = 2_000;

/**
 * In place of the CSI provisioner, resizer and disk deletion: makes the PersistentVolume that a scheduled claim waits for
 * (the control plane binds it), grows it, deletes it when its claim is gone and the class says so.
 */
export function startPvBinder(client: KubeClient, signal: AbortSignal, options: PvBinderOptions = {}): PvBinder {
  const volumes = new Map<string, VolumeRequest>();
  const timers = new Set<NodeJS.Timeout>();
  signal.addEventListener('abort', () => timers.forEach(clearTimeout), { once: true });
  const watchOptions = { signal, onError: options.onError };

  const onClaim = async (claim: KubeObject): Promise<void> => {
    if (claim.metadata.deletionTimestamp) return;
    if (claim.spec?.volumeName) return grow(client, claim, volumes, options);
    const annotations = claim.metadata.annotations ?? {};
    const provisioner = PROVISIONERS.map((name) => annotations[name]).find(Boolean);
    if (provisioner !== PD_DRIVER && provisioner !== LOCAL_PROVISIONER) return;
    const cls = await client.get(CLASS_OF_STORAGE, 'StorageClass', claim.spec.storageClassName);
    const nodeName = annotations[SELECTED_NODE];
    if (!cls || (cls.volumeBindingMode === 'WaitForFirstConsumer' && !nodeName)) return;
    const node = nodeName ? await client.get('v1', 'Node', nodeName) : (await client.list('v1', 'Node'))[0];
    const request: VolumeRequest = {
      name: `pvc-${claim.metadata.uid}`,
      claim: { namespace: claim.metadata.namespace ?? '', name: claim.metadata.name },
      storageClass: cls.metadata.name,
      diskType: cls.parameters?.type,
      size: claim.spec.resources.requests.storage,
      zone: node?.metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
      node: node?.metadata.name,
    };
    if (volumes.has(request.name)) return;
    const refusal = await options.admit?.(request);
    if (refusal) {
      await recordEvent(client, claim, 'Warning', 'ProvisioningFailed', refusal);
      const again = async () => {
        const now = await client.get('v1', 'PersistentVolumeClaim', claim.metadata.name, claim.metadata.namespace);
        if (now && now.metadata.uid === claim.metadata.uid) await onClaim(now);
      };
      const timer = setTimeout(() => {
        timers.delete(timer);
        again().catch((error) => !signal.aborted && options.onError?.(error));
      }, RETRY_MS);
      timer.unref();
      timers.add(timer);
      return;
    }
    volumes.set(request.name, request);
    await client.create(volumeOf(request, claim, cls, provisioner)).catch((error) => {
      if (isAlreadyExists(error)) return;
      volumes.delete(request.name);
      throw error;
    });
  };

  const onVolume = async (volume: KubeObject): Promise<void> => {
    const provisioner = volume.metadata.annotations?.[PROVISIONED_BY];
    if (provisioner !== PD_DRIVER && provisioner !== LOCAL_PROVISIONER) return;
    if (volume.status?.phase !== 'Released' || volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') return;
    await client.delete('v1', 'PersistentVolume', volume.metadata.name);
  };

  const claims = client.watch(
    'v1',
    'PersistentVolumeClaim',
    ({ type, object }) => (type === 'DELETED' ? undefined : onClaim(object)),
    watchOptions,
  );
  const disks = client.watch(
    'v1',
    'PersistentVolume',
    ({ type, object }) => {
      if (type !== 'DELETED') return onVolume(object);
      // A retained disk outlives its PersistentVolume, and goes on counting against the quota.
      if (object.spec?.persistentVolumeReclaimPolicy === 'Delete' && volumes.delete(object.metadata.name)) {
        options.released?.(object.metadata.name);
      }
    },
    watchOptions,
  );
  return {
    synced: Promise.all([claims.synced, disks.synced]).then(() => {}),
    done: Promise.all([claims.done, disks.done]).then(() => {}),
    volumes,
  };
}

function volumeOf(request: VolumeRequest, claim: KubeObject, cls: KubeObject, provisioner: string): KubeObject {
  const isDisk = provisioner === PD_DRIVER;
  const [key, value] = isDisk ? ['topology.gke.io/zone', request.zone] : ['kubernetes.io/hostname', request.node];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: request.name, annotations: { [PROVISIONED_BY]: provisioner } },
    spec: {
      capacity: { storage: request.size },
      accessModes: claim.spec.accessModes,
      volumeMode: claim.spec.volumeMode,
      persistentVolumeReclaimPolicy: cls.reclaimPolicy ?? 'Delete',
      storageClassName: request.storageClass,
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: claim.metadata.namespace,
        name: claim.metadata.name,
        uid: claim.metadata.uid,
      },
      ...(isDisk
        ? {
            csi: {
              driver: PD_DRIVER,
              volumeHandle: `projects/rehearsal/zones/${request.zone}/disks/${request.name}`,
              fsType: 'ext4',
            },
          }
        : { hostPath: { path: `/var/local-path-provisioner/${request.name}`, type: 'DirectoryOrCreate' } }),
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [value] }] }] },
      },
    },
  };
}

async function grow(
  client: KubeClient,
  claim: KubeObject,
  volumes: Map<string, VolumeRequest>,
  options: PvBinderOptions,
): Promise<void> {
  const wanted = claim.spec.resources?.requests?.storage;
  const actual = claim.status?.capacity?.storage;
  const known = volumes.get(claim.spec.volumeName);
  if (!actual || wanted === actual || !known || known.size === wanted) return;
  const refusal = await options.admit?.({ ...known, size: wanted });
  if (refusal) return recordEvent(client, claim, 'Warning', 'VolumeResizeFailed', refusal);
  known.size = wanted;
  try {
    await client.patch('v1', 'PersistentVolume', claim.spec.volumeName, { spec: { capacity: { storage: wanted } } });
    await client.patchStatus(claim, { capacity: { storage: wanted } });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
