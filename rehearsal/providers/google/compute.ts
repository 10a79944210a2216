import { alreadyExists, basename, checkName, GoogleApiError, invalid, type Json, relative } from './api.ts';
import { overlaps, parseRange } from './cidr.ts';
import type { Call, GoogleCloud, Route } from './cloud.ts';

/** Compute Engine: networks, subnetworks, routers with NAT, firewall rules, addresses. */

const service = 'compute';
const BASE = 'https://www.googleapis.com/compute/v1';

/** Collections by their place: global or in a region. */
const GLOBAL = String.raw`^compute/(?:v1|beta)/(?<scope>projects/(?<project>[^/]+)/global)/(?<kind>networks|firewalls|addresses)`;
const REGIONAL = String.raw`^compute/(?:v1|beta)/(?<scope>projects/(?<project>[^/]+)/regions/(?<region>[^/]+))/(?<kind>subnetworks|routers|addresses)`;

const SINGULAR: Record<string, string> = {
  networks: 'network',
  firewalls: 'firewall',
  addresses: 'address',
  subnetworks: 'subnetwork',
  routers: 'router',
};

function operation(cloud: GoogleCloud, scope: string, target: string, type: string): Json {
  const name = `operation-${Date.now()}-${Math.random().toString(16).slice(2, 10)}`;
  return {
    kind: 'compute#operation',
    id: cloud.number(name),
    name,
    operationType: type,
    targetLink: `${BASE}/${target}`,
    status: 'DONE',
    progress: 100,
    selfLink: `${BASE}/${scope}/operations/${name}`,
    insertTime: cloud.now(),
    endTime: cloud.now(),
  };
}

function requireReference(cloud: GoogleCloud, field: string, link: unknown): string {
  const path = relative(String(link ?? ''));
  if (!cloud.find(path)) {
    throw new GoogleApiError(404, 'notFound', `The resource '${path}' was not found (field '${field}')`);
  }
  return path;
}

type Check = (cloud: GoogleCloud, body: Json, path: string) => void;

const checkNetwork: Check = (_cloud, body) => {
  if (body.mtu !== undefined && (body.mtu < 1300 || body.mtu > 8896)) {
    throw invalid(`Invalid value for field 'resource.mtu': '${body.mtu}'. Must be between 1300 and 8896.`);
  }
};

const checkSubnetwork: Check = (cloud, body, path) => {
  const network = requireReference(cloud, 'resource.network', body.network);
  const wanted = [
    { field: 'resource.ipCidrRange', text: body.ipCidrRange },
    ...(body.secondaryIpRanges ?? []).map((range: Json, index: number) => ({
      field: `resource.secondaryIpRanges[${index}].ipCidrRange`,
      text: range.ipCidrRange,
    })),
  ].map(({ field, text }) => ({ field, text, range: parseRange(field, text) }));
  for (const { field, text, range } of wanted) {
    if (range.prefix > 29 || range.prefix < 4) {
      throw invalid(`Invalid value for field '${field}': '${text}'. The prefix length must be between 4 and 29.`);
    }
  }
  const taken = [...cloud.resources]
    .filter(
      ([other, subnet]) => other.includes('/subnetworks/') && other !== path && relative(subnet.network) === network,
    )
    .flatMap(([other, subnet]) =>
      [subnet.ipCidrRange, ...(subnet.secondaryIpRanges ?? []).map((range: Json) => range.ipCidrRange)].map((text) => ({
        other,
        text,
        range: parseRange('ipCidrRange', text),
      })),
    );
  wanted.forEach((one, index) => {
    const within = wanted.slice(0, index).find((earlier) => overlaps(earlier.range, one.range));
    if (within) throw invalid(`Invalid IPCidrRange: ${one.text} conflicts with ${within.text} of the same subnetwork.`);
    const conflict = taken.find(({ range }) => overlaps(range, one.range));
    if (conflict) {
      throw invalid(
        `Invalid IPCidrRange: ${one.text} conflicts with existing subnetwork '${basename(conflict.other)}' (${conflict.text}).`,
      );
    }
  });
};

