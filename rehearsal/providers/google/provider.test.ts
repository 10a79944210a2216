import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveSchema } from '../../terraform/schema.ts';
import { GoogleCloud, googleProvider } from './index.ts';

const cache = mkdtempSync(join(tmpdir(), 'plinth-google-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const provider = () => {
  const schema = deriveSchema('google', {
    resources: ['google_container_cluster', 'google_project_service', 'google_service_account'],
    dataSources: [],
    cache,
  });
  const cloud = new GoogleCloud({
    project: 'demo-project',
    region: 'us-central1',
    backend: {
      clusterCreated: async () => ({ endpoint: '127.0.0.1:1', caCertificate: 'PEM' }),
      clusterDeleted: async () => {},
      nodesChanged: async () => {},
    },
  });
  return { cloud, definition: googleProvider({ schema, cloud }) };
};

test('a cluster that protects itself refuses to be deleted, in the words of the provider', async () => {
  const { definition } = provider();
  const prior = { name: 'demo', location: 'us-central1', deletion_protection: true };
  await expect(definition.resources.google_container_cluster?.delete(prior)).rejects.toThrow(
    'Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.',
  );
});

test('a service account is told with its address, and is gone when somebody deletes it', async () => {
  const { cloud, definition } = provider();
  const account = definition.resources.google_service_account!;
  const state = await account.create({ account_id: 'producer', project: null }, {});
  expect(state).toMatchObject({
    id: 'projects/demo-project/serviceAccounts/producer@demo-project.iam.gserviceaccount.com',
    member: 'serviceAccount:producer@demo-project.iam.gserviceaccount.com',
  });
  await cloud.request('DELETE', `iam/v1/${state.id}`);
  expect(await account.read(state)).toBeNull();
});

test('an API that is enabled stays enabled when the resource asks for that', async () => {
  const { cloud, definition } = provider();
  const service = definition.resources.google_project_service!;
  const state = await service.create({ service: 'compute.googleapis.com', disable_on_destroy: false }, {});
  await service.delete(state);
  expect(cloud.services.has('compute')).toBe(true);
});

test('another project is not the simulated one', async () => {
  await expect(provider().definition.configure({ project: 'other' })).rejects.toThrow(
    'project other is not the simulated project demo-project',
  );
});
