import type { ResourceBehaviour } from '../provider.ts';
import { below, joined, paths } from './tables.ts';

/** What provider kubernetes 2.38.0 does with these types beyond their schema; see google.ts for the terms. */
const CONTAINER: ResourceBehaviour = {
  defaults: {
    'env.value_from.field_ref.api_version': 'v1',
    'env.value_from.resource_field_ref.divisor': '1',
    'lifecycle.post_start.http_get.scheme': 'HTTP',
    'lifecycle.pre_stop.http_get.scheme': 'HTTP',
    'liveness_probe.failure_threshold': 3,
    'liveness_probe.http_get.scheme': 'HTTP',
    'liveness_probe.period_seconds': 10,
    'liveness_probe.success_threshold': 1,
    'liveness_probe.timeout_seconds': 1,
    'port.protocol': 'TCP',
    'readiness_probe.failure_threshold': 3,
    'readiness_probe.http_get.scheme': 'HTTP',
    'readiness_probe.period_seconds': 10,
    'readiness_probe.success_threshold': 1,
    'readiness_probe.timeout_seconds': 1,
    'security_context.allow_privilege_escalation': true,
    'security_context.privileged': false,
    'security_context.read_only_root_filesystem': false,
    'security_context.seccomp_profile.localhost_profile': '',
    'security_context.seccomp_profile.type': 'Unconfined',
    'startup_probe.failure_threshold': 3,
    'startup_probe.http_get.scheme': 'HTTP',
    'startup_probe.period_seconds': 10,
    'startup_probe.success_threshold': 1,
    'startup_probe.timeout_seconds': 1,
    stdin: false,
    stdin_once: false,
    termination_message_path: '/dev/termination-log',
    tty: false,
    'volume_mount.mount_propagation': 'None',
    'volume_mount.read_only': false,
  },
  optionalComputed: ['resources'],
};

/** A Job's pods cannot change, so that nearly everything of a container replaces it. */
const JOB_CONTAINER: ResourceBehaviour = {
  replace: paths(`
    args command env.name env.value env.value_from.config_map_key_ref.key env.value_from.config_map_key_ref.name
    env.value_from.config_map_key_ref.optional env.value_from.field_ref.api_version env.value_from.field_ref.field_path
    env.value_from.resource_field_ref.container_name env.value_from.resource_field_ref.resource
    env.value_from.secret_key_ref.key env.value_from.secret_key_ref.name env.value_from.secret_key_ref.optional
    env_from.config_map_ref.name env_from.config_map_ref.optional env_from.prefix env_from.secret_ref.name
    env_from.secret_ref.optional image image_pull_policy lifecycle.post_start lifecycle.pre_stop liveness_probe name
    port.container_port port.host_ip port.host_port port.name port.protocol readiness_probe resources resources.limits
    resources.requests security_context security_context.allow_privilege_escalation security_context.capabilities.add
    security_context.capabilities.drop security_context.privileged security_context.read_only_root_filesystem
    security_context.run_as_group security_context.run_as_non_root security_context.run_as_user
    security_context.se_linux_options.level security_context.se_linux_options.role security_context.se_linux_options.type
    security_context.se_linux_options.user security_context.seccomp_profile.localhost_profile
    security_context.seccomp_profile.type startup_probe stdin stdin_once termination_message_path
    termination_message_policy tty volume_device volume_mount working_dir
  `),
};

