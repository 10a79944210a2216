import { StorageBucket, type StorageBucketLifecycleRule } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import { Construct } from 'constructs';
import { ensure, oneOf, type Pattern, pattern, range } from '../validation.ts';
import { type Grantee, grantOnce } from './grants.ts';
import type { IKmsKey } from './kms-key.ts';
import { PROJECT_ID } from './names.ts';
import { ServiceAgents } from './service-agents.ts';

/** https://cloud.google.com/storage/docs/buckets#naming, without the dotted names that need a verified domain. */
export const BUCKET_NAME: Pattern = {
  regex: /^(?!goog)(?!.*google)[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/,
  means: '3-63 lower-case letters, digits, hyphens or underscores, without "google"',
};
export const STORAGE_CLASSES = ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'] as const;
export type StorageClass = (typeof STORAGE_CLASSES)[number];
/** https://cloud.google.com/storage/docs/soft-delete: off, or 7 to 90 days. */
export const SOFT_DELETE_DAYS = { min: 7, max: 90 };
export const LIFECYCLE_DAYS = { min: 1, max: 36_500 };
export const NONCURRENT_VERSIONS = { min: 1, max: 1000 };

const SECONDS_PER_DAY = 86_400;

export interface BucketProps {
  /** Unique in the world. 3-63 lower-case letters, digits, hyphens or underscores. */
  readonly name: string;
  /** Region, dual-region or multi-region, e.g. `europe-west1` or `EU`. */
  readonly location: string;
  /** Project id. */
  readonly project: string;
  /** @default 'STANDARD' */
  readonly storageClass?: StorageClass;
  /** Keeps what was overwritten or deleted. @default true */
  readonly versioning?: boolean;
  /** What happens to objects as they age. @default - the 5 newest former versions are kept, each for at most 90 days */
  readonly lifecycle?: {
    /** Former versions kept of each object, 1-1000. Needs versioning. @default 5 */
    readonly keepFormerVersions?: number;
    /** Days after which a former version goes, 1-36500. Needs versioning. @default 90 */
    readonly deleteFormerVersionsAfterDays?: number;
    /** Days after which a current object is deleted, 1-36500. @default - never */
    readonly deleteAfterDays?: number;
    /** Moves objects to a cheaper class after so many days, 1-36500. @default - never */
    readonly transitions?: readonly { readonly afterDays: number; readonly storageClass: StorageClass }[];
  };
  /** Days in which a deleted object can be restored: 0 for off, or 7-90. @default 7 (Google's own) */
  readonly softDeleteDays?: number;
  /** Lets `destroy` delete a bucket that still holds objects. @default false */
  readonly deleteWithContents?: boolean;
  /** Key for the objects at rest; its location must be the bucket's. @default - encrypted by Google's own key */
  readonly key?: IKmsKey;
  /** Labels of the bucket. @default - none */
  readonly labels?: Record<string, string>;
}

/** A private bucket: uniform access (CIS GCP 5.2), public access prevented (5.1), versioned. */
export class Bucket extends Construct {
  /** The underlying resource. */
  readonly resource: StorageBucket;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    pattern(this, 'name', props.name, BUCKET_NAME);
    pattern(this, 'project', props.project, PROJECT_ID);
    const versioning = props.versioning ?? true;
    const softDeleteDays = props.softDeleteDays ?? 7;
    if (softDeleteDays !== 0) range(this, 'softDeleteDays', softDeleteDays, SOFT_DELETE_DAYS);

    const { name, location, project, key } = props;
    this.resource = new StorageBucket(this, 'bucket', {
      name,
      location,
      project,
      storageClass: oneOf(this, 'storageClass', props.storageClass ?? 'STANDARD', STORAGE_CLASSES),
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      versioning: { enabled: versioning },
      softDeletePolicy: { retentionDurationSeconds: softDeleteDays * SECONDS_PER_DAY },
      lifecycleRule: this.#lifecycle(props, versioning),
      forceDestroy: props.deleteWithContents ?? false,
      encryption: key && { defaultKmsKeyName: key.keyId },
      labels: props.labels,
      dependsOn: key && [key.grantEncryptDecrypt(ServiceAgents.of(this, project).storage)],
    });
  }

  /** Lets a member read objects (roles/storage.objectViewer on this bucket only). */
  grantRead(grantee: Grantee): StorageBucketIamMember {
    return this.#grant('grant-read', 'roles/storage.objectViewer', grantee);
  }

  /** Lets a member read, write and delete objects (roles/storage.objectUser on this bucket only). */
  grantReadWrite(grantee: Grantee): StorageBucketIamMember {
    return this.#grant('grant-read-write', 'roles/storage.objectUser', grantee);
  }

  #grant(verb: string, role: string, grantee: Grantee): StorageBucketIamMember {
    return grantOnce(
      this,
      verb,
      grantee,
      (id, member) => new StorageBucketIamMember(this, id, { bucket: this.resource.name, role, member }),
    );
  }

  #lifecycle({ lifecycle = {} }: BucketProps, versioning: boolean): StorageBucketLifecycleRule[] {
    const { keepFormerVersions, deleteFormerVersionsAfterDays, deleteAfterDays, transitions = [] } = lifecycle;
    const rules: StorageBucketLifecycleRule[] = [];
    if (versioning) {
      const keep = range(this, 'lifecycle.keepFormerVersions', keepFormerVersions ?? 5, NONCURRENT_VERSIONS);
      const days = deleteFormerVersionsAfterDays ?? 90;
      range(this, 'lifecycle.deleteFormerVersionsAfterDays', days, LIFECYCLE_DAYS);
      rules.push(
        { action: { type: 'Delete' }, condition: { numNewerVersions: keep, withState: 'ARCHIVED' } },
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: days, withState: 'ARCHIVED' } },
      );
    } else {
      const former = keepFormerVersions ?? deleteFormerVersionsAfterDays;
      ensure(this, former === undefined, 'lifecycle', 'can only name former versions with versioning: true');
    }
    for (const { afterDays, storageClass } of transitions) {
      range(this, 'lifecycle.transitions.afterDays', afterDays, LIFECYCLE_DAYS);
      oneOf(this, 'lifecycle.transitions.storageClass', storageClass, STORAGE_CLASSES);
      rules.push({
        action: { type: 'SetStorageClass', storageClass },
        condition: { age: afterDays, withState: 'LIVE' },
      });
    }
    if (deleteAfterDays !== undefined) {
      const age = range(this, 'lifecycle.deleteAfterDays', deleteAfterDays, LIFECYCLE_DAYS);
      rules.push({ action: { type: 'Delete' }, condition: { age, withState: 'LIVE' } });
    }
    return rules;
  }
}
