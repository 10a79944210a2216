import { alreadyExists, checkName, GoogleApiError, invalid, type Json, notFound } from './api.ts';
import type { Call, GoogleCloud, Route } from './cloud.ts';
import { policyOf, policyRoutes, setPolicy } from './identity.ts';

/** What keeps things: image registries, keys, buckets, secrets. */

const PROJECT = String.raw`projects/(?<project>[^/]+)`;
const NAMES: Record<string, RegExp> = {
  repository: /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  key: /^[a-zA-Z0-9_-]{1,63}$/,
  secret: /^[a-zA-Z0-9_-]{1,255}$/,
  // Buckets: 3-63 of lower-case letters, digits, dashes, underscores and dots, letters or digits at both ends.
  bucket: /^[a-z0-9][a-z0-9_.-]{1,61}[a-z0-9]$/,
};

interface Collection {
  service: string;
  /** Path of the collection with its API prefix, as a pattern. */
  place: string;
  /** Path of the collection in the books. */
  base(call: Call): string;
  /** Query parameter that names a new one. */
  idParameter: string;
  name: RegExp;
  defaults(cloud: GoogleCloud, path: string): Json;
  check?(cloud: GoogleCloud, body: Json): void;
  /** Whether creation and deletion answer with an operation. */
  operations?: boolean;
  /** Things that outlive every attempt to delete them. */
  permanent?: boolean;
}

const completed = (path: string, response: Json, type: string): Json => ({
  name: `${path.split('/').slice(0, 4).join('/')}/operations/${Math.random().toString(16).slice(2)}`,
  done: true,
  response: { '@type': type, ...response },
});

function collection(options: Collection): Route[] {
  const { service, place, base, idParameter, name, defaults, check, operations } = options;
  const one = `${place}/(?<name>[^/:]+)`;
  const path = (call: Call) => `${base(call)}/${call.params.name}`;
  const routes: Route[] = [
    {
      method: 'POST',
      path: new RegExp(`${place}$`),
      service,
      handle: (call) => {
        const id = call.query.get(idParameter) ?? '';
        checkName(idParameter, id, name);
        const target = `${base(call)}/${id}`;
        if (call.cloud.find(target)) throw alreadyExists(target);
        check?.(call.cloud, call.body);
        const made = {
          name: target,
          createTime: call.cloud.now(),
          updateTime: call.cloud.now(),
          ...defaults(call.cloud, target),
          ...call.body,
        };
        made.name = target;
        call.cloud.resources.set(target, made);
        return operations ? completed(target, made, service) : made;
      },
    },
    { method: 'GET', path: new RegExp(`${one}$`), service, handle: (call) => call.cloud.get(path(call)) },
    {
      method: 'PATCH',
      path: new RegExp(`${one}$`),
      service,
      handle: (call) => {
        const mask = call.query.get('updateMask')?.split(',');
        const { name: _name, ...changes } = call.body;
        const wanted = mask ? Object.fromEntries(mask.map((field) => [field, changes[field]])) : changes;
        const next = { ...call.cloud.get(path(call)), ...wanted, updateTime: call.cloud.now() };
        check?.(call.cloud, next);
        call.cloud.resources.set(path(call), next);
        return next;
      },
    },
    ...policyRoutes(
      one,
      (call) => {
        call.cloud.get(path(call));
        return path(call);
      },
      service,
    ),
  ];
  if (!options.permanent) {
    routes.push({
      method: 'DELETE',
      path: new RegExp(`${one}$`),
      service,
      handle: (call) => {
        call.cloud.get(path(call));
        call.cloud.resources.delete(path(call));
        call.cloud.policies.delete(path(call));
        return operations ? completed(path(call), {}, service) : {};
      },
    });
  }
  return routes;
}

function checkKeyReference(cloud: GoogleCloud, key: string | undefined): void {
  if (key && !cloud.find(key)) throw notFound(key);
}

function checkBucket(cloud: GoogleCloud, body: Json): void {
  const name = String(body.name ?? '');
  if (!NAMES.bucket?.test(name) || /goog|^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw invalid(`Invalid bucket name: '${name}'`);
  }
  checkKeyReference(cloud, body.encryption?.defaultKmsKeyName);
}

const bucketPath = ({ params }: Call) => `b/${params.bucket}`;