const checkRouter: Check = (cloud, body) => {
  requireReference(cloud, 'resource.network', body.network);
  for (const nat of body.nats ?? []) {
    checkName('resource.nats[0].name', nat.name);
    for (const ip of nat.natIps ?? []) requireReference(cloud, 'resource.nats[0].natIps', ip);
    const { minPortsPerVm: least, maxPortsPerVm: most } = nat;
    if (least !== undefined && (least < 2 || least > 65536)) {
      throw invalid(
        `Invalid value for field 'resource.nats[0].minPortsPerVm': '${least}'. Must be between 2 and 65536.`,
      );
    }
    if (least !== undefined && most !== undefined && most <= least) {
      throw invalid(
        `Invalid value for field 'resource.nats[0].maxPortsPerVm': '${most}'. Must be greater than minPortsPerVm (${least}).`,
      );
    }
  }
};

const checkFirewall: Check = (cloud, body) => {
  requireReference(cloud, 'resource.network', body.network);
  const { sourceRanges = [], destinationRanges = [], priority, allowed = [], denied = [] } = body;
  for (const range of [...sourceRanges, ...destinationRanges]) parseRange('resource.sourceRanges', range);
  if (priority !== undefined && (priority < 0 || priority > 65535)) {
    throw invalid(`Invalid value for field 'resource.priority': '${priority}'. Must be between 0 and 65535.`);
  }
  if (allowed.length > 0 === denied.length > 0) {
    throw invalid("Invalid value for field 'resource.allowed': exactly one of allowed and denied must be set.");
  }
};

const checkAddress: Check = (cloud) => {
  // The one being made is not in the books yet.
  const limit = cloud.quotas.limit('STATIC_ADDRESSES') ?? 8;
  const used = [...cloud.resources.keys()].filter((path) => path.includes('/addresses/')).length;
  if (used + 1 > limit) {
    throw new GoogleApiError(
      403,
      'quotaExceeded',
      `Quota 'STATIC_ADDRESSES' exceeded. Limit: ${limit.toFixed(1)} in region ${cloud.region}.`,
    );
  }
};

const CHECKS: Record<string, Check> = {
  networks: checkNetwork,
  subnetworks: checkSubnetwork,
  routers: checkRouter,
  firewalls: checkFirewall,
  addresses: checkAddress,
};

/** What the server adds to a new resource. */
function defaults(cloud: GoogleCloud, kind: string, body: Json): Json {
  if (kind === 'networks') {
    return {
      routingConfig: { routingMode: 'REGIONAL' },
      mtu: 1460,
      networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
    };
  }
  if (kind === 'subnetworks') {
    const { first } = parseRange('resource.ipCidrRange', body.ipCidrRange);
    const gateway = [24, 16, 8, 0].map((shift) => Math.floor((first + 1) / 2 ** shift) % 256).join('.');
    return {
      gatewayAddress: gateway,
      purpose: 'PRIVATE',
      stackType: 'IPV4_ONLY',
      privateIpv6GoogleAccess: 'DISABLE_GOOGLE_ACCESS',
    };
  }
  if (kind === 'firewalls') return { direction: 'INGRESS', priority: 1000, disabled: false };
  if (kind === 'addresses') {
    const used = [...cloud.resources.keys()].filter((path) => path.includes('/addresses/')).length;
    return {
      address: `198.51.100.${10 + used}`,
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
      status: 'RESERVED',
      purpose: '',
    };
  }
  return {};
}

