import { TerraformOutput, TerraformVariable } from 'cdktf';
import { dataSources, names } from '../testing/index.ts';
import { PROJECT, REGION, synthGoogle } from './fixture.ts';
import { KmsKey } from './kms-key.ts';
import { ServiceAgents } from './service-agents.ts';

test("a project's number is looked up once in a stack, however many ask", () => {
  const json = synthGoogle((stack) => {
    expect(ServiceAgents.of(stack, PROJECT)).toBe(ServiceAgents.of(stack, PROJECT));
  });
  expect(dataSources(json, 'google_project')).toEqual([{ project_id: PROJECT }]);
});

test.each([
  ['kubernetesEngine', 'container-engine-robot.iam.gserviceaccount.com'],
  ['computeEngine', 'compute-system.iam.gserviceaccount.com'],
  ['storage', 'gs-project-accounts.iam.gserviceaccount.com'],
  ['artifactRegistry', 'gcp-sa-artifactregistry.iam.gserviceaccount.com'],
  ['secretManager', 'gcp-sa-secretmanager.iam.gserviceaccount.com'],
] as const)("%s is Google's account of that service in the project", (agent, domain) => {
  const json = synthGoogle((stack) => {
    const value = ServiceAgents.of(stack, PROJECT)[agent].iamMember;
    new TerraformOutput(stack, 'member', { value, staticId: true });
  });
  const [before, after] = json.output?.member?.value.split(/\$\{data\.google_project\.[\w-]+\.number\}/) ?? [];
  expect([before, after]).toEqual(['serviceAccount:service-', `@${domain}`]);
});

test("a grant to an agent has an id although the agent's address is only known after apply", () => {
  const json = synthGoogle((stack) => {
    const key = KmsKey.fromName(stack, 'key', { name: 'k', keyRing: 'r', location: REGION });
    key.grantEncryptDecrypt(ServiceAgents.of(stack, PROJECT).storage);
  });
  expect(names(json, 'google_kms_crypto_key_iam_member')).toEqual([
    expect.stringMatching(/^key_grant-encrypt-decrypt-storage-agent_[0-9A-F]{8}$/),
  ]);
});

test('a member that is only known after apply needs a name for its grant', () => {
  const grant = () =>
    synthGoogle((stack) => {
      const key = KmsKey.fromName(stack, 'key', { name: 'k', keyRing: 'r', location: REGION });
      key.grantEncryptDecrypt(new TerraformVariable(stack, 'member', {}).stringValue);
    });
  expect(grant).toThrow(
    new Error(
      'prod/key: grant-encrypt-decrypt needs { grantId, iamMember } for a member that is only known after apply',
    ),
  );
});
