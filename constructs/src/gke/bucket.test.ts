import { resource } from '../testing/index.ts';
import { Bucket, type BucketProps } from './bucket.ts';
import { PROJECT, REGION, synthGoogle } from './fixture.ts';
import { KmsKey } from './kms-key.ts';

const PROPS: BucketProps = { name: 'example-mails', location: REGION, project: PROJECT };
const synth = (props: Partial<BucketProps> = {}, then: (bucket: Bucket) => void = () => {}) =>
  synthGoogle((stack) => then(new Bucket(stack, 'bucket', { ...PROPS, ...props })));
const bucket = (props?: Partial<BucketProps>) => resource(synth(props), 'google_storage_bucket');

test('a bucket is private, versioned and tidy', () => {
  expect(bucket()).toEqual({
    name: 'example-mails',
    location: REGION,
    project: PROJECT,
    storage_class: 'STANDARD',
    uniform_bucket_level_access: true,
    public_access_prevention: 'enforced',
    versioning: { enabled: true },
    soft_delete_policy: { retention_duration_seconds: 604800 },
    lifecycle_rule: [
      { action: { type: 'Delete' }, condition: { num_newer_versions: 5, with_state: 'ARCHIVED' } },
      { action: { type: 'Delete' }, condition: { days_since_noncurrent_time: 90, with_state: 'ARCHIVED' } },
    ],
    force_destroy: false,
  });
});

test('objects grow cheaper and go as they age', () => {
  const lifecycle = { transitions: [{ afterDays: 30, storageClass: 'NEARLINE' as const }], deleteAfterDays: 400 };
  expect(bucket({ versioning: false, lifecycle }).lifecycle_rule).toEqual([
    { action: { type: 'SetStorageClass', storage_class: 'NEARLINE' }, condition: { age: 30, with_state: 'LIVE' } },
    { action: { type: 'Delete' }, condition: { age: 400, with_state: 'LIVE' } },
  ]);
});

test('soft delete can be turned off', () => {
  expect(bucket({ softDeleteDays: 0 }).soft_delete_policy).toEqual({ retention_duration_seconds: 0 });
});

test('objects are encrypted with a key of ours once Cloud Storage may use it', () => {
  const json = synthGoogle((stack) => {
    const key = KmsKey.fromName(stack, 'key', { name: 'k', keyRing: 'r', location: REGION });
    new Bucket(stack, 'bucket', { ...PROPS, key });
  });
  const made = resource(json, 'google_storage_bucket');
  expect(made.encryption.default_kms_key_name).toMatch(/^\$\{data\.google_kms_crypto_key\.\w+\.id\}$/);
  expect(made.depends_on).toEqual([expect.stringContaining('grant-encrypt-decrypt-storage-agent')]);
});

test.each([
  ['grantRead', 'roles/storage.objectViewer'],
  ['grantReadWrite', 'roles/storage.objectUser'],
] as const)('%s gives %s on this bucket', (grant, role) => {
  const json = synth({}, (made) => void made[grant]('group:platform@example.com'));
  expect(resource(json, 'google_storage_bucket_iam_member')).toEqual({
    bucket: expect.stringMatching(/^\$\{google_storage_bucket\.\w+\.name\}$/),
    role,
    member: 'group:platform@example.com',
  });
});

test.each<[string, Partial<BucketProps>, string]>([
  [
    'a name with capitals',
    { name: 'Mails' },
    'name must be 3-63 lower-case letters, digits, hyphens or underscores, without "google", got "Mails"',
  ],
  [
    'a name with google in it',
    { name: 'my-google-mails' },
    'name must be 3-63 lower-case letters, digits, hyphens or underscores, without "google", got "my-google-mails"',
  ],
  ['three days of soft delete', { softDeleteDays: 3 }, 'softDeleteDays must be 7-90, got 3'],
  [
    'an unknown class',
    { storageClass: 'COLD' as 'COLDLINE' },
    'storageClass must be one of STANDARD, NEARLINE, COLDLINE, ARCHIVE, got "COLD"',
  ],
  [
    'former versions without versioning',
    { versioning: false, lifecycle: { keepFormerVersions: 3 } },
    'lifecycle can only name former versions with versioning: true',
  ],
  ['deletion at once', { lifecycle: { deleteAfterDays: 0 } }, 'lifecycle.deleteAfterDays must be 1-36500, got 0'],
])('%s is refused', (_, props, message) => {
  expect(() => synth(props)).toThrow(new Error(`prod/bucket: ${message}`));
});
