import { dataSource, inventory, names, resource, resources } from '../testing/index.ts';
import { REGION, synthGoogle } from './fixture.ts';
import { type IKmsKey, KmsKey, type KmsKeyProps } from './kms-key.ts';

const PROPS: KmsKeyProps = { name: 'disks', location: REGION, keyRing: { create: 'plinth' } };
const synth = (props: Partial<KmsKeyProps> = {}, then: (key: KmsKey) => void = () => {}) =>
  synthGoogle((stack) => then(new KmsKey(stack, 'key', { ...PROPS, ...props })));

test('a key rotates every 90 days and cannot be destroyed', () => {
  expect(resource(synth(), 'google_kms_crypto_key')).toEqual({
    name: 'disks',
    key_ring: expect.stringMatching(/^\$\{google_kms_key_ring\.\w+\.id\}$/),
    purpose: 'ENCRYPT_DECRYPT',
    rotation_period: '7776000s',
    destroy_scheduled_duration: '2592000s',
    version_template: { algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION', protection_level: 'SOFTWARE' },
    lifecycle: { prevent_destroy: true },
  });
});

test('a new ring cannot be destroyed either', () => {
  expect(resource(synth(), 'google_kms_key_ring')).toEqual({
    name: 'plinth',
    location: REGION,
    lifecycle: { prevent_destroy: true },
  });
});

test('a ring that exists is looked up instead of made', () => {
  const json = synth({ keyRing: { existing: 'plinth' } });
  expect(inventory(json)).toEqual({ google_kms_crypto_key: 1 });
  expect(dataSource(json, 'google_kms_key_ring')).toEqual({ name: 'plinth', location: REGION });
});

test('a key that exists is adopted: nothing is made', () => {
  const json = synthGoogle((stack) => {
    const key: IKmsKey = KmsKey.fromName(stack, 'key', { name: 'gke', keyRing: 'plinth', location: REGION });
    expect(key.location).toBe(REGION);
  });
  expect(inventory(json)).toEqual({});
  expect(dataSource(json, 'google_kms_crypto_key')).toEqual({
    name: 'gke',
    key_ring: expect.stringMatching(/^\$\{data\.google_kms_key_ring\.\w+\.id\}$/),
  });
});

test('a grant is for this key and this member', () => {
  const json = synth({}, (key) => void key.grantEncryptDecrypt('group:platform@example.com'));
  expect(resource(json, 'google_kms_crypto_key_iam_member')).toEqual({
    crypto_key_id: expect.stringMatching(/^\$\{google_kms_crypto_key\.\w+\.id\}$/),
    role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
    member: 'group:platform@example.com',
  });
});

test('the same grant twice is one', () => {
  const json = synth({}, (key) => {
    const member = 'group:platform@example.com';
    expect(key.grantEncryptDecrypt(member)).toBe(key.grantEncryptDecrypt(member));
  });
  expect(resources(json, 'google_kms_crypto_key_iam_member')).toHaveLength(1);
});

test("a grant's id does not depend on the order of grants", () => {
  const order = (...members: string[]) =>
    names(
      synth({}, (key) => {
        for (const member of members) key.grantEncryptDecrypt(member);
      }),
      'google_kms_crypto_key_iam_member',
    ).sort();
  const [one, other] = ['group:a@example.com', 'group:b@example.com'];
  expect(order(one, other)).toEqual(order(other, one));
});

test('a key can live in hardware', () => {
  const { version_template } = resource(synth({ protectionLevel: 'HSM' }), 'google_kms_crypto_key');
  expect(version_template.protection_level).toBe('HSM');
});

test.each<[string, Partial<KmsKeyProps>, string]>([
  ['a name with a dot', { name: 'a.b' }, 'name must be 1-63 letters, digits, hyphens or underscores, got "a.b"'],
  ['no rotation', { rotationDays: 0 }, 'rotationDays must be 1-36500, got 0'],
  ['a way back of a year', { destroyDelayDays: 365 }, 'destroyDelayDays must be 1-120, got 365'],
  [
    'an unknown level',
    { protectionLevel: 'CLOUD' as 'HSM' },
    'protectionLevel must be one of SOFTWARE, HSM, got "CLOUD"',
  ],
  [
    'a ring without a name',
    { keyRing: { existing: '' } },
    'keyRing.existing must be 1-63 letters, digits, hyphens or underscores, got ""',
  ],
])('%s is refused', (_, props, message) => {
  expect(() => synth(props)).toThrow(new Error(`prod/key: ${message}`));
});

test.each(['allUsers', 'allAuthenticatedUsers', 'platform@example.com'])('a grant to %s is refused', (member) => {
  expect(() => synth({}, (key) => void key.grantEncryptDecrypt(member))).toThrow(
    new Error(
      'prod/key: grant-encrypt-decrypt must be one IAM member such as group:platform@example.com ' +
        `(never allUsers or allAuthenticatedUsers), got "${member}"`,
    ),
  );
});
