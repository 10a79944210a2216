import { createHash, randomInt } from 'node:crypto';
import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import { controller, setStatus, type World } from './controller.ts';
import { renderTemplate } from './secret-template.ts';

/**
 * Stands in for External Secrets: copies what a SecretStore of the kubernetes provider may read (asked of the real
 * authorizer), makes passwords for generators, and reads Secret Manager through the simulated Google. Evidence: simulated.
 */

const API = 'external-secrets.io/v1';
const GENERATORS = 'generators.external-secrets.io/v1alpha1';
const MANAGER = 'external-secrets-simulator';
const CONTROLLER_DEPLOYMENT = 'external-secrets';

type Data = Record<string, string>;

interface RemoteRef {
  key: string;
  property?: string;
}
interface ExternalSecret extends KubeObject {
  spec: {
    secretStoreRef?: { name: string; kind?: string };
    refreshPolicy?: string;
    target?: {
      name?: string;
      creationPolicy?: string;
      template?: {
        type?: string;
        data?: Data;
        mergePolicy?: string;
        metadata?: { labels?: Data; annotations?: Data };
      };
    };
    data?: { secretKey: string; remoteRef: RemoteRef }[];
    dataFrom?: {
      extract?: RemoteRef;
      sourceRef?: { generatorRef?: { apiVersion: string; kind: string; name: string } };
    }[];
  };
}

export interface ExternalSecretsOptions {
  /** Reads the newest version of a Secret Manager secret; undefined when it has none. */
  readSecretManager(name: string): Promise<string | undefined>;
}

const decode = (data: Data | undefined): Data =>
  Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
const encode = (data: Data): Data =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