const BUCKETS: Route[] = [
  {
    method: 'POST',
    path: /^storage\/v1\/b$/,
    service: 'storage',
    handle: ({ cloud, body }) => {
      checkBucket(cloud, body);
      const path = `b/${body.name}`;
      // Names are global: somebody else's bucket is in the way as much as one's own.
      if (cloud.find(path)) {
        throw new GoogleApiError(
          409,
          'conflict',
          'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        );
      }
      const bucket = {
        kind: 'storage#bucket',
        id: body.name,
        selfLink: `https://www.googleapis.com/storage/v1/b/${body.name}`,
        projectNumber: cloud.projectNumber,
        storageClass: 'STANDARD',
        metageneration: '1',
        timeCreated: cloud.now(),
        updated: cloud.now(),
        softDeletePolicy: { retentionDurationSeconds: '604800', effectiveTime: cloud.now() },
        rpo: 'DEFAULT',
        ...body,
        location: String(body.location ?? 'US').toUpperCase(),
        locationType: 'region',
        etag: 'CAE=',
      };
      cloud.resources.set(path, bucket);
      return bucket;
    },
  },
  {
    method: 'GET',
    path: /^storage\/v1\/b\/(?<bucket>[^/]+)$/,
    service: 'storage',
    handle: (call) => call.cloud.get(bucketPath(call)),
  },
  ...(['PATCH', 'PUT'] as const).map(
    (method): Route => ({
      method,
      path: /^storage\/v1\/b\/(?<bucket>[^/]+)$/,
      service: 'storage',
      handle: (call) => {
        const next = { ...call.cloud.get(bucketPath(call)), ...call.body, updated: call.cloud.now() };
        call.cloud.resources.set(bucketPath(call), next);
        return next;
      },
    }),
  ),
  {
    method: 'DELETE',
    path: /^storage\/v1\/b\/(?<bucket>[^/]+)$/,
    service: 'storage',
    handle: (call) => {
      call.cloud.get(bucketPath(call));
      call.cloud.resources.delete(bucketPath(call));
      return {};
    },
  },
  {
    method: 'GET',
    path: /^storage\/v1\/b\/(?<bucket>[^/]+)\/o$/,
    service: 'storage',
    handle: () => ({ kind: 'storage#objects', items: [] }),
  },
  {
    method: 'GET',
    path: /^storage\/v1\/b\/(?<bucket>[^/]+)\/iam$/,
    service: 'storage',
    handle: (call) => {
      call.cloud.get(bucketPath(call));
      return policyOf(call.cloud, bucketPath(call));
    },
  },
  {
    method: 'PUT',
    path: /^storage\/v1\/b\/(?<bucket>[^/]+)\/iam$/,
    service: 'storage',
    handle: (call) => {
      call.cloud.get(bucketPath(call));
      return setPolicy(call.cloud, bucketPath(call), call.body);
    },
  },
];

const inLocation = ({ cloud, params }: Call, kind: string) =>
  `projects/${cloud.project}/locations/${params.location}/${kind}`;

export const STORES: Route[] = [
  ...collection({
    service: 'artifactregistry',
    place: `^artifactregistry/(?:v1|v1beta2)/${PROJECT}/locations/(?<location>[^/]+)/repositories`,
    base: (call) => inLocation(call, 'repositories'),
    idParameter: 'repository_id',
    name: NAMES.repository!,
    defaults: (_cloud, path) => ({ mode: 'STANDARD_REPOSITORY', registryUri: path }),
    check: (cloud, body) => checkKeyReference(cloud, body.kmsKeyName),
    operations: true,
  }),
  {
    method: 'GET',
    path: /^artifactregistry\/(?:v1|v1beta2)\/projects\/(?<project>[^/]+)\/locations\/[^/]+\/operations\/(?<name>[^/]+)$/,
    handle: ({ params }) => ({ name: params.name, done: true, response: {} }),
  },
  ...collection({
    service: 'cloudkms',
    place: `^kms/v1/${PROJECT}/locations/(?<location>[^/]+)/keyRings`,
    base: (call) => inLocation(call, 'keyRings'),
    idParameter: 'keyRingId',
    name: NAMES.key!,
    defaults: () => ({}),
    permanent: true,
  }),
  ...collection({
    service: 'cloudkms',
    place: `^kms/v1/${PROJECT}/locations/(?<location>[^/]+)/keyRings/(?<ring>[^/:]+)/cryptoKeys`,
    base: (call) => {
      const ring = `${inLocation(call, 'keyRings')}/${call.params.ring}`;
      call.cloud.get(ring);
      return `${ring}/cryptoKeys`;
    },
    idParameter: 'cryptoKeyId',
    name: NAMES.key!,
    defaults: (_cloud, path) => ({
      purpose: 'ENCRYPT_DECRYPT',
      destroyScheduledDuration: '2592000s',
      versionTemplate: { algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION', protectionLevel: 'SOFTWARE' },
      primary: { name: `${path}/cryptoKeyVersions/1`, state: 'ENABLED' },
    }),
    permanent: true,
  }),
  {
    method: 'GET',
    path: /^kms\/v1\/(?<key>projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+)\/cryptoKeyVersions$/,
    service: 'cloudkms',
    handle: ({ cloud, params }) => ({ cryptoKeyVersions: [cloud.get(params.key ?? '').primary] }),
  },
  ...collection({
    service: 'secretmanager',
    place: `^secretmanager/v1/${PROJECT}/secrets`,
    base: ({ cloud }) => `projects/${cloud.project}/secrets`,
    idParameter: 'secretId',
    name: NAMES.secret!,
    defaults: () => ({ replication: { automatic: {} } }),
  }),
  ...BUCKETS,
];
