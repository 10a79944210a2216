import type { ResourceBehaviour } from '../provider.ts';
import { CLUSTER, NODE_POOL_RESOURCE } from './google-container.ts';
import { paths } from './tables.ts';

/**
 * What provider google 6.50.0 does with these types beyond their schema: which changes force a new resource (of a block: its
 * appearance or removal), what it plans for an unset attribute, and which blocks keep the server's value when unset.
 */
export const GOOGLE: Record<string, ResourceBehaviour> = {
  google_compute_network: {
    replace: paths(`
      auto_create_subnetworks description enable_ula_internal_ipv6 internal_ipv6_range name network_profile
      params params.resource_manager_tags project
    `),
    defaults: {
      auto_create_subnetworks: true,
      delete_default_routes_on_create: false,
      network_firewall_policy_enforcement_order: 'AFTER_CLASSIC_FIREWALL',
    },
  },
  google_compute_subnetwork: {
    replace: paths(`
      description enable_flow_logs external_ipv6_prefix ip_collection name network params
      params.resource_manager_tags project region reserved_internal_range
    `),
    defaults: {
      'log_config.aggregation_interval': 'INTERVAL_5_SEC',
      'log_config.filter_expr': 'true',
      'log_config.flow_sampling': 0.5,
      'log_config.metadata': 'INCLUDE_ALL_METADATA',
    },
    optionalComputed: paths(`
      secondary_ip_range
    `),
    atLeastOne: [
      paths('log_config.aggregation_interval log_config.filter_expr log_config.flow_sampling log_config.metadata'),
    ],
  },
  google_compute_router: {
    replace: paths(`
      encrypted_interconnect_router name network project region
    `),
    defaults: {
      'bgp.advertise_mode': 'DEFAULT',
      'bgp.keepalive_interval': 20,
    },
  },
  google_compute_router_nat: {
    replace: paths(`
      endpoint_types initial_nat_ips name project region router type
    `),
    defaults: {
      icmp_idle_timeout_sec: 30,
      tcp_established_idle_timeout_sec: 1200,
      tcp_time_wait_timeout_sec: 120,
      tcp_transitory_idle_timeout_sec: 30,
      type: 'PUBLIC',
      udp_idle_timeout_sec: 30,
    },
    optionalComputed: paths(`
      rules.action
    `),
    conflicts: { initial_nat_ips: ['nat_ips', 'drain_nat_ips'] },
  },
  google_compute_firewall: {
    replace: paths(`
      direction name params project
    `),
    defaults: {
      priority: 1000,
    },
    exactlyOne: [['allow', 'deny']],
    conflicts: {
      source_service_accounts: ['source_tags', 'target_tags'],
      target_service_accounts: ['source_tags', 'target_tags'],
    },
  },
  google_compute_address: {
    replace: paths(`
      address address_type description ip_version ipv6_endpoint_type name network network_tier prefix_length
      project purpose region subnetwork
    `),
    defaults: {
      address_type: 'EXTERNAL',
    },
  },
  google_project_service: {
    replace: paths(`
      project service
    `),
    defaults: {
      disable_on_destroy: true,
    },
  },
  google_service_account: {
    replace: paths(`
      account_id project
    `),
    defaults: {
      disabled: false,
    },
  },
  google_project_iam_member: {
    replace: paths(`
      condition condition.description condition.expression condition.title member project role
    `),
  },
  google_service_account_iam_member: {
    replace: paths(`
      condition condition.description condition.expression condition.title member role service_account_id
    `),
  },
  google_container_cluster: CLUSTER,
  google_container_node_pool: NODE_POOL_RESOURCE,
  google_artifact_registry_repository: {
    replace: paths(`
      format kms_key_name location maven_config.allow_snapshot_overwrites maven_config.version_policy mode
      project remote_repository_config remote_repository_config.apt_repository
      remote_repository_config.apt_repository.public_repository
      remote_repository_config.apt_repository.public_repository.repository_base
      remote_repository_config.apt_repository.public_repository.repository_path
      remote_repository_config.common_repository remote_repository_config.common_repository.uri
      remote_repository_config.description remote_repository_config.docker_repository
      remote_repository_config.docker_repository.custom_repository
      remote_repository_config.docker_repository.custom_repository.uri
      remote_repository_config.docker_repository.public_repository remote_repository_config.maven_repository
      remote_repository_config.maven_repository.custom_repository
      remote_repository_config.maven_repository.custom_repository.uri
      remote_repository_config.maven_repository.public_repository remote_repository_config.npm_repository
      remote_repository_config.npm_repository.custom_repository
      remote_repository_config.npm_repository.custom_repository.uri
      remote_repository_config.npm_repository.public_repository remote_repository_config.python_repository
      remote_repository_config.python_repository.custom_repository
      remote_repository_config.python_repository.custom_repository.uri
      remote_repository_config.python_repository.public_repository remote_repository_config.upstream_credentials
      remote_repository_config.upstream_credentials.username_password_credentials
      remote_repository_config.upstream_credentials.username_password_credentials.password_secret_version
      remote_repository_config.upstream_credentials.username_password_credentials.username
      remote_repository_config.yum_repository remote_repository_config.yum_repository.public_repository
      remote_repository_config.yum_repository.public_repository.repository_base
      remote_repository_config.yum_repository.public_repository.repository_path repository_id
    `),
    defaults: {
      'cleanup_policies.condition.tag_state': 'ANY',
      'maven_config.version_policy': 'VERSION_POLICY_UNSPECIFIED',
      mode: 'STANDARD_REPOSITORY',
      'remote_repository_config.docker_repository.public_repository': 'DOCKER_HUB',
      'remote_repository_config.maven_repository.public_repository': 'MAVEN_CENTRAL',
      'remote_repository_config.npm_repository.public_repository': 'NPMJS',
      'remote_repository_config.python_repository.public_repository': 'PYPI',
    },
    optionalComputed: paths(`
      vulnerability_scanning_config
    `),
    exactlyOne: [
      paths(`
        remote_repository_config.apt_repository remote_repository_config.common_repository
        remote_repository_config.docker_repository remote_repository_config.maven_repository
        remote_repository_config.npm_repository remote_repository_config.python_repository
        remote_repository_config.yum_repository
      `),
    ],
    conflicts: {
      remote_repository_config: ['virtual_repository_config'],
      ...Object.fromEntries(
        ['docker', 'maven', 'npm', 'python'].map((kind) => {
          const repository = `remote_repository_config.${kind}_repository`;
          return [`${repository}.custom_repository`, [`${repository}.public_repository`]];
        }),
      ),
    },
  },
  google_artifact_registry_repository_iam_member: {
    replace: paths(`
      condition condition.description condition.expression condition.title location member project repository
      role
    `),
  },
  google_kms_key_ring: {
    replace: paths(`
      location name project
    `),
  },
  google_kms_crypto_key: {
    replace: paths(`
      crypto_key_backend destroy_scheduled_duration import_only key_ring name purpose
      version_template.protection_level
    `),
    defaults: {
      purpose: 'ENCRYPT_DECRYPT',
      'version_template.protection_level': 'SOFTWARE',
    },
    optionalComputed: paths(`
      version_template
    `),
  },
  google_kms_crypto_key_iam_member: {
    replace: paths(`
      condition condition.description condition.expression condition.title crypto_key_id member role
    `),
  },
  google_storage_bucket: {
    replace: paths(`
      custom_placement_config.data_locations enable_object_retention hierarchical_namespace
      hierarchical_namespace.enabled location name project
    `),
    defaults: {
      force_destroy: false,
      'retention_policy.is_locked': false,
      'soft_delete_policy.retention_duration_seconds': 604800,
      storage_class: 'STANDARD',
    },
    optionalComputed: paths(`
      soft_delete_policy versioning website
    `),
    requires: { 'ip_filter.allow_cross_org_vpcs': ['ip_filter.vpc_network_sources'] },
    atLeastOne: [['website.main_page_suffix', 'website.not_found_page']],
  },
  google_storage_bucket_iam_member: {
    replace: paths(`
      bucket condition condition.description condition.expression condition.title member role
    `),
  },
  google_secret_manager_secret: {
    replace: paths(`
      project replication replication.auto replication.user_managed replication.user_managed.replicas
      replication.user_managed.replicas.location secret_id tags
    `),
    defaults: {
      deletion_protection: false,
    },
    exactlyOne: [['replication.auto', 'replication.user_managed']],
    requires: { rotation: ['topics'], 'rotation.next_rotation_time': ['rotation.rotation_period'] },
  },
  google_secret_manager_secret_iam_member: {
    replace: paths(`
      condition condition.description condition.expression condition.title member project role secret_id
    `),
  },
};
