import type { ResourceBehaviour } from '../provider.ts';

/** What provider kubernetes 2.38.0 does with these types beyond their schema; see google.ts for the terms. */
type Defaults = NonNullable<ResourceBehaviour['defaults']>;

const paths = (list: string): string[] => list.trim().split(/\s+/);
const below = (prefix: string, defaults: Defaults): Defaults =>
  Object.fromEntries(Object.entries(defaults).map(([path, value]) => [`${prefix}.${path}`, value]));

const CONTAINER: Defaults = {
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
};

const POD: Defaults = {
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
  ...below('container', CONTAINER),
  ...below('init_container', CONTAINER),
};

const POD_BLOCKS = paths('container.resources init_container.resources image_pull_secrets readiness_gate');
const TEMPLATE = 'spec.template.spec';
const templateBlocks = POD_BLOCKS.map((path) => `${TEMPLATE}.${path}`);

export const KUBERNETES: Record<string, ResourceBehaviour> = {
  kubernetes_namespace_v1: {
    replace: paths(`
      metadata.generate_name metadata.name
    `),
    defaults: {
      wait_for_default_service_account: false,
    },
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
  kubernetes_deployment_v1: {
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
      ...below(TEMPLATE, POD),
    },
    optionalComputed: [...paths(`spec.strategy spec.strategy.rolling_update`), ...templateBlocks],
  },
  kubernetes_stateful_set_v1: {
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
      ...below(TEMPLATE, POD),
    },
    optionalComputed: [...paths(`spec.persistent_volume_claim_retention_policy`), ...templateBlocks],
  },
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
    optionalComputed: [...paths(`spec.session_affinity_config spec.session_affinity_config.client_ip`)],
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
    optionalComputed: [...paths(`spec.behavior spec.behavior.scale_down spec.behavior.scale_up spec.metric`)],
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
    optionalComputed: [...paths(`rule`)],
  },
  kubernetes_cluster_role_binding_v1: {
    replace: paths(`
      metadata.generate_name metadata.name role_ref role_ref.api_group role_ref.kind role_ref.name
    `),
    defaults: {
      'subject.namespace': 'default',
    },
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
  kubernetes_job_v1: {
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
      ...below(TEMPLATE, { ...POD, restart_policy: 'Never' }),
    },
    optionalComputed: [...paths(`spec.selector`), ...templateBlocks],
  },
  kubernetes_secret_v1: {
    replace: paths(`
      metadata.generate_name metadata.name metadata.namespace type
    `),
    defaults: {
      'metadata.namespace': 'default',
      type: 'Opaque',
      wait_for_service_account_token: true,
    },
  },
  kubernetes_manifest: {},
};
