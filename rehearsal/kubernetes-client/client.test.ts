import { type TestControlPlane, TOOLS_TIMEOUT_MS, testControlPlane } from '../control-plane/testing.ts';
import { ApiError, KubeClient as Client, type KubeClient, type KubeObject, UnknownKindError } from './index.ts';

jest.setTimeout(60_000);

let cluster: TestControlPlane;
let client: KubeClient;
beforeAll(async () => {
  cluster = await testControlPlane();
  client = cluster.client;
}, TOOLS_TIMEOUT_MS);
afterAll(async () => {
  await cluster?.remove();
});

const configMap = (name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});
const definition = (kind: string): KubeObject => {
  const plural = `${kind.toLowerCase()}s`;
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { partitions: { type: 'integer', minimum: 1 } } } },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
};
const topic = (name: string, spec: unknown): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Topic',
  metadata: { name, namespace: 'default' },
  spec,
});

const errorOf = async (work: Promise<unknown>): Promise<ApiError> => {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${error}`);
  return error;
};

test('an object that is absent is undefined; one that is there is whole', async () => {
  expect(await client.get('v1', 'ConfigMap', 'absent', 'default')).toBeUndefined();
  await client.create(configMap('present', { a: '1' }));
  expect(await client.get('v1', 'ConfigMap', 'present', 'default')).toMatchObject(configMap('present', { a: '1' }));
});

test('items of a list carry their type, chosen by label and namespace', async () => {
  await client.create({
    ...configMap('labelled'),
    metadata: { name: 'labelled', namespace: 'default', labels: { team: 'mail' } },
  });
  const found = await client.list('v1', 'ConfigMap', { namespace: 'default', labelSelector: 'team=mail' });
  expect(found.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name])).toEqual([
    ['v1', 'ConfigMap', 'labelled'],
  ]);
});

test('creating what exists fails with AlreadyExists', async () => {
  await client.create(configMap('twice'));
  expect(await errorOf(client.create(configMap('twice')))).toMatchObject({
    status: 409,
    reason: 'AlreadyExists',
    message: 'configmaps "twice" already exists',
  });
});

test('an invalid object is refused with the field at fault', async () => {
  const error = await errorOf(
    client.create({ ...configMap('x'), metadata: { name: 'Not_A_Name', namespace: 'default' } }),
  );
  expect([error.status, error.reason, error.causes.map(({ field }) => field)]).toEqual([
    422,
    'Invalid',
    ['metadata.name'],
  ]);
});

test('a namespaced object without a namespace is refused before it is sent', async () => {
  await expect(client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'lost' } })).rejects.toThrow(
    'ConfigMap/lost needs a metadata.namespace',
  );
});

test('a field that the schema does not have is refused', async () => {
  const error = await errorOf(client.create({ ...configMap('misspelt'), dta: { a: '1' } }));
  expect(error.message).toContain('strict decoding error: unknown field "dta"');
});

test('a dry run is validated and stores nothing', async () => {
  await client.apply(configMap('dry', { a: '1' }), { dryRun: true });
  expect(await client.get('v1', 'ConfigMap', 'dry', 'default')).toBeUndefined();
});

test('two managers of one field conflict unless the second forces', async () => {
  await client.apply(configMap('shared', { a: '1' }), { fieldManager: 'first' });
  const error = await errorOf(client.apply(configMap('shared', { a: '2' }), { fieldManager: 'second' }));
  expect([error.status, error.reason, error.causes.map(({ field }) => field)]).toEqual([409, 'Conflict', ['.data.a']]);
  const forced = await client.apply(configMap('shared', { a: '2' }), { fieldManager: 'second', force: true });
  expect(forced.data).toEqual({ a: '2' });
});

test('what is applied no longer is removed', async () => {
  await client.apply(configMap('shrinking', { a: '1', b: '2' }));
  expect((await client.apply(configMap('shrinking', { a: '1' }))).data).toEqual({ a: '1' });
});

test('an update that met another write is tried again', async () => {
  await client.create(configMap('counter', { count: '0' }));
  const increment = () =>
    client.update('v1', 'ConfigMap', 'counter', 'default', (object) => {
      object.data.count = String(Number(object.data.count) + 1);
      return true;
    });
  await Promise.all([increment(), increment(), increment(), increment()]);
  expect((await client.get('v1', 'ConfigMap', 'counter', 'default'))?.data.count).toBe('4');
});

test('delete says whether there was anything', async () => {
  await client.create(configMap('short-lived'));
  expect(await client.delete('v1', 'ConfigMap', 'short-lived', { namespace: 'default' })).toBe(true);
  expect(await client.delete('v1', 'ConfigMap', 'short-lived', { namespace: 'default' })).toBe(false);
});

test('status is patched apart from the object', async () => {
  const service = await client.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front', namespace: 'default' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  });
  await client.patchStatus(service, { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } });
  expect((await client.get('v1', 'Service', 'front', 'default'))?.status.loadBalancer.ingress[0].ip).toBe(
    '203.0.113.9',
  );
});

test('a kind whose definition is installed later is found then, and a watch waits for it', async () => {
  const early = await client.list('example.com/v1', 'Topic').catch((error) => error);
  expect(early).toBeInstanceOf(UnknownKindError);
  expect(early.message).toBe(
    "the API server serves no kind 'Topic' in 'example.com/v1': is its CustomResourceDefinition installed?",
  );
  const stop = new AbortController();
  const seen: string[] = [];
  const watch = client.watch(
    'example.com/v1',
    'Topic',
    ({ type, object }) => void seen.push(`${type} ${object.metadata.name}`),
    {
      signal: stop.signal,
    },
  );
  await client.create(definition('Topic'));
  await watch.synced;
  await client.create(topic('mails', { partitions: 3 }));
  await client.patch('example.com/v1', 'Topic', 'mails', { spec: { partitions: 6 } }, { namespace: 'default' });
  await client.delete('example.com/v1', 'Topic', 'mails', { namespace: 'default' });
  while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await watch.done;
  expect(seen).toEqual(['ADDED mails', 'MODIFIED mails', 'DELETED mails']);
});

test('a misspelt field of a custom resource is refused by its definition, applied or created', async () => {
  const misspelt = topic('misspelt', { partitons: 3 });
  expect((await errorOf(client.create(misspelt))).message).toContain('unknown field "spec.partitons"');
  expect((await errorOf(client.apply(misspelt))).message).toContain('.spec.partitons: field not declared in schema');
});

test('everything that is served is listed, custom kinds too', async () => {
  const kinds = await client.kinds();
  expect(kinds.find(({ kind }) => kind === 'Topic')).toMatchObject({
    apiVersion: 'example.com/v1',
    plural: 'topics',
    namespaced: true,
  });
  expect(
    kinds.find(({ kind, apiVersion }) => kind === 'Deployment' && apiVersion === 'apps/v1')?.subresources,
  ).toContain('scale');
});

test('waiting that lasts too long says what for and what was seen last', async () => {
  await expect(
    client.waitFor('v1', 'ConfigMap', 'never', (object) => object !== undefined, {
      namespace: 'default',
      timeoutSeconds: 0.3,
    }),
  ).rejects.toThrow('waited 0.3 s for default/ConfigMap/never; last seen: absent');
});

test('the kubeconfig leads to the same cluster', async () => {
  const other = Client.fromKubeconfig(cluster.kubeconfig, 'rehearsal');
  expect(await other.version()).toBe(cluster.version);
  await other.close();
});

test('a wrong token is Unauthorized', async () => {
  const stranger = Client.fromConfig({ server: cluster.server, caPem: cluster.caPem, token: 'wrong' });
  expect(await errorOf(stranger.version())).toMatchObject({ status: 401, reason: 'Unauthorized' });
  await stranger.close();
});

test('a server that the given authority did not sign is not spoken to', async () => {
  const suspicious = Client.fromConfig({ server: cluster.server, token: cluster.token });
  expect(await errorOf(suspicious.version())).toMatchObject({ status: 0, reason: 'Unreachable' });
  await suspicious.close();
});