function insert({ cloud, params, body }: Call): Json {
  const { scope = '', kind = '', region } = params;
  checkName('resource.name', body.name);
  const path = `${scope}/${kind}/${body.name}`;
  if (cloud.find(path)) throw alreadyExists(path);
  CHECKS[kind]?.(cloud, body, path);
  const links = Object.fromEntries(
    ['network', 'subnetwork'].flatMap((field) => (body[field] ? [[field, `${BASE}/${relative(body[field])}`]] : [])),
  );
  cloud.resources.set(path, {
    kind: `compute#${SINGULAR[kind]}`,
    ...defaults(cloud, kind, body),
    ...body,
    ...links,
    id: cloud.number(path),
    creationTimestamp: cloud.now(),
    selfLink: `${BASE}/${path}`,
    fingerprint: cloud.etag(),
    labelFingerprint: cloud.etag(),
    ...(region ? { region: `${BASE}/projects/${cloud.project}/regions/${region}` } : {}),
  });
  return operation(cloud, scope, path, 'insert');
}

function patch({ cloud, params, body }: Call): Json {
  const { scope = '', kind = '', name = '' } = params;
  const path = `${scope}/${kind}/${name}`;
  const next = { ...cloud.get(path), ...body, fingerprint: cloud.etag() };
  CHECKS[kind]?.(cloud, next, path);
  cloud.resources.set(path, next);
  return operation(cloud, scope, path, 'patch');
}

function remove({ cloud, params }: Call): Json {
  const { scope = '', kind = '', name = '' } = params;
  const path = `${scope}/${kind}/${name}`;
  cloud.get(path);
  const user = [...cloud.resources].find(
    ([other, resource]) =>
      other !== path &&
      [resource.network, resource.subnetwork, ...(resource.nats ?? []).flatMap((nat: Json) => nat.natIps ?? [])]
        .filter(Boolean)
        .some((link) => relative(String(link)) === path),
  );
  if (user) {
    throw new GoogleApiError(
      400,
      'resourceInUseByAnotherResource',
      `The ${SINGULAR[kind]} resource '${path}' is already being used by '${user[0]}'`,
    );
  }
  cloud.resources.delete(path);
  return operation(cloud, scope, path, 'delete');
}

const at = (place: string, rest: string) => new RegExp(`${place}${rest}$`);
const NAMED = '/(?<name>[^/]+)';

const collection = (place: string): Route[] => [
  { method: 'POST', path: at(place, ''), service, handle: insert },
  {
    method: 'GET',
    path: at(place, NAMED),
    service,
    handle: ({ cloud, params }) => cloud.get(`${params.scope}/${params.kind}/${params.name}`),
  },
  { method: 'PATCH', path: at(place, NAMED), service, handle: patch },
  { method: 'PUT', path: at(place, NAMED), service, handle: patch },
  { method: 'DELETE', path: at(place, NAMED), service, handle: remove },
  { method: 'POST', path: at(place, `${NAMED}/(?<verb>setPrivateIpGoogleAccess|setLabels)`), service, handle: patch },
];

const done = ({ cloud, params }: Call) => ({ ...operation(cloud, params.scope ?? '', '', 'get'), name: params.name });

export const COMPUTE: Route[] = [
  ...collection(GLOBAL),
  ...collection(REGIONAL),
  {
    method: 'GET',
    path: /^compute\/(?:v1|beta)\/(?<scope>projects\/(?<project>[^/]+)\/(?:global|regions\/[^/]+|zones\/[^/]+))\/operations\/(?<name>[^/]+)$/,
    handle: done,
  },
  {
    method: 'POST',
    path: /^compute\/(?:v1|beta)\/(?<scope>projects\/(?<project>[^/]+)\/(?:global|regions\/[^/]+|zones\/[^/]+))\/operations\/(?<name>[^/]+)\/wait$/,
    handle: done,
  },
  {
    method: 'GET',
    path: /^compute\/(?:v1|beta)\/projects\/(?<project>[^/]+)$/,
    service,
    handle: ({ cloud }) => ({ name: cloud.project, id: cloud.projectNumber }),
  },
];
