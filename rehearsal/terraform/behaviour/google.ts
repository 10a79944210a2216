import type { ResourceBehaviour } from '../provider.ts';

/**
 * What provider google 6.50.0 does with these types beyond their schema: which changes force a new resource (of a block: its
 * appearance or removal), what it plans for an unset attribute, and which blocks keep the server's value when unset.
 */
const paths = (list: string): string[] => list.trim().split(/\s+/);

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
  },
  google_compute_firewall: {
    replace: paths(`
      direction name params project
    `),
    defaults: {
      priority: 1000,
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
  google_container_cluster: {
    replace: paths(`
      cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key cluster_ipv4_cidr confidential_nodes
      confidential_nodes.confidential_instance_type confidential_nodes.enabled datapath_provider
      default_max_pods_per_node description enable_autopilot enable_kubernetes_alpha enable_tpu
      initial_node_count ip_allocation_policy ip_allocation_policy.cluster_ipv4_cidr_block
      ip_allocation_policy.cluster_secondary_range_name ip_allocation_policy.pod_cidr_overprovision_config
      ip_allocation_policy.services_ipv4_cidr_block ip_allocation_policy.services_secondary_range_name location
      master_auth.client_certificate_config master_auth.client_certificate_config.issue_client_certificate name
      network networking_mode node_config node_config.advanced_machine_features
      node_config.advanced_machine_features.enable_nested_virtualization
      node_config.advanced_machine_features.threads_per_core node_config.boot_disk_kms_key
      node_config.confidential_nodes.confidential_instance_type node_config.enable_confidential_storage
      node_config.ephemeral_storage_local_ssd_config
      node_config.ephemeral_storage_local_ssd_config.data_cache_count
      node_config.ephemeral_storage_local_ssd_config.local_ssd_count node_config.flex_start
      node_config.guest_accelerator node_config.guest_accelerator.count
      node_config.guest_accelerator.gpu_driver_installation_config
      node_config.guest_accelerator.gpu_driver_installation_config.gpu_driver_version
      node_config.guest_accelerator.gpu_partition_size node_config.guest_accelerator.gpu_sharing_config
      node_config.guest_accelerator.gpu_sharing_config.gpu_sharing_strategy
      node_config.guest_accelerator.gpu_sharing_config.max_shared_clients_per_gpu
      node_config.guest_accelerator.type node_config.host_maintenance_policy
      node_config.host_maintenance_policy.maintenance_interval node_config.local_nvme_ssd_block_config
      node_config.local_nvme_ssd_block_config.local_ssd_count node_config.local_ssd_count
      node_config.local_ssd_encryption_mode node_config.max_run_duration node_config.metadata
      node_config.min_cpu_platform node_config.node_group node_config.oauth_scopes node_config.preemptible
      node_config.reservation_affinity node_config.reservation_affinity.consume_reservation_type
      node_config.reservation_affinity.key node_config.reservation_affinity.values
      node_config.secondary_boot_disks node_config.secondary_boot_disks.disk_image
      node_config.secondary_boot_disks.mode node_config.service_account node_config.shielded_instance_config
      node_config.shielded_instance_config.enable_integrity_monitoring
      node_config.shielded_instance_config.enable_secure_boot node_config.sole_tenant_config
      node_config.sole_tenant_config.node_affinity node_config.sole_tenant_config.node_affinity.key
      node_config.sole_tenant_config.node_affinity.operator node_config.sole_tenant_config.node_affinity.values
      node_config.spot node_pool private_cluster_config.enable_private_nodes
      private_cluster_config.master_ipv4_cidr_block private_cluster_config.private_endpoint_subnetwork project
      subnetwork user_managed_keys_config.aggregation_ca user_managed_keys_config.cluster_ca
      user_managed_keys_config.etcd_api_ca user_managed_keys_config.etcd_peer_ca
    `),
    defaults: {
      'cluster_autoscaling.auto_provisioning_defaults.disk_size': 100,
      'cluster_autoscaling.auto_provisioning_defaults.disk_type': 'pd-standard',
      'cluster_autoscaling.auto_provisioning_defaults.image_type': 'COS_CONTAINERD',
      'cluster_autoscaling.auto_provisioning_defaults.service_account': 'default',
      'cluster_autoscaling.auto_provisioning_defaults.shielded_instance_config.enable_integrity_monitoring': true,
      'cluster_autoscaling.auto_provisioning_defaults.shielded_instance_config.enable_secure_boot': false,
      'cluster_autoscaling.auto_provisioning_defaults.upgrade_settings.blue_green_settings.standard_rollout_policy.batch_soak_duration':
        '0s',
      'cluster_autoscaling.autoscaling_profile': 'BALANCED',
      deletion_protection: true,
      disable_l4_lb_firewall_reconciliation: false,
      'dns_config.cluster_dns': 'PROVIDER_UNSPECIFIED',
      enable_cilium_clusterwide_network_policy: false,
      enable_fqdn_network_policy: false,
      enable_kubernetes_alpha: false,
      enable_l4_ilb_subsetting: false,
      enable_legacy_abac: false,
      enable_multi_networking: false,
      enable_shielded_nodes: true,
      'ip_allocation_policy.stack_type': 'IPV4',
      network: 'default',
      'node_config.preemptible': false,
      'node_config.shielded_instance_config.enable_integrity_monitoring': true,
      'node_config.shielded_instance_config.enable_secure_boot': false,
      'node_config.spot': false,
      'node_config.windows_node_config.osversion': 'OS_VERSION_UNSPECIFIED',
      'resource_usage_export_config.enable_network_egress_metering': false,
      'resource_usage_export_config.enable_resource_consumption_metering': true,
    },
    optionalComputed: paths(`
      addons_config addons_config.cloudrun_config addons_config.config_connector_config
      addons_config.dns_cache_config addons_config.gce_persistent_disk_csi_driver_config
      addons_config.gcp_filestore_csi_driver_config addons_config.gcs_fuse_csi_driver_config
      addons_config.gke_backup_agent_config addons_config.horizontal_pod_autoscaling
      addons_config.http_load_balancing addons_config.lustre_csi_driver_config
      addons_config.network_policy_config addons_config.parallelstore_csi_driver_config
      addons_config.ray_operator_config addons_config.ray_operator_config.ray_cluster_logging_config
      addons_config.ray_operator_config.ray_cluster_monitoring_config addons_config.stateful_ha_config
      anonymous_authentication_config authenticator_groups_config cluster_autoscaling
      cluster_autoscaling.auto_provisioning_defaults cluster_autoscaling.auto_provisioning_defaults.management
      cluster_autoscaling.auto_provisioning_defaults.upgrade_settings
      cluster_autoscaling.auto_provisioning_defaults.upgrade_settings.blue_green_settings
      cluster_autoscaling.auto_provisioning_defaults.upgrade_settings.blue_green_settings.standard_rollout_policy
      confidential_nodes control_plane_endpoints_config control_plane_endpoints_config.dns_endpoint_config
      control_plane_endpoints_config.ip_endpoints_config cost_management_config database_encryption
      default_snat_status enterprise_config gateway_api_config gke_auto_upgrade_config identity_service_config
      ip_allocation_policy ip_allocation_policy.pod_cidr_overprovision_config logging_config master_auth
      master_authorized_networks_config mesh_certificates monitoring_config
      monitoring_config.advanced_datapath_observability_config monitoring_config.managed_prometheus
      monitoring_config.managed_prometheus.auto_monitoring_config node_config node_config.boot_disk
      node_config.confidential_nodes node_config.gcfs_config node_config.guest_accelerator
      node_config.guest_accelerator.gpu_driver_installation_config node_config.kubelet_config
      node_config.linux_node_config node_config.shielded_instance_config node_config.windows_node_config
      node_config.workload_metadata_config node_pool node_pool_auto_config
      node_pool_auto_config.node_kubelet_config node_pool_defaults
      node_pool_defaults.node_config_defaults.gcfs_config notification_config pod_autoscaling
      private_cluster_config private_cluster_config.master_global_access_config rbac_binding_config
      release_channel security_posture_config service_external_ips_config vertical_pod_autoscaling
      workload_identity_config
    `),
  },
  google_container_node_pool: {
    replace: paths(`
      cluster initial_node_count location max_pods_per_node name name_prefix
      network_config.additional_node_network_configs network_config.additional_node_network_configs.network
      network_config.additional_node_network_configs.subnetwork network_config.additional_pod_network_configs
      network_config.additional_pod_network_configs.max_pods_per_node
      network_config.additional_pod_network_configs.secondary_pod_range
      network_config.additional_pod_network_configs.subnetwork network_config.create_pod_range
      network_config.pod_cidr_overprovision_config network_config.pod_ipv4_cidr_block network_config.pod_range
      node_config node_config.advanced_machine_features
      node_config.advanced_machine_features.enable_nested_virtualization
      node_config.advanced_machine_features.threads_per_core node_config.boot_disk_kms_key
      node_config.confidential_nodes.confidential_instance_type node_config.enable_confidential_storage
      node_config.ephemeral_storage_local_ssd_config
      node_config.ephemeral_storage_local_ssd_config.data_cache_count
      node_config.ephemeral_storage_local_ssd_config.local_ssd_count node_config.flex_start
      node_config.guest_accelerator node_config.guest_accelerator.count
      node_config.guest_accelerator.gpu_driver_installation_config
      node_config.guest_accelerator.gpu_driver_installation_config.gpu_driver_version
      node_config.guest_accelerator.gpu_partition_size node_config.guest_accelerator.gpu_sharing_config
      node_config.guest_accelerator.gpu_sharing_config.gpu_sharing_strategy
      node_config.guest_accelerator.gpu_sharing_config.max_shared_clients_per_gpu
      node_config.guest_accelerator.type node_config.host_maintenance_policy
      node_config.host_maintenance_policy.maintenance_interval node_config.local_nvme_ssd_block_config
      node_config.local_nvme_ssd_block_config.local_ssd_count node_config.local_ssd_count
      node_config.local_ssd_encryption_mode node_config.max_run_duration node_config.metadata
      node_config.min_cpu_platform node_config.node_group node_config.oauth_scopes node_config.preemptible
      node_config.reservation_affinity node_config.reservation_affinity.consume_reservation_type
      node_config.reservation_affinity.key node_config.reservation_affinity.values
      node_config.secondary_boot_disks node_config.secondary_boot_disks.disk_image
      node_config.secondary_boot_disks.mode node_config.service_account node_config.shielded_instance_config
      node_config.shielded_instance_config.enable_integrity_monitoring
      node_config.shielded_instance_config.enable_secure_boot node_config.sole_tenant_config
      node_config.sole_tenant_config.node_affinity node_config.sole_tenant_config.node_affinity.key
      node_config.sole_tenant_config.node_affinity.operator node_config.sole_tenant_config.node_affinity.values
      node_config.spot placement_policy placement_policy.policy_name project queued_provisioning
      queued_provisioning.enabled
    `),
    defaults: {
      'management.auto_repair': true,
      'management.auto_upgrade': true,
      'node_config.preemptible': false,
      'node_config.shielded_instance_config.enable_integrity_monitoring': true,
      'node_config.shielded_instance_config.enable_secure_boot': false,
      'node_config.spot': false,
      'node_config.windows_node_config.osversion': 'OS_VERSION_UNSPECIFIED',
      'upgrade_settings.strategy': 'SURGE',
    },
    optionalComputed: paths(`
      management network_config network_config.pod_cidr_overprovision_config node_config node_config.boot_disk
      node_config.confidential_nodes node_config.gcfs_config node_config.guest_accelerator
      node_config.guest_accelerator.gpu_driver_installation_config node_config.kubelet_config
      node_config.linux_node_config node_config.shielded_instance_config node_config.windows_node_config
      node_config.workload_metadata_config upgrade_settings upgrade_settings.blue_green_settings
    `),
  },
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
  },
  google_secret_manager_secret_iam_member: {
    replace: paths(`
      condition condition.description condition.expression condition.title member project role secret_id
    `),
  },
};
