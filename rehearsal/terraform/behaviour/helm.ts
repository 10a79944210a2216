import type { ResourceBehaviour } from '../provider.ts';

/** What provider helm 3.1.1 does beyond its schema; see google.ts for the terms. */
export const HELM: Record<string, ResourceBehaviour> = {
  helm_release: {
    replace: ['name', 'namespace'],
    defaults: {
      atomic: false,
      cleanup_on_fail: false,
      create_namespace: false,
      dependency_update: false,
      disable_crd_hooks: false,
      disable_openapi_validation: false,
      disable_webhooks: false,
      force_update: false,
      lint: false,
      max_history: 0,
      namespace: 'default',
      pass_credentials: false,
      recreate_pods: false,
      render_subchart_notes: true,
      replace: false,
      reset_values: false,
      reuse_values: false,
      skip_crds: false,
      take_ownership: false,
      timeout: 300,
      verify: false,
      wait: true,
      wait_for_jobs: false,
    },
  },
};
