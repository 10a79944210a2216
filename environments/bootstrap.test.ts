import { bootstrapSteps } from './bootstrap.ts';
import { loadEnvironment } from './index.ts';

const commands = async (name: string, repository?: string) =>
  bootstrapSteps(await loadEnvironment(name), repository).map(({ command }) => command.join(' '));

test('the state bucket is versioned, private and in the region', async () => {
  const all = await commands('dev');
  expect(all).toContain(
    'gcloud storage buckets create gs://plinth-dev-tfstate --location=us-central1 --uniform-bucket-level-access --public-access-prevention --project=plinth-dev',
  );
  expect(all).toContain('gcloud storage buckets update gs://plinth-dev-tfstate --versioning --project=plinth-dev');
});

test('the key ring and key are those that the foundation looks up', async () => {
  const all = await commands('prod');
  expect(all).toContain('gcloud kms keyrings create plinth-prod --location=us-central1 --project=plinth-prod');
  expect(all).toContain(
    'gcloud kms keys create gke --keyring=plinth-prod --location=us-central1 --purpose=encryption --rotation-period=90d --next-rotation-time=+p90d --project=plinth-prod',
  );
});

test('a repository may deploy only when it is named', async () => {
  expect((await commands('dev')).join('\n')).not.toContain('workload-identity-pools');
  expect((await commands('dev', 'example/platform')).join('\n')).toContain("assertion.repository=='example/platform'");
});

test('a local environment has nothing to bootstrap', async () => {
  await expect(commands('local')).rejects.toThrow(
    'local is of kind cluster: there is nothing to bootstrap, its state is a local file',
  );
});
