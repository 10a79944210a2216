import { DataGoogleKmsCryptoKey } from '@cdktf/provider-google/lib/data-google-kms-crypto-key/index.js';
import { DataGoogleKmsKeyRing } from '@cdktf/provider-google/lib/data-google-kms-key-ring/index.js';
import { KmsCryptoKey } from '@cdktf/provider-google/lib/kms-crypto-key/index.js';
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member/index.js';
import { KmsKeyRing } from '@cdktf/provider-google/lib/kms-key-ring/index.js';
import { Construct } from 'constructs';
import { oneOf, type Pattern, pattern, range } from '../validation.ts';
import { type Grantee, grantOnce } from './grants.ts';

const SECONDS_PER_DAY = 86_400;

export const KMS_NAME: Pattern = {
  regex: /^[a-zA-Z0-9_-]{1,63}$/,
  means: '1-63 letters, digits, hyphens or underscores',
};
/** https://cloud.google.com/kms/docs/key-rotation: a period is at least one day. */
export const ROTATION_DAYS = { min: 1, max: 36_500 };
/** https://cloud.google.com/kms/docs/destroy-restore: 24 hours to 120 days. */
export const DESTROY_DAYS = { min: 1, max: 120 };
export const PROTECTION_LEVELS = ['SOFTWARE', 'HSM'] as const;

/** A symmetric Cloud KMS key, made here or elsewhere. */
export interface IKmsKey extends Construct {
  /** `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
  readonly keyId: string;
  /** Where the key lives; a resource can only use a key of its own location. */
  readonly location: string;
  /** Lets a member encrypt and decrypt with this key only (roles/cloudkms.cryptoKeyEncrypterDecrypter). */
  grantEncryptDecrypt(grantee: Grantee): KmsCryptoKeyIamMember;
}

export interface KmsKeyLookup {
  /** The key's name. */
  readonly name: string;
  /** Region or multi-region of the ring, e.g. `us-central1`. */
  readonly location: string;
  /** Name of the ring that holds the key. */
  readonly keyRing: string;
  /** @default - the provider's project */
  readonly project?: string;
}

export interface KmsKeyProps {
  /** 1-63 letters, digits, hyphens or underscores. A name can never be used again in its ring. */
  readonly name: string;
  /** Region or multi-region, e.g. `us-central1`. */
  readonly location: string;
  /**
   * `create` makes a ring of that name, `existing` looks one up. Rings can never be deleted: a ring that some earlier
   * environment made must be adopted, creating it again fails.
   */
  readonly keyRing: { readonly create: string } | { readonly existing: string };
  /** @default - the provider's project */
  readonly project?: string;
  /** Days between rotations, 1-36500. CIS GCP 1.10 asks for at most 90. @default 90 */
  readonly rotationDays?: number;
  /** Days between asking for a version's destruction and losing it, 1-120. Fixed at creation. @default 30 (Google's own) */
  readonly destroyDelayDays?: number;
  /** Where key material lives: software, or a hardware module at a higher price. @default 'SOFTWARE' */
  readonly protectionLevel?: (typeof PROTECTION_LEVELS)[number];
  /** Labels of the key. @default - none */
  readonly labels?: Record<string, string>;
}

/**
 * A symmetric key that rotates by itself and that Terraform refuses to destroy: everything encrypted with it would be
 * lost. `KmsKey.fromName` adopts one that exists.
 */
export class KmsKey extends Construct implements IKmsKey {
  /** The underlying resource. */
  readonly resource: KmsCryptoKey;
  /** The ring, where this construct made it. */
  readonly keyRing?: KmsKeyRing;
  readonly location: string;

  static fromName(scope: Construct, id: string, lookup: KmsKeyLookup): IKmsKey {
    return new AdoptedKmsKey(scope, id, lookup);
  }

  constructor(scope: Construct, id: string, props: KmsKeyProps) {
    super(scope, id);
    pattern(this, 'name', props.name, KMS_NAME);
    const rotationDays = range(this, 'rotationDays', props.rotationDays ?? 90, ROTATION_DAYS);
    const destroyDelayDays = range(this, 'destroyDelayDays', props.destroyDelayDays ?? 30, DESTROY_DAYS);
    const protectionLevel = oneOf(this, 'protectionLevel', props.protectionLevel ?? 'SOFTWARE', PROTECTION_LEVELS);

    const { project, location } = props;
    let ringId: string;
    if ('create' in props.keyRing) {
      const name = pattern(this, 'keyRing.create', props.keyRing.create, KMS_NAME);
      this.keyRing = new KmsKeyRing(this, 'ring', { name, location, project, lifecycle: { preventDestroy: true } });
      ringId = this.keyRing.id;
    } else {
      const name = pattern(this, 'keyRing.existing', props.keyRing.existing, KMS_NAME);
      ringId = new DataGoogleKmsKeyRing(this, 'ring', { name, location, project }).id;
    }

    this.location = location;
    this.resource = new KmsCryptoKey(this, 'key', {
      name: props.name,
      keyRing: ringId,
      purpose: 'ENCRYPT_DECRYPT',
      rotationPeriod: `${rotationDays * SECONDS_PER_DAY}s`,
      destroyScheduledDuration: `${destroyDelayDays * SECONDS_PER_DAY}s`,
      versionTemplate: { algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION', protectionLevel },
      labels: props.labels,
      lifecycle: { preventDestroy: true },
    });
  }

  get keyId(): string {
    return this.resource.id;
  }

  grantEncryptDecrypt(grantee: Grantee): KmsCryptoKeyIamMember {
    return grantEncryptDecrypt(this, grantee);
  }
}

class AdoptedKmsKey extends Construct implements IKmsKey {
  readonly resource: DataGoogleKmsCryptoKey;
  readonly location: string;

  constructor(scope: Construct, id: string, { name, location, keyRing, project }: KmsKeyLookup) {
    super(scope, id);
    pattern(this, 'name', name, KMS_NAME);
    pattern(this, 'keyRing', keyRing, KMS_NAME);
    const ring = new DataGoogleKmsKeyRing(this, 'ring', { name: keyRing, location, project });
    this.location = location;
    this.resource = new DataGoogleKmsCryptoKey(this, 'key', { name, keyRing: ring.id });
  }

  get keyId(): string {
    return this.resource.id;
  }

  grantEncryptDecrypt(grantee: Grantee): KmsCryptoKeyIamMember {
    return grantEncryptDecrypt(this, grantee);
  }
}

const grantEncryptDecrypt = (key: IKmsKey, grantee: Grantee): KmsCryptoKeyIamMember =>
  grantOnce(
    key,
    'grant-encrypt-decrypt',
    grantee,
    (id, member) =>
      new KmsCryptoKeyIamMember(key, id, {
        cryptoKeyId: key.keyId,
        role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
        member,
      }),
  );
