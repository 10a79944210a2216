import { resource } from '../testing/index.ts';
import { ArtifactRegistry, type ArtifactRegistryProps } from './artifact-registry.ts';
import { PROJECT, REGION, synthGoogle } from './fixture.ts';
import { KmsKey } from './kms-key.ts';

const PROPS: ArtifactRegistryProps = { repositoryId: 'images', location: REGION, project: PROJECT };
const synth = (props: Partial<ArtifactRegistryProps> = {}, then: (registry: ArtifactRegistry) => void = () => {}) =>
  synthGoogle((stack) => then(new ArtifactRegistry(stack, 'images', { ...PROPS, ...props })));

test('tags do not move, and what has none is cleaned up', () => {
  expect(resource(synth(), 'google_artifact_registry_repository')).toEqual({
    repository_id: 'images',
    location: REGION,
    project: PROJECT,
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    docker_config: { immutable_tags: true },
    cleanup_policy_dry_run: false,
    cleanup_policies: [
      { id: 'keep-newest', action: 'KEEP', most_recent_versions: { keep_count: 10 } },
      { id: 'delete-untagged', action: 'DELETE', condition: { tag_state: 'UNTAGGED', older_than: '1209600s' } },
    ],
  });
});

test('tags can be let move', () => {
  const { docker_config } = resource(synth({ immutableTags: false }), 'google_artifact_registry_repository');
  expect(docker_config).toEqual({ immutable_tags: false });
});

test('the url is what images are named by', () => {
  synth({}, ({ url }) => expect(url).toBe('europe-west1-docker.pkg.dev/example-project/images'));
});

test('images are encrypted with a key of ours once Artifact Registry may use it', () => {
  const json = synthGoogle((stack) => {
    const key = KmsKey.fromName(stack, 'key', { name: 'k', keyRing: 'r', location: REGION });
    new ArtifactRegistry(stack, 'images', { ...PROPS, key });
  });
  const made = resource(json, 'google_artifact_registry_repository');
  expect(made.kms_key_name).toMatch(/^\$\{data\.google_kms_crypto_key\.\w+\.id\}$/);
  expect(made.depends_on).toEqual([expect.stringContaining('grant-encrypt-decrypt-artifact-registry-agent')]);
});

test.each([
  ['grantRead', 'roles/artifactregistry.reader'],
  ['grantWrite', 'roles/artifactregistry.writer'],
] as const)('%s gives %s on this repository', (grant, role) => {
  const json = synth({}, (registry) => void registry[grant]('group:platform@example.com'));
  expect(resource(json, 'google_artifact_registry_repository_iam_member')).toEqual({
    repository: expect.stringMatching(/^\$\{google_artifact_registry_repository\.\w+\.name\}$/),
    location: REGION,
    project: PROJECT,
    role,
    member: 'group:platform@example.com',
  });
});

test.each<[string, Partial<ArtifactRegistryProps>, string]>([
  [
    'an id with capitals',
    { repositoryId: 'Images' },
    'repositoryId must be 1-63 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen, got "Images"',
  ],
  ['keeping nothing', { cleanup: { keepNewest: 0 } }, 'cleanup.keepNewest must be 1-1000, got 0'],
  [
    'deletion at once',
    { cleanup: { deleteUntaggedAfterDays: 0 } },
    'cleanup.deleteUntaggedAfterDays must be 1-3650, got 0',
  ],
])('%s is refused', (_, props, message) => {
  expect(() => synth(props)).toThrow(new Error(`prod/images: ${message}`));
});
