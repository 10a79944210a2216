import type { ResourceBehaviour } from '../provider.ts';
import { below, joined, paths } from './tables.ts';

/** Clusters and node pools; see google.ts for the terms. A cluster's own `node_config` and `node_pool` behave as those of a pool. */
const NODE_CONFIG: ResourceBehaviour = {
  replace: paths(`
    advanced_machine_features advanced_machine_features.enable_nested_virtualization
    advanced_machine_features.threads_per_core boot_disk_kms_key confidential_nodes.confidential_instance_type
    enable_confidential_storage ephemeral_storage_local_ssd_config ephemeral_storage_local_ssd_config.data_cache_count
    ephemeral_storage_local_ssd_config.local_ssd_count flex_start guest_accelerator guest_accelerator.count
    guest_accelerator.gpu_driver_installation_config
    guest_accelerator.gpu_driver_installation_config.gpu_driver_version guest_accelerator.gpu_partition_size
    guest_accelerator.gpu_sharing_config guest_accelerator.gpu_sharing_config.gpu_sharing_strategy
    guest_accelerator.gpu_sharing_config.max_shared_clients_per_gpu guest_accelerator.type host_maintenance_policy
    host_maintenance_policy.maintenance_interval local_nvme_ssd_block_config
    local_nvme_ssd_block_config.local_ssd_count local_ssd_count local_ssd_encryption_mode max_run_duration metadata
    min_cpu_platform node_group oauth_scopes preemptible reservation_affinity
    reservation_affinity.consume_reservation_type reservation_affinity.key reservation_affinity.values
    secondary_boot_disks secondary_boot_disks.disk_image secondary_boot_disks.mode service_account
    shielded_instance_config shielded_instance_config.enable_integrity_monitoring
    shielded_instance_config.enable_secure_boot sole_tenant_config sole_tenant_config.node_affinity
    sole_tenant_config.node_affinity.key sole_tenant_config.node_affinity.operator
    sole_tenant_config.node_affinity.values spot
  `),
  defaults: {
    preemptible: false,
    'shielded_instance_config.enable_integrity_monitoring': true,
    'shielded_instance_config.enable_secure_boot': false,
    spot: false,
    'windows_node_config.osversion': 'OS_VERSION_UNSPECIFIED',
  },
  optionalComputed: paths(`
    boot_disk confidential_nodes gcfs_config guest_accelerator guest_accelerator.gpu_driver_installation_config
    kubelet_config linux_node_config shielded_instance_config windows_node_config workload_metadata_config
  `),
};

const NODE_POOL: ResourceBehaviour = joined(
  {
    replace: paths(`
      initial_node_count max_pods_per_node name name_prefix network_config.additional_node_network_configs
      network_config.additional_node_network_configs.network network_config.additional_node_network_configs.subnetwork
      network_config.additional_pod_network_configs network_config.additional_pod_network_configs.max_pods_per_node
      network_config.additional_pod_network_configs.secondary_pod_range
      network_config.additional_pod_network_configs.subnetwork network_config.create_pod_range
      network_config.pod_cidr_overprovision_config network_config.pod_ipv4_cidr_block network_config.pod_range
      node_config placement_policy placement_policy.policy_name queued_provisioning queued_provisioning.enabled
    `),
    defaults: {
      'management.auto_repair': true,
      'management.auto_upgrade': true,
      'upgrade_settings.strategy': 'SURGE',
    },
    optionalComputed: paths(`
      management network_config network_config.pod_cidr_overprovision_config node_config upgrade_settings
      upgrade_settings.blue_green_settings
    `),
  },
  below('node_config', NODE_CONFIG),
);

export const NODE_POOL_RESOURCE: ResourceBehaviour = joined({ replace: paths('cluster location project') }, NODE_POOL);

const SECONDARY_RANGES = [
  'ip_allocation_policy.cluster_secondary_range_name',
  'ip_allocation_policy.services_secondary_range_name',
];

