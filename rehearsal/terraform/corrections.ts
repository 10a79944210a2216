import type { CtyType, NestedBlock } from './provider.ts';

/** What the bindings do not tell, or tell otherwise than the provider itself does. */
export interface Correction {
  absent?: boolean;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  writeOnly?: boolean;
  type?: CtyType;
  nesting?: NestedBlock['nesting'];
  minItems?: number;
  maxItems?: number;
  /** A block although the bindings call it computed. */
  block?: boolean;
}

/** Providers on protocol 6 whose nested values are attributes, not blocks. */
export const NESTED_ATTRIBUTES = new Set(['helm']);

const REQUIRED: Correction = { required: true, optional: false };
const SECRET: Correction = { sensitive: true };
const WRITTEN: Correction = { writeOnly: true };

/** By resource type (`data.<type>` for data sources), then by dotted path. */
export const CORRECTIONS: Record<string, Record<string, Correction>> = {
  google: {
    'external_credentials.audience': REQUIRED,
    'external_credentials.identity_token': REQUIRED,
    'external_credentials.service_account_email': REQUIRED,
  },
  google_container_cluster: {
    'addons_config.ray_operator_config': { maxItems: 3 },
    'maintenance_policy.maintenance_exclusion': { maxItems: 20 },
    'master_auth.client_key': SECRET,
    'node_config.secondary_boot_disks': { maxItems: 127 },
    'node_pool.node_config.secondary_boot_disks': { maxItems: 127 },
  },
  google_container_node_pool: { 'node_config.secondary_boot_disks': { maxItems: 127 } },
  google_storage_bucket: { lifecycle_rule: { maxItems: 100 } },
  kubernetes: { 'exec.api_version': REQUIRED, 'exec.command': REQUIRED },
  kubernetes_manifest: {
    manifest: { type: 'dynamic' },
    object: { type: 'dynamic' },
    wait_for: { type: ['object', { fields: ['map', 'string'] }] },
  },
  kubernetes_secret_v1: {
    binary_data: SECRET,
    binary_data_wo: WRITTEN,
    data: SECRET,
    data_wo: WRITTEN,
  },
  helm: {
    'kubernetes.exec.api_version': REQUIRED,
    'kubernetes.exec.command': REQUIRED,
    'registries.password': REQUIRED,
    'registries.url': REQUIRED,
    'registries.username': REQUIRED,
  },
  helm_release: {
    repository_password: SECRET,
    'set_sensitive.value': SECRET,
    set_wo: WRITTEN,
    'set_wo.name': WRITTEN,
    'set_wo.type': WRITTEN,
    'set_wo.value': WRITTEN,
  },
};
