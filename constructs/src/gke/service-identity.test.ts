import { TerraformOutput } from 'cdktf';
import { resource, resources } from '../testing/index.ts';
import { aCluster, PROJECT, synthGoogle } from './fixture.ts';
import { accountId } from './names.ts';
import { ServiceIdentity, type ServiceIdentityProps } from './service-identity.ts';

const PROPS: ServiceIdentityProps = { accountId: 'mail-producer', project: PROJECT };
const synth = (props: Partial<ServiceIdentityProps> = {}, then: (identity: ServiceIdentity) => void = () => {}) =>
  synthGoogle((stack) => then(new ServiceIdentity(stack, 'producer', { ...PROPS, ...props })));

test('an identity is an account without a key', () => {
  expect(resource(synth(), 'google_service_account')).toEqual({
    account_id: 'mail-producer',
    project: PROJECT,
    display_name: 'mail-producer',
  });
});

test('exactly one Kubernetes service account acts as it', () => {
  const json = synth({}, (identity) => void identity.bindKubernetes('apps', 'producer'));
  expect(resource(json, 'google_service_account_iam_member')).toEqual({
    service_account_id: expect.stringMatching(/^\$\{google_service_account\.\w+\.name\}$/),
    role: 'roles/iam.workloadIdentityUser',
    member: 'serviceAccount:example-project.svc.id.goog[apps/producer]',
  });
});

test('binding waits for the cluster that brings the identity pool', () => {
  const json = synthGoogle((stack) => {
    const identity = new ServiceIdentity(stack, 'producer', PROPS);
    identity.bindKubernetes('apps', 'producer', aCluster(stack));
  });
  expect(resource(json, 'google_service_account_iam_member').depends_on).toEqual([
    expect.stringMatching(/^google_container_cluster\.\w+$/),
  ]);
});

test('the Kubernetes service account names the identity it acts as', () => {
  const json = synthGoogle((stack) => {
    const { kubernetesAnnotations: value } = new ServiceIdentity(stack, 'producer', PROPS);
    new TerraformOutput(stack, 'annotations', { value, staticId: true });
  });
  expect(json.output?.annotations?.value).toEqual({
    'iam.gke.io/gcp-service-account': expect.stringMatching(/^\$\{google_service_account\.\w+\.email\}$/),
  });
});

test('a project role is given once', () => {
  const json = synth({}, (identity) => {
    identity.grantProjectRole('roles/pubsub.publisher');
    identity.grantProjectRole('roles/pubsub.publisher');
  });
  expect(resources(json, 'google_project_iam_member')).toEqual([
    {
      project: PROJECT,
      role: 'roles/pubsub.publisher',
      member: expect.stringMatching(/^\$\{google_service_account\.\w+\.member\}$/),
    },
  ]);
});

test.each(['roles/owner', 'roles/editor', 'roles/viewer', 'publisher'])('the role %s is refused', (role) => {
  expect(() => synth({}, (identity) => void identity.grantProjectRole(role))).toThrow(
    new Error(
      'prod/producer: role must be a role such as roles/storage.objectViewer, ' +
        `and none of roles/owner, roles/editor, roles/viewer, got "${role}"`,
    ),
  );
});

test('an account id that Google refuses is refused', () => {
  expect(() => synth({ accountId: 'mail' })).toThrow(
    new Error(
      'prod/producer: accountId must be 6-30 lower-case letters, digits or hyphens, ' +
        'starting with a letter and not ending with a hyphen, got "mail"',
    ),
  );
});

test('a namespace that Kubernetes refuses is refused', () => {
  expect(() => synth({}, (identity) => void identity.bindKubernetes('Apps', 'producer'))).toThrow(
    new Error(
      'prod/producer: namespace must be 1-63 lower-case letters, digits or hyphens, ' +
        'beginning and ending with a letter or digit, got "Apps"',
    ),
  );
});

test('an account id is readable while it fits', () => {
  expect(accountId('prod', 'brokers', 'nodes')).toBe('prod-brokers-nodes');
});

test('account ids that are too long or too short stay apart by a hash', () => {
  const long = ['production-europe', 'consumers-of-mails', 'nodes'];
  const ids = [accountId(...long), accountId(...long, 'b'), accountId('a')];
  expect(ids).toEqual([
    expect.stringMatching(/^production-europe-consu-[0-9a-f]{6}$/),
    expect.stringMatching(/^production-europe-consu-[0-9a-f]{6}$/),
    expect.stringMatching(/^a-[0-9a-f]{6}$/),
  ]);
  expect(new Set(ids).size).toBe(3);
});
