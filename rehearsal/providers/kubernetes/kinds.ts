/** Typed resources that are simulated: the object behind each, and whether it lives in a namespace. */
export interface Kind {
  apiVersion: string;
  kind: string;
  namespaced: boolean;
  /** Waits until the object does what it is for, as the real provider does by default. */
  wait?: 'rollout' | 'job' | 'load-balancer';
}

export const KINDS: Record<string, Kind> = {
  kubernetes_namespace_v1: { apiVersion: 'v1', kind: 'Namespace', namespaced: false },
  kubernetes_service_account_v1: { apiVersion: 'v1', kind: 'ServiceAccount', namespaced: true },
  kubernetes_config_map_v1: { apiVersion: 'v1', kind: 'ConfigMap', namespaced: true },
  kubernetes_secret_v1: { apiVersion: 'v1', kind: 'Secret', namespaced: true },
  kubernetes_service_v1: { apiVersion: 'v1', kind: 'Service', namespaced: true, wait: 'load-balancer' },
  kubernetes_limit_range_v1: { apiVersion: 'v1', kind: 'LimitRange', namespaced: true },
  kubernetes_resource_quota_v1: { apiVersion: 'v1', kind: 'ResourceQuota', namespaced: true },
  kubernetes_deployment_v1: { apiVersion: 'apps/v1', kind: 'Deployment', namespaced: true, wait: 'rollout' },
  kubernetes_stateful_set_v1: { apiVersion: 'apps/v1', kind: 'StatefulSet', namespaced: true, wait: 'rollout' },
  kubernetes_job_v1: { apiVersion: 'batch/v1', kind: 'Job', namespaced: true, wait: 'job' },
  kubernetes_pod_disruption_budget_v1: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespaced: true },
  kubernetes_horizontal_pod_autoscaler_v2: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    namespaced: true,
  },
  kubernetes_network_policy_v1: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespaced: true },
  kubernetes_role_v1: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', namespaced: true },
  kubernetes_role_binding_v1: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespaced: true },
  kubernetes_cluster_role_v1: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', namespaced: false },
  kubernetes_cluster_role_binding_v1: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    namespaced: false,
  },
  kubernetes_storage_class_v1: { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', namespaced: false },
};
