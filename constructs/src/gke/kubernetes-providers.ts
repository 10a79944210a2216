import { HelmProvider } from '@cdktf/provider-helm/lib/provider/index.js';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider/index.js';
import type { Construct } from 'constructs';
import { length } from '../validation.ts';
import type { IGkeCluster } from './gke-cluster.ts';

export interface KubernetesProviders {
  readonly kubernetes: KubernetesProvider;
  readonly helm: HelmProvider;
}

/**
 * Makes a fresh, short-lived credential at each run, from whoever runs Terraform. A token in the configuration would be
 * written to state and plan, and be out of date when the plan is applied.
 */
const EXEC = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin' };

/**
 * The providers of a stack whose resources live in a GKE cluster. No CA: the DNS endpoint's certificate is public. Call
 * it in another stack than the one that makes the cluster: a provider cannot be configured from what its own plan makes.
 */
export function configureKubernetesProviders(scope: Construct, cluster: IGkeCluster): KubernetesProviders {
  const host = cluster.kubernetesHost;
  return {
    kubernetes: new KubernetesProvider(scope, 'kubernetes', { host, exec: [EXEC] }),
    helm: new HelmProvider(scope, 'helm', { kubernetes: { host, exec: EXEC } }),
  };
}

/**
 * The providers of a stack for any cluster that kubectl knows.
 * @param context name of the kubeconfig's context
 * @param configPath the kubeconfig @default '~/.kube/config'
 */
export function kubeContextProviders(
  scope: Construct,
  context: string,
  configPath: string = '~/.kube/config',
): KubernetesProviders {
  length(scope, 'kubeContext', context, { min: 1 });
  return {
    kubernetes: new KubernetesProvider(scope, 'kubernetes', { configPath, configContext: context }),
    helm: new HelmProvider(scope, 'helm', { kubernetes: { configPath, configContext: context } }),
  };
}
