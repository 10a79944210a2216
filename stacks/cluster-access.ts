import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import { configureKubernetesProviders, GkeCluster, type IGkeCluster, kubeContextProviders } from '@plinth/constructs';
import type { EnvironmentStack } from './environment-stack.ts';

/** Name of an environment's cluster; also found by it in the layers above. */
export const clusterName = (environment: string): string => `plinth-${environment}`;

/** Where the control plane is: the one zone, or the region. */
export function clusterLocation({ google }: EnvironmentStack['environment']): string {
  if (!google) throw new Error('only an environment of kind gke has a cluster of ours');
  return google.layout === 'zonal' ? (google.zones[0] ?? google.region) : google.region;
}

/** The providers of a layer above the foundation. The cluster is looked up, so that each layer has a state of its own. */
export function accessCluster(stack: EnvironmentStack): IGkeCluster | undefined {
  const { environment } = stack;
  const { google, kubeContext, name } = environment;
  if (google) {
    new GoogleProvider(stack, 'google', { project: google.project, region: google.region });
    const cluster = GkeCluster.fromLookup(stack, 'cluster', {
      clusterName: clusterName(name),
      project: google.project,
      location: clusterLocation(environment),
    });
    configureKubernetesProviders(stack, cluster);
    return cluster;
  }
  kubeContextProviders(stack, kubeContext ?? '');
  return undefined;
}