export const CLUSTER: ResourceBehaviour = joined(
  {
    replace: paths(`
      cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key cluster_ipv4_cidr confidential_nodes
      confidential_nodes.confidential_instance_type confidential_nodes.enabled datapath_provider
      default_max_pods_per_node description enable_autopilot enable_kubernetes_alpha enable_tpu initial_node_count
      ip_allocation_policy ip_allocation_policy.cluster_ipv4_cidr_block
      ip_allocation_policy.cluster_secondary_range_name ip_allocation_policy.pod_cidr_overprovision_config
      ip_allocation_policy.services_ipv4_cidr_block ip_allocation_policy.services_secondary_range_name location
      master_auth.client_certificate_config master_auth.client_certificate_config.issue_client_certificate name
      network networking_mode node_config node_pool private_cluster_config.enable_private_nodes
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
      'resource_usage_export_config.enable_network_egress_metering': false,
      'resource_usage_export_config.enable_resource_consumption_metering': true,
    },
    optionalComputed: paths(`
      addons_config addons_config.cloudrun_config addons_config.config_connector_config addons_config.dns_cache_config
      addons_config.gce_persistent_disk_csi_driver_config addons_config.gcp_filestore_csi_driver_config
      addons_config.gcs_fuse_csi_driver_config addons_config.gke_backup_agent_config
      addons_config.horizontal_pod_autoscaling addons_config.http_load_balancing
      addons_config.lustre_csi_driver_config addons_config.network_policy_config
      addons_config.parallelstore_csi_driver_config addons_config.ray_operator_config
      addons_config.ray_operator_config.ray_cluster_logging_config
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
      monitoring_config.managed_prometheus.auto_monitoring_config node_config node_pool node_pool_auto_config
      node_pool_auto_config.node_kubelet_config node_pool_defaults node_pool_defaults.node_config_defaults.gcfs_config
      notification_config pod_autoscaling private_cluster_config private_cluster_config.master_global_access_config
      rbac_binding_config release_channel security_posture_config service_external_ips_config vertical_pod_autoscaling
      workload_identity_config
    `),
    conflicts: {
      enable_autopilot: paths(`
        addons_config.dns_cache_config addons_config.network_policy_config addons_config.stateful_ha_config
        binary_authorization.enabled cluster_autoscaling.enabled cluster_autoscaling.resource_limits
        default_max_pods_per_node enable_intranode_visibility enable_shielded_nodes network_policy node_pool
        remove_default_node_pool
      `),
      'binary_authorization.enabled': ['binary_authorization.evaluation_mode'],
      cluster_ipv4_cidr: ['ip_allocation_policy'],
      'ip_allocation_policy.cluster_ipv4_cidr_block': SECONDARY_RANGES,
      'ip_allocation_policy.services_ipv4_cidr_block': SECONDARY_RANGES,
    },
    exactlyOne: [
      paths(`
        cluster_autoscaling.auto_provisioning_defaults.upgrade_settings.blue_green_settings.standard_rollout_policy.batch_node_count
        cluster_autoscaling.auto_provisioning_defaults.upgrade_settings.blue_green_settings.standard_rollout_policy.batch_percentage
      `),
      paths('maintenance_policy.daily_maintenance_window maintenance_policy.recurring_window'),
    ],
    atLeastOne: [
      paths(`
        addons_config.cloudrun_config addons_config.config_connector_config addons_config.dns_cache_config
        addons_config.gce_persistent_disk_csi_driver_config addons_config.gcp_filestore_csi_driver_config
        addons_config.gcs_fuse_csi_driver_config addons_config.gke_backup_agent_config
        addons_config.horizontal_pod_autoscaling addons_config.http_load_balancing addons_config.lustre_csi_driver_config
        addons_config.network_policy_config addons_config.parallelstore_csi_driver_config
        addons_config.ray_operator_config addons_config.stateful_ha_config
      `),
      paths(`
        cluster_autoscaling.auto_provisioning_defaults.shielded_instance_config.enable_integrity_monitoring
        cluster_autoscaling.auto_provisioning_defaults.shielded_instance_config.enable_secure_boot
      `),
      paths(`
        private_cluster_config.enable_private_endpoint private_cluster_config.enable_private_nodes
        private_cluster_config.master_global_access_config private_cluster_config.master_ipv4_cidr_block
        private_cluster_config.private_endpoint_subnetwork
      `),
    ],
  },
  below('node_config', NODE_CONFIG),
  below('node_pool', NODE_POOL),
);
