import { inventory, resource } from '../testing/index.ts';
import { PROJECT, synthGoogle } from './fixture.ts';
import { ManagedSecret, type ManagedSecretProps } from './managed-secret.ts';

const PROPS: ManagedSecretProps = { secretId: 'graph-client', project: PROJECT };
const synth = (props: Partial<ManagedSecretProps> = {}, then: (secret: ManagedSecret) => void = () => {}) =>
  synthGoogle((stack) => then(new ManagedSecret(stack, 'secret', { ...PROPS, ...props })));
const secret = (props?: Partial<ManagedSecretProps>) => resource(synth(props), 'google_secret_manager_secret');

const rotation = { periodDays: 90, first: '2027-01-31T02:00:00Z', topic: 'projects/p/topics/rotate' };

test('a secret is made without a value', () => {
  expect(inventory(synth())).toEqual({ google_secret_manager_secret: 1 });
  expect(secret()).toEqual({
    secret_id: 'graph-client',
    project: PROJECT,
    replication: { auto: {} },
    deletion_protection: false,
  });
});

test('copies stay in the regions that were named', () => {
  expect(secret({ replication: { regions: ['europe-west1', 'europe-west4'] } }).replication).toEqual({
    user_managed: { replicas: [{ location: 'europe-west1' }, { location: 'europe-west4' }] },
  });
});

test('rotation reminds a topic, and the next reminder is no drift', () => {
  expect(secret({ rotation })).toMatchObject({
    topics: [{ name: 'projects/p/topics/rotate' }],
    rotation: { rotation_period: '7776000s', next_rotation_time: '2027-01-31T02:00:00Z' },
    lifecycle: { ignore_changes: ['rotation[0].next_rotation_time'] },
  });
});

test.each([
  ['grantAccess', 'roles/secretmanager.secretAccessor'],
  ['grantAddVersion', 'roles/secretmanager.secretVersionAdder'],
] as const)('%s gives %s on this secret', (grant, role) => {
  const json = synth({}, (made) => void made[grant]('group:platform@example.com'));
  expect(resource(json, 'google_secret_manager_secret_iam_member')).toEqual({
    secret_id: expect.stringMatching(/^\$\{google_secret_manager_secret\.\w+\.secret_id\}$/),
    project: PROJECT,
    role,
    member: 'group:platform@example.com',
  });
});

test.each<[string, Partial<ManagedSecretProps>, string]>([
  [
    'an id with a slash',
    { secretId: 'a/b' },
    'secretId must be 1-255 letters, digits, hyphens or underscores, got "a/b"',
  ],
  ['copies nowhere', { replication: { regions: [] } }, 'replication.regions must have at least 1 entries, got 0'],
  ['a region twice', { replication: { regions: ['a', 'a'] } }, 'replication.regions must not repeat an entry, got "a"'],
  ['a reminder every hour', { rotation: { ...rotation, periodDays: 0 } }, 'rotation.periodDays must be 1-36500, got 0'],
  [
    'a date without a time',
    { rotation: { ...rotation, first: '2027-01-31' } },
    'rotation.first must be a UTC time such as 2027-01-31T02:00:00Z, got "2027-01-31"',
  ],
  [
    'a topic by its short name',
    { rotation: { ...rotation, topic: 'rotate' } },
    'rotation.topic must be a topic of the form projects/<project>/topics/<topic>, got "rotate"',
  ],
])('%s is refused', (_, props, message) => {
  expect(() => synth(props)).toThrow(new Error(`prod/secret: ${message}`));
});