const POD: ResourceBehaviour = joined(
  {
    replace: paths(`
    affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields
    affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.key
    affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.operator
    affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.values
    affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields
    affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.key
    affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.operator
    affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.values
    volume.azure_file.secret_namespace volume.ephemeral.volume_claim_template.spec.access_modes
    volume.ephemeral.volume_claim_template.spec.resources.limits volume.ephemeral.volume_claim_template.spec.selector
    volume.ephemeral.volume_claim_template.spec.selector.match_expressions
    volume.ephemeral.volume_claim_template.spec.selector.match_expressions.key
    volume.ephemeral.volume_claim_template.spec.selector.match_expressions.operator
    volume.ephemeral.volume_claim_template.spec.selector.match_expressions.values
    volume.ephemeral.volume_claim_template.spec.selector.match_labels
    volume.ephemeral.volume_claim_template.spec.storage_class_name
    volume.ephemeral.volume_claim_template.spec.volume_mode volume.ephemeral.volume_claim_template.spec.volume_name
  `),
    defaults: {
      automount_service_account_token: true,
      dns_policy: 'ClusterFirst',
      enable_service_links: true,
      host_ipc: false,
      host_network: false,
      host_pid: false,
      restart_policy: 'Always',
      'security_context.seccomp_profile.localhost_profile': '',
      'security_context.seccomp_profile.type': 'Unconfined',
      'security_context.windows_options.host_process': false,
      share_process_namespace: false,
      termination_grace_period_seconds: 30,
      'toleration.operator': 'Equal',
      'topology_spread_constraint.max_skew': 1,
      'topology_spread_constraint.when_unsatisfiable': 'DoNotSchedule',
      'volume.config_map.default_mode': '0644',
      'volume.downward_api.default_mode': '0644',
      'volume.downward_api.items.field_ref.api_version': 'v1',
      'volume.downward_api.items.resource_field_ref.divisor': '1',
      'volume.empty_dir.medium': '',
      'volume.persistent_volume_claim.read_only': false,
      'volume.projected.default_mode': '0644',
      'volume.projected.sources.downward_api.items.field_ref.api_version': 'v1',
      'volume.projected.sources.downward_api.items.resource_field_ref.divisor': '1',
      'volume.projected.sources.service_account_token.expiration_seconds': 3600,
      'volume.secret.default_mode': '0644',
      'volume.azure_disk.read_only': false,
      'volume.iscsi.iscsi_interface': 'default',
      'volume.rbd.rados_user': 'admin',
      'volume.rbd.rbd_pool': 'rbd',
      'volume.rbd.read_only': false,
    },
    optionalComputed: paths('image_pull_secrets readiness_gate'),
  },
  below('container', CONTAINER),
  below('init_container', CONTAINER),
);

const JOB_POD: ResourceBehaviour = joined(
  {
    replace: paths(`
      affinity automount_service_account_token dns_config.nameservers dns_config.option.name dns_config.option.value
      dns_policy enable_service_links host_aliases host_aliases.hostnames host_aliases.ip host_ipc host_network host_pid
      hostname image_pull_secrets.name init_container node_name node_selector priority_class_name
      readiness_gate.condition_type restart_policy runtime_class_name scheduler_name security_context.fs_group
      security_context.fs_group_change_policy security_context.run_as_group security_context.run_as_non_root
      security_context.run_as_user security_context.se_linux_options.level security_context.se_linux_options.role
      security_context.se_linux_options.type security_context.se_linux_options.user
      security_context.seccomp_profile.localhost_profile security_context.seccomp_profile.type
      security_context.supplemental_groups security_context.sysctl.name security_context.sysctl.value
      service_account_name share_process_namespace subdomain termination_grace_period_seconds toleration.effect
      toleration.key toleration.operator toleration.toleration_seconds toleration.value
      topology_spread_constraint.match_label_keys topology_spread_constraint.min_domains
      topology_spread_constraint.node_affinity_policy topology_spread_constraint.node_taints_policy
      volume.empty_dir.medium volume.empty_dir.size_limit
    `),
    defaults: { restart_policy: 'Never' },
  },
  below('container', JOB_CONTAINER),
  below('init_container', JOB_CONTAINER),
);

const TEMPLATE = 'spec.template.spec';
/** The provider declares it for every kind, but for the others by a path that does not exist, so that it never holds. */
const ONE_NAME = { 'metadata.name': ['metadata.generate_name'] };