/** Letters and digits without the ambiguous ones. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const password = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

export function startExternalSecrets(
  client: KubeClient,
  options: ExternalSecretsOptions,
  signal: AbortSignal,
  onError?: (error: unknown) => void,
): void {
  /** Digest of what was last written, by uid: a Secret is written again only when its content changed. */
  const written = new Map<string, string>();

  async function mayRead(account: { name: string; namespace: string }, namespace: string, secret: string) {
    const review = await client.create<KubeObject>({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: { name: '' },
      spec: {
        user: `system:serviceaccount:${account.namespace}:${account.name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated'],
        resourceAttributes: { namespace, verb: 'get', resource: 'secrets', name: secret },
      },
    });
    return review.status?.allowed === true;
  }

  async function readRemote(store: KubeObject, namespace: string, ref: RemoteRef): Promise<Data> {
    const { kubernetes, gcpsm } = store.spec.provider;
    if (gcpsm) {
      const value = await options.readSecretManager(ref.key);
      if (value === undefined) throw new Error(`Secret Manager secret ${ref.key} does not exist or has no version`);
      return { [ref.property ?? ref.key]: value };
    }
    if (!kubernetes) throw new Error(`provider ${Object.keys(store.spec.provider).join()} is not simulated`);
    const remote: string = kubernetes.remoteNamespace ?? 'default';
    const { serviceAccount } = kubernetes.auth ?? {};
    if (!serviceAccount) throw new Error(`SecretStore ${store.metadata.name} has no auth.serviceAccount`);
    const account = { name: serviceAccount.name, namespace: serviceAccount.namespace ?? namespace };
    if (!(await client.get('v1', 'ServiceAccount', account.name, account.namespace))) {
      throw new Error(
        `ServiceAccount ${account.namespace}/${account.name} of SecretStore ${store.metadata.name} not found`,
      );
    }
    if (!(await mayRead(account, remote, ref.key))) {
      throw new Error(
        `secrets "${ref.key}" is forbidden: User "system:serviceaccount:${account.namespace}:${account.name}" cannot get resource "secrets" in API group "" in the namespace "${remote}"`,
      );
    }
    const source = await client.get('v1', 'Secret', ref.key, remote);
    if (!source) throw new Error(`Secret ${remote}/${ref.key} not found`);
    const data = decode(source.data);
    if (ref.property === undefined) return data;
    const value = data[ref.property];
    if (value === undefined) throw new Error(`property ${ref.property} does not exist in Secret ${remote}/${ref.key}`);
    return { [ref.property]: value };
  }

  async function collect(secret: ExternalSecret, world: World): Promise<Data> {
    const namespace = secret.metadata.namespace!;
    const store = () => {
      const { name, kind = 'SecretStore' } = secret.spec.secretStoreRef ?? { name: '' };
      const found = world
        .of(kind)
        .find((one) => one.metadata.name === name && (kind !== 'SecretStore' || one.metadata.namespace === namespace));
      if (!found) throw new Error(`could not get ${kind} "${name}", ${kind} "${name}" not found`);
      return found;
    };
    const collected: Data = {};
    for (const { secretKey, remoteRef } of secret.spec.data ?? []) {
      const values = await readRemote(store(), namespace, remoteRef);
      const [value] = Object.values(values);
      collected[secretKey] = remoteRef.property === undefined ? JSON.stringify(values) : (value ?? '');
    }
    for (const from of secret.spec.dataFrom ?? []) {
      if (from.extract) Object.assign(collected, await readRemote(store(), namespace, from.extract));
      const generator = from.sourceRef?.generatorRef;
      if (!generator) continue;
      const found = await client.get(generator.apiVersion, generator.kind, generator.name, namespace);
      if (!found) throw new Error(`${generator.kind} "${generator.name}" not found in namespace ${namespace}`);
      if (generator.kind !== 'Password') throw new Error(`generator ${generator.kind} is not simulated`);
      collected.password = password(found.spec?.length ?? 24);
    }
    return collected;
  }

  async function reconcile(secret: ExternalSecret, world: World): Promise<boolean> {
    if (secret.metadata.deletionTimestamp) return true;
    const { target = {} } = secret.spec;
    const { namespace, uid } = secret.metadata;
    const name = target.name ?? secret.metadata.name;
    const existing = await client.get('v1', 'Secret', name, namespace);
    const generated = secret.spec.dataFrom?.some((from) => from.sourceRef?.generatorRef);
    const state = `${secret.metadata.generation}`;
    // A generated password is made once per definition, not at every look.
    if (existing && generated && written.get(`${uid}`) === state) return true;
    const status = (ready: boolean, reason: string, message: string) =>
      setStatus(client, secret, {
        conditions: [
          {
            type: 'Ready',
            status: ready ? 'True' : 'False',
            reason,
            message,
            lastTransitionTime: new Date().toISOString(),
          },
        ],
        ...(ready ? { refreshTime: new Date().toISOString(), binding: { name } } : {}),
      });
    try {
      const collected = await collect(secret, world);
      const template = target.template;
      const data = template?.data
        ? {
            ...(template.mergePolicy === 'Merge' ? collected : {}),
            ...Object.fromEntries(
              Object.entries(template.data).map(([key, text]) => [key, renderTemplate(text, collected)]),
            ),
          }
        : collected;
      const digest = createHash('sha256').update(JSON.stringify(collected)).digest('hex');
      const version = generated ? state : `${state}/${digest}`;
      if (existing && written.get(`${uid}`) === version) return true;
      await client.apply(
        {
          apiVersion: 'v1',
          kind: 'Secret',
          type: template?.type ?? 'Opaque',
          metadata: {
            name,
            namespace,
            labels: { 'reconcile.external-secrets.io/managed': 'true', ...template?.metadata?.labels },
            annotations: template?.metadata?.annotations,
            ...(target.creationPolicy === 'Orphan' || target.creationPolicy === 'Merge'
              ? {}
              : {
                  ownerReferences: [
                    {
                      apiVersion: API,
                      kind: 'ExternalSecret',
                      name: secret.metadata.name,
                      uid: uid!,
                      controller: true,
                      blockOwnerDeletion: true,
                    },
                  ],
                }),
          },
          data: encode(data),
        },
        { fieldManager: MANAGER, force: true },
      );
      written.set(`${uid}`, version);
      await status(true, 'SecretSynced', 'secret synced');
      return true;
    } catch (error) {
      if (written.get(`${uid}`) !== (error as Error).message) {
        written.set(`${uid}`, (error as Error).message);
        await status(false, 'SecretSyncedError', (error as Error).message);
      }
      return false;
    }
  }

  const loop = controller(client, {
    name: 'external-secrets',
    kinds: [
      ['apps/v1', 'Deployment'],
      ['v1', 'Secret'],
      [API, 'SecretStore'],
      [API, 'ClusterSecretStore'],
      [API, 'ExternalSecret'],
      [GENERATORS, 'Password'],
    ],
    signal,
    onError,
    async reconcile(world) {
      if (!world.of('Deployment').some((one) => one.metadata.name === CONTROLLER_DEPLOYMENT)) return;
      for (const kind of ['SecretStore', 'ClusterSecretStore']) {
        for (const store of world.of(kind)) {
          if (store.status?.conditions) continue;
          await setStatus(client, store, {
            conditions: [
              {
                type: 'Ready',
                status: 'True',
                reason: 'Valid',
                message: 'store validated',
                lastTransitionTime: new Date().toISOString(),
              },
            ],
          });
        }
      }
      let complete = true;
      for (const secret of world.of<ExternalSecret>('ExternalSecret')) {
        complete = (await reconcile(secret, world)) && complete;
      }
      // What is missing may come from where no watch looks: a role, Secret Manager.
      if (!complete) loop.retry();
    },
  });
}
