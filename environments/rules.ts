import { mostNodes } from './node-pools.ts';
import { checkQuotas } from './quotas.ts';
import type { Environment } from './schema.ts';

/** What one field alone cannot tell: rules that join several. Each problem is `path rule, got value`. */

interface Range {
  name: string;
  text: string;
  first: number;
  last: number;
  prefix: number;
}

function range(name: string, text: string): Range {
  const [address = '', prefix = ''] = text.split('/');
  const first = address.split('.').reduce((total, octet) => total * 256 + Number(octet), 0);
  return { name, text, first, last: first + 2 ** (32 - Number(prefix)) - 1, prefix: Number(prefix) };
}

const PODS_PER_NODE_PREFIX = 24;

function network(environment: Environment): string[] {
  const cidrs = environment.google?.network;
  if (!cidrs) return [];
  const problems: string[] = [];
  const ranges = Object.entries(cidrs).map(([name, text]) => range(`google.network.${name}`, text));
  for (const one of ranges) {
    if (one.first % 2 ** (32 - one.prefix) !== 0)
      problems.push(`${one.name} must start on its own boundary, got ${one.text}`);
  }
  ranges.forEach((one, index) => {
    const other = ranges.slice(0, index).find((earlier) => one.first <= earlier.last && earlier.first <= one.last);
    if (other) problems.push(`${one.name} must not overlap ${other.name} (${other.text}), got ${one.text}`);
  });
  const pods = ranges.find(({ name }) => name.endsWith('podsCidr'));
  const nodes = Object.values(environment.nodePools).reduce((total, pool) => total + mostNodes(pool), 0);
  // GKE reserves a /24 for the 110 pods of each node.
  const room = pods ? 2 ** (PODS_PER_NODE_PREFIX - pods.prefix) : 0;
  if (pods && room < nodes) {
    problems.push(
      `${pods.name} must hold a /${PODS_PER_NODE_PREFIX} for each of ${nodes} nodes, got ${pods.text} (${Math.floor(room)})`,
    );
  }
  return problems;
}

function zones(environment: Environment): string[] {
  const { google } = environment;
  if (!google) return [];
  const problems: string[] = [];
  const check = (path: string, names: string[]) => {
    for (const zone of names) {
      if (!new RegExp(`^${google.region}-[a-z]$`).test(zone))
        problems.push(`${path} must lie in region ${google.region}, got ${zone}`);
    }
    if (new Set(names).size < names.length) problems.push(`${path} must not repeat a zone, got ${names.join(', ')}`);
  };
  check('google.zones', google.zones);
  if (google.layout === 'zonal' && google.zones.length > 1) {
    problems.push(
      `google.zones must have one entry in a zonal layout, got ${google.zones.length}: choose layout regional or one zone`,
    );
  }
  if (google.layout === 'regional' && !google.reason) {
    problems.push('google.reason must say why the regional layout was chosen, got nothing');
  }
  for (const [name, pool] of Object.entries(environment.nodePools)) {
    if (pool.zones) check(`nodePools.${name}.zones`, pool.zones);
  }
  return problems;
}

/** GKE needs 48 hours in 4 weeks. Source: the GKE guide on maintenance windows. */
const MAINTENANCE_HOURS_IN_4_WEEKS = 48;

function maintenance(environment: Environment): string[] {
  const window = environment.google?.maintenance;
  if (!window) return [];
  const days = window.days.length === 0 ? 7 : window.days.length;
  const hours = days * window.durationHours * 4;
  return hours >= MAINTENANCE_HOURS_IN_4_WEEKS
    ? []
    : [
        `google.maintenance must leave at least ${MAINTENANCE_HOURS_IN_4_WEEKS} hours in 4 weeks (days x durationHours x 4), got ${hours}`,
      ];
}

