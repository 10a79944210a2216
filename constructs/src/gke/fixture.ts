import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import type { TerraformStack } from 'cdktf';
import { type Synthesized, synthStack } from '../testing/index.ts';
import { GkeCluster, type GkeClusterProps } from './gke-cluster.ts';
import { KmsKey } from './kms-key.ts';
import { Network, type NetworkProps } from './network.ts';

/** For tests: names that no project has. */
export const PROJECT = 'example-project';
export const REGION = 'europe-west1';
export const ZONES = ['europe-west1-b', 'europe-west1-c', 'europe-west1-d'];

export const NETWORK: NetworkProps = {
  name: 'prod',
  region: REGION,
  project: PROJECT,
  nodesCidr: '10.0.0.0/22',
  podsCidr: '10.4.0.0/14',
  servicesCidr: '10.8.0.0/20',
  controlPlaneCidr: '172.16.0.0/28',
};

/** A stack with the google provider, as every stack of these constructs has. */
export const synthGoogle = (build: (stack: TerraformStack) => void): Synthesized =>
  synthStack((stack) => {
    new GoogleProvider(stack, 'google', { project: PROJECT, region: REGION });
    build(stack);
  }, 'prod');

/** A cluster with the network and key that it needs. */
export function aCluster(stack: TerraformStack, props: Partial<GkeClusterProps> = {}): GkeCluster {
  return new GkeCluster(stack, 'cluster', {
    name: 'prod',
    project: PROJECT,
    location: REGION,
    zones: ZONES,
    network: new Network(stack, 'network', NETWORK),
    secretsKey: KmsKey.fromName(stack, 'key', { name: 'gke', keyRing: 'plinth-prod', location: REGION }),
    ...props,
  });
}

/** The synthesized stack of a cluster, for tests of one of its properties. */
export const synthCluster = (props: Partial<GkeClusterProps> = {}, then: (cluster: GkeCluster) => void = () => {}) =>
  synthGoogle((stack) => then(aCluster(stack, props)));
