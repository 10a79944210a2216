/**
 * How Terraform's attribute names and Kubernetes' field names differ beyond snake and camel case: Terraform names a
 * repeated block in the singular, and spells abbreviations as words.
 */
const IRREGULAR: Record<string, string> = {
  cluster_ip: 'clusterIP',
  cluster_ips: 'clusterIPs',
  external_ips: 'externalIPs',
  host_ip: 'hostIP',
  host_ipc: 'hostIPC',
  host_pid: 'hostPID',
  non_resource_urls: 'nonResourceURLs',
  load_balancer_ip: 'loadBalancerIP',
  pod_ip: 'podIP',
  container: 'containers',
  init_container: 'initContainers',
  port: 'ports',
  volume: 'volumes',
  volume_mount: 'volumeMounts',
  volume_device: 'volumeDevices',
  toleration: 'tolerations',
  topology_spread_constraint: 'topologySpreadConstraints',
  readiness_gate: 'readinessGates',
  volume_claim_template: 'volumeClaimTemplates',
  metric: 'metrics',
  rule: 'rules',
  subject: 'subjects',
  policy: 'policies',
  http_header: 'httpHeaders',
  option: 'options',
  node_selector_term: 'nodeSelectorTerms',
  image_pull_secret: 'imagePullSecrets',
  secret: 'secrets',
  limit: 'limits',
  sysctl: 'sysctls',
  on_pod_condition: 'onPodConditions',
  storage_provisioner: 'provisioner',
};

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `repeated`: a block that may occur more than once, which Kubernetes names in the plural. */
export function fieldName(name: string, repeated: boolean): string {
  const irregular = IRREGULAR[name];
  if (irregular === undefined) return camel(name);
  // `port` of a probe and `secret` of a volume are single values and keep their name.
  const plural = irregular.endsWith('s') && camel(name) !== irregular && !/IP|URL|IPs/.test(irregular);
  return plural && !repeated ? (name === 'storage_provisioner' ? irregular : camel(name)) : irregular;
}

/** Strings that Kubernetes takes as numbers when they look like one. */
const NUMERIC = new Set([
  'replicas',
  'port',
  'target_port',
  'max_surge',
  'max_unavailable',
  'min_available',
  'run_as_user',
  'run_as_group',
  'fs_group',
  'partition',
]);
const OCTAL = new Set(['mode', 'default_mode']);

/** A scalar as Kubernetes wants it. */
export function toField(name: string, value: string | number | boolean): string | number | boolean {
  if (typeof value !== 'string') return value;
  if (OCTAL.has(name)) return Number.parseInt(value, 8);
  if (NUMERIC.has(name) && /^\d+$/.test(value)) return Number(value);
  return value;
}

/** And back, in the type that the schema has. */
export function fromField(name: string, value: unknown, type: unknown): string | number | boolean {
  if (type === 'string') {
    if (OCTAL.has(name) && typeof value === 'number') return `0${value.toString(8)}`;
    return String(value);
  }
  if (type === 'number') return Number(value);
  return value as boolean;
}

/** Attributes that steer the provider and are no part of the object. */
export const STEERING = new Set([
  'id',
  'timeouts',
  'wait_for_rollout',
  'wait_for_load_balancer',
  'wait_for_completion',
  'wait_for_default_service_account',
  'wait_for_service_account_token',
  'default_secret_name',
  'status',
]);