export const KUBERNETES: Record<string, ResourceBehaviour> = {
  kubernetes_namespace_v1: {
    replace: paths(`
      metadata.generate_name metadata.name
    `),
    defaults: {
      wait_for_default_service_account: false,
    },
    conflicts: ONE_NAME,
  },
  kubernetes_service_account_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace
    `),
    defaults: {
      automount_service_account_token: true,
      'metadata.namespace': 'default',
    },
  },
  kubernetes_deployment_v1: joined(
    {
      replace: paths(`
      metadata.generate_name metadata.name metadata.namespace spec.selector spec.selector.match_expressions
      spec.selector.match_expressions.key spec.selector.match_expressions.operator
      spec.selector.match_expressions.values spec.selector.match_labels spec.template.metadata.generate_name
      spec.template.metadata.name spec.template.metadata.namespace
    `),
      defaults: {
        'metadata.namespace': 'default',
        'spec.min_ready_seconds': 0,
        'spec.paused': false,
        'spec.progress_deadline_seconds': 600,
        'spec.revision_history_limit': 10,
        'spec.strategy.rolling_update.max_surge': '25%',
        'spec.strategy.rolling_update.max_unavailable': '25%',
        'spec.strategy.type': 'RollingUpdate',
        wait_for_rollout: true,
      },
      optionalComputed: paths(`spec.strategy spec.strategy.rolling_update`),
    },
    below(TEMPLATE, POD),
  ),

  kubernetes_stateful_set_v1: joined(
    {
      replace: paths(`
      metadata.generate_name metadata.name metadata.namespace spec.pod_management_policy
      spec.revision_history_limit spec.selector spec.selector.match_expressions
      spec.selector.match_expressions.key spec.selector.match_expressions.operator
      spec.selector.match_expressions.values spec.selector.match_labels spec.service_name
      spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace
      spec.volume_claim_template spec.volume_claim_template.metadata.generate_name
      spec.volume_claim_template.metadata.name spec.volume_claim_template.metadata.namespace
      spec.volume_claim_template.spec.access_modes spec.volume_claim_template.spec.resources.limits
      spec.volume_claim_template.spec.selector spec.volume_claim_template.spec.selector.match_expressions
      spec.volume_claim_template.spec.selector.match_expressions.key
      spec.volume_claim_template.spec.selector.match_expressions.operator
      spec.volume_claim_template.spec.selector.match_expressions.values
      spec.volume_claim_template.spec.selector.match_labels spec.volume_claim_template.spec.storage_class_name
      spec.volume_claim_template.spec.volume_mode spec.volume_claim_template.spec.volume_name
    `),
      defaults: {
        'metadata.namespace': 'default',
        'spec.min_ready_seconds': 0,
        'spec.persistent_volume_claim_retention_policy.when_deleted': 'Retain',
        'spec.persistent_volume_claim_retention_policy.when_scaled': 'Retain',
        'spec.update_strategy.rolling_update.partition': 0,
        'spec.update_strategy.type': 'RollingUpdate',
        'spec.volume_claim_template.metadata.namespace': 'default',
        wait_for_rollout: true,
      },
      optionalComputed: paths(`spec.persistent_volume_claim_retention_policy`),
    },
    below(TEMPLATE, POD),
  ),

  kubernetes_service_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace spec.cluster_ip spec.cluster_ips
      spec.health_check_node_port spec.load_balancer_class
    `),
    defaults: {
      'metadata.namespace': 'default',
      'spec.allocate_load_balancer_node_ports': true,
      'spec.port.protocol': 'TCP',
      'spec.publish_not_ready_addresses': false,
      'spec.session_affinity': 'None',
      'spec.type': 'ClusterIP',
      wait_for_load_balancer: true,
    },
    optionalComputed: paths(`spec.session_affinity_config spec.session_affinity_config.client_ip`),
  },
  kubernetes_config_map_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace
    `),
    defaults: {
      'metadata.namespace': 'default',
    },
  },
  kubernetes_pod_disruption_budget_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace spec spec.max_unavailable spec.min_available
      spec.selector spec.selector.match_expressions spec.selector.match_expressions.key
      spec.selector.match_expressions.operator spec.selector.match_expressions.values spec.selector.match_labels
    `),
    defaults: {
      'metadata.namespace': 'default',
    },
  },
  kubernetes_horizontal_pod_autoscaler_v2: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace
    `),
    defaults: {
      'metadata.namespace': 'default',
      'spec.min_replicas': 1,
    },
    optionalComputed: paths(`spec.behavior spec.behavior.scale_down spec.behavior.scale_up spec.metric`),
  },
  kubernetes_network_policy_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace
    `),
    defaults: {
      'metadata.namespace': 'default',
      'spec.egress.ports.protocol': 'TCP',
      'spec.ingress.ports.protocol': 'TCP',
    },
  },
  kubernetes_role_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace
    `),
    defaults: {
      'metadata.namespace': 'default',
    },
  },
  kubernetes_role_binding_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace role_ref role_ref.api_group role_ref.kind
      role_ref.name
    `),
    defaults: {
      'metadata.namespace': 'default',
      'subject.namespace': 'default',
    },
  },
  kubernetes_cluster_role_v1: {
    replace: paths(`
      metadata.generate_name metadata.name
    `),
    optionalComputed: paths(`rule`),
    conflicts: ONE_NAME,
  },
  kubernetes_cluster_role_binding_v1: {
    replace: paths(`
      metadata.generate_name metadata.name role_ref role_ref.api_group role_ref.kind role_ref.name
    `),
    defaults: {
      'subject.namespace': 'default',
    },
    conflicts: ONE_NAME,
  },
  kubernetes_storage_class_v1: {
    replace: paths(`
      allowed_topologies metadata.generate_name metadata.name mount_options parameters storage_provisioner
      volume_binding_mode
    `),
    defaults: {
      allow_volume_expansion: true,
      reclaim_policy: 'Delete',
      volume_binding_mode: 'Immediate',
    },
    conflicts: ONE_NAME,
  },
  kubernetes_limit_range_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace
    `),
    defaults: {
      'metadata.namespace': 'default',
    },
  },
  kubernetes_resource_quota_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace spec.scopes
    `),
    defaults: {
      'metadata.namespace': 'default',
    },
  },
  kubernetes_job_v1: joined(
    {
      replace: paths(`
      metadata.generate_name metadata.name metadata.namespace spec.backoff_limit_per_index spec.completion_mode
      spec.completions spec.pod_failure_policy spec.selector spec.selector.match_expressions
      spec.selector.match_expressions.key spec.selector.match_expressions.operator
      spec.selector.match_expressions.values spec.selector.match_labels spec.template
      spec.template.metadata.generate_name spec.template.metadata.name spec.template.spec
    `),
      defaults: {
        'metadata.namespace': 'default',
        'spec.backoff_limit': 6,
        'spec.completions': 1,
        'spec.parallelism': 1,
        'spec.pod_failure_policy.rule.on_pod_condition.status': 'True',
        wait_for_completion: true,
      },
      optionalComputed: paths(`spec.selector`),
      conflicts: {
        'spec.template.metadata.name': ['metadata.generate_name'],
        'spec.template.metadata.generate_name': ['metadata.name'],
      },
    },
    below(TEMPLATE, POD),
    below(TEMPLATE, JOB_POD),
  ),

  kubernetes_secret_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace type
    `),
    defaults: {
      'metadata.namespace': 'default',
      type: 'Opaque',
      wait_for_service_account_token: true,
    },
    conflicts: { binary_data_wo: ['binary_data'], data_wo: ['data'] },
    requires: { binary_data_wo_revision: ['binary_data_wo'], data_wo_revision: ['data_wo'] },
  },
  kubernetes_manifest: {},
};
