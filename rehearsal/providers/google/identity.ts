import { alreadyExists, checkName, GoogleApiError, invalid, type Json } from './api.ts';
import type { Call, GoogleCloud, Route } from './cloud.ts';

/** Projects, APIs, service accounts, and the IAM policies of everything. */

const ACCOUNT_ID = /^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/;

function policyOf(cloud: GoogleCloud, path: string): Json {
  return cloud.policies.get(path) ?? { version: 1, etag: 'ACAB', bindings: [] };
}

function checkMember(cloud: GoogleCloud, member: string): void {
  const [kind = '', email = ''] = member.split(':');
  const own = email.endsWith(`@${cloud.project}.iam.gserviceaccount.com`);
  if (kind === 'serviceAccount' && own && !cloud.knowsServiceAccount(email)) {
    throw new GoogleApiError(400, 'badRequest', `Service account ${email} does not exist.`);
  }
}

function setPolicy(cloud: GoogleCloud, path: string, policy: Json): Json {
  const current = policyOf(cloud, path);
  if (policy.etag && policy.etag !== current.etag) {
    throw new GoogleApiError(
      409,
      'conflict',
      'There were concurrent policy changes. Please retry the whole read-modify-write.',
    );
  }
  for (const binding of policy.bindings ?? []) {
    if (!/^(roles|projects|organizations)\//.test(binding.role))
      throw invalid(`Role (${binding.role}) does not exist in the resource's hierarchy.`);
    for (const member of binding.members ?? []) checkMember(cloud, member);
  }
  const next = { version: 1, ...policy, etag: cloud.etag() };
  cloud.policies.set(path, next);
  return next;
}

/** `get`/`setIamPolicy` of whatever lives at a path; the resource must exist. */
export const policyRoutes = (place: string, pathOf: (call: Call) => string, service?: string): Route[] =>
  (['GET', 'POST'] as const).flatMap((method) => [
    {
      method,
      path: new RegExp(`${place}:getIamPolicy$`),
      service,
      handle: (call: Call) => policyOf(call.cloud, pathOf(call)),
    },
    {
      method,
      path: new RegExp(`${place}:setIamPolicy$`),
      service,
      handle: (call: Call) => setPolicy(call.cloud, pathOf(call), call.body.policy ?? call.body),
    },
  ]);
export { policyOf, setPolicy };

const ACCOUNTS = String.raw`^iam/v1/projects/(?<project>[^/]+)/serviceAccounts`;
const ACCOUNT = String.raw`${ACCOUNTS}/(?<email>[^/:]+)`;
const accountPath = ({ cloud, params }: Call): string => `projects/${cloud.project}/serviceAccounts/${params.email}`;

function createAccount({ cloud, body }: Call): Json {
  checkName('account_id', body.accountId, ACCOUNT_ID);
  const email = `${body.accountId}@${cloud.project}.iam.gserviceaccount.com`;
  const path = `projects/${cloud.project}/serviceAccounts/${email}`;
  if (cloud.find(path)) throw alreadyExists(path);
  const account = {
    name: path,
    projectId: cloud.project,
    uniqueId: cloud.number(path),
    email,
    etag: cloud.etag(),
    ...body.serviceAccount,
  };
  cloud.resources.set(path, account);
  return account;
}

const done = (cloud: GoogleCloud, response: Json) => ({
  name: `operations/${cloud.number(cloud.etag())}`,
  done: true,
  response,
});
const SERVICES = String.raw`^serviceusage/(?:v1|v1beta1)/projects/(?<project>[^/]+)/services`;
const describeService = (cloud: GoogleCloud, service: string): Json => ({
  name: `projects/${cloud.projectNumber}/services/${service}.googleapis.com`,
  parent: `projects/${cloud.projectNumber}`,
  config: { name: `${service}.googleapis.com` },
  state: cloud.services.has(service) ? 'ENABLED' : 'DISABLED',
});
const shortName = (name: string | undefined): string => (name ?? '').replace(/\.googleapis\.com$/, '');

export const IDENTITY: Route[] = [
  {
    method: 'GET',
    path: /^resourcemanager\/(?:v1|v3)\/projects\/(?<project>[^/:]+)$/,
    service: 'cloudresourcemanager',
    handle: ({ cloud }) => ({
      projectId: cloud.project,
      projectNumber: cloud.projectNumber,
      name: cloud.project,
      lifecycleState: 'ACTIVE',
      labels: {},
      parent: { type: 'organization', id: '1' },
    }),
  },
  {
    method: 'GET',
    path: /^billing\/v1\/projects\/(?<project>[^/]+)\/billingInfo$/,
    handle: ({ cloud }) => ({
      projectId: cloud.project,
      billingAccountName: 'billingAccounts/000000-000000-000000',
      billingEnabled: true,
    }),
  },
  ...policyRoutes(
    String.raw`^resourcemanager/(?:v1|v3)/projects/(?<project>[^/:]+)`,
    ({ cloud }) => `projects/${cloud.project}`,
    'cloudresourcemanager',
  ),
  { method: 'POST', path: new RegExp(`${ACCOUNTS}$`), service: 'iam', handle: createAccount },
  {
    method: 'GET',
    path: new RegExp(`${ACCOUNT}$`),
    service: 'iam',
    handle: (call) => call.cloud.get(accountPath(call)),
  },
  ...(['PATCH', 'PUT'] as const).map(
    (method): Route => ({
      method,
      path: new RegExp(`${ACCOUNT}$`),
      service: 'iam',
      handle: (call) => {
        const path = accountPath(call);
        const next = { ...call.cloud.get(path), ...(call.body.serviceAccount ?? call.body), etag: call.cloud.etag() };
        call.cloud.resources.set(path, next);
        return next;
      },
    }),
  ),
  {
    method: 'DELETE',
    path: new RegExp(`${ACCOUNT}$`),
    service: 'iam',
    handle: (call) => {
      const path = accountPath(call);
      call.cloud.get(path);
      call.cloud.resources.delete(path);
      call.cloud.policies.delete(path);
      return {};
    },
  },
  ...policyRoutes(
    ACCOUNT,
    (call) => {
      call.cloud.get(accountPath(call));
      return accountPath(call);
    },
    'iam',
  ),
  {
    method: 'GET',
    path: new RegExp(`${SERVICES}$`),
    handle: ({ cloud }) => ({ services: [...cloud.services].map((service) => describeService(cloud, service)) }),
  },
  {
    method: 'GET',
    path: new RegExp(`${SERVICES}/(?<service>[^/:]+)$`),
    handle: ({ cloud, params }) => describeService(cloud, shortName(params.service)),
  },
  {
    method: 'POST',
    path: new RegExp(`${SERVICES}:batchEnable$`),
    handle: ({ cloud, body }) => {
      for (const id of body.serviceIds ?? []) cloud.services.add(shortName(id));
      return done(cloud, {
        services: (body.serviceIds ?? []).map((id: string) => describeService(cloud, shortName(id))),
      });
    },
  },
  {
    method: 'POST',
    path: new RegExp(`${SERVICES}/(?<service>[^/:]+):(?<verb>enable|disable)$`),
    handle: ({ cloud, params }) => {
      const service = shortName(params.service);
      if (params.verb === 'enable') cloud.services.add(service);
      else cloud.services.delete(service);
      return done(cloud, { service: describeService(cloud, service) });
    },
  },
  {
    method: 'GET',
    path: /^serviceusage\/(?:v1|v1beta1)\/operations\/(?<name>[^/]+)$/,
    handle: ({ params }) => ({ name: `operations/${params.name}`, done: true, response: {} }),
  },
];