function pools(environment: Environment): string[] {
  const problems: string[] = [];
  for (const [name, pool] of Object.entries(environment.nodePools)) {
    const path = `nodePools.${name}.nodes`;
    const places = (pool.zones ?? environment.google?.zones ?? ['']).length;
    if ('total' in pool.nodes) {
      const { total } = pool.nodes;
      if (total % places !== 0) {
        problems.push(
          `${path}.total must divide by the pool's ${places} zones, got ${total}: give the pool one zone (zones: ['${environment.google?.zones[0]}']) or autoscale it by total (nodes: { minTotal: ${total}, maxTotal: ${total + places} })`,
        );
      }
    } else if (pool.nodes.minTotal > pool.nodes.maxTotal) {
      problems.push(`${path}.minTotal must be at most maxTotal (${pool.nodes.maxTotal}), got ${pool.nodes.minTotal}`);
    }
    if (pool.upgrade === 'surge' && pool.maxSurge + pool.maxUnavailable === 0) {
      problems.push(`nodePools.${name}.maxSurge must be at least 1 when maxUnavailable is 0, got 0`);
    }
  }
  return problems;
}

function kafka(environment: Environment): string[] {
  const problems: string[] = [];
  const { brokers, replicationFactor = Math.min(3, brokers), minInsyncReplicas } = environment.kafka;
  if (brokers % 2 === 0) problems.push(`kafka.brokers must be odd, so that a majority exists, got ${brokers}`);
  if (replicationFactor > brokers)
    problems.push(`kafka.replicationFactor must be at most the ${brokers} brokers, got ${replicationFactor}`);
  const most = Math.max(1, replicationFactor - 1);
  if (minInsyncReplicas !== undefined && minInsyncReplicas > most) {
    problems.push(
      `kafka.minInsyncReplicas must be at most ${most} with ${replicationFactor} copies, got ${minInsyncReplicas}`,
    );
  }
  if (environment.kind === 'gke') {
    const pool = environment.nodePools.brokers;
    if (!pool) problems.push('nodePools.brokers must exist: Kafka runs there, got null');
    else if (mostNodes(pool) < brokers)
      problems.push(`nodePools.brokers.nodes must hold ${brokers} brokers on a node each, got ${mostNodes(pool)}`);
  }
  return problems;
}

function apps(environment: Environment): string[] {
  const problems: string[] = [];
  const topics = Object.keys(environment.kafka.topics);
  for (const [name, { topic }] of Object.entries(environment.apps)) {
    if (!topics.includes(topic))
      problems.push(`apps.${name}.topic must be one of kafka.topics (${topics.join(', ')}), got ${topic}`);
  }
  const { scaling } = environment.apps.consumer;
  if (scaling.type === 'cpu' && scaling.min > scaling.max) {
    problems.push(`apps.consumer.scaling.min must be at most max (${scaling.max}), got ${scaling.min}`);
  }
  return problems;
}

function kinds(environment: Environment): string[] {
  const { kind, google, kubeContext, localNodes, nodePools, backend } = environment;
  if (kind === 'gke') {
    return [
      ...(google ? [] : ['google must be given for kind gke, got nothing']),
      ...(kubeContext ? [`kubeContext must be left out for kind gke, got ${kubeContext}`] : []),
      ...(localNodes ? ['localNodes must be left out for kind gke, got a list'] : []),
      ...(backend.type === 'gcs'
        ? []
        : ['backend.type must be gcs for kind gke: the state of a shared environment is shared, got local']),
    ];
  }
  return [
    ...(google ? ['google must be left out for kind cluster, got an object'] : []),
    ...(kubeContext ? [] : ['kubeContext must be given for kind cluster, got nothing']),
    ...(Object.keys(nodePools).length > 0
      ? [`nodePools must be left out for kind cluster, got ${Object.keys(nodePools).join(', ')}`]
      : []),
  ];
}

/** Every problem that joins several fields; the fields themselves are right already. */
export function crossRules(environment: Environment): string[] {
  const own = [kinds, zones, network, maintenance, pools, kafka, apps].flatMap((rule) => rule(environment));
  return own.length > 0 ? own : checkQuotas(environment).errors;
}
