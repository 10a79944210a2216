import { synthStack } from '../testing/index.ts';
import { PROJECT, REGION, synthGoogle } from './fixture.ts';
import { GkeCluster } from './gke-cluster.ts';
import { configureKubernetesProviders, kubeContextProviders } from './kubernetes-providers.ts';

const exec = { api_version: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin' };

const gke = () =>
  synthGoogle((stack) => {
    const cluster = GkeCluster.fromLookup(stack, 'cluster', {
      clusterName: 'prod',
      project: PROJECT,
      location: REGION,
    });
    configureKubernetesProviders(stack, cluster);
  });

const host = expect.stringMatching(
  /^https:\/\/\$\{data\.google_container_cluster\.\w+\.control_plane_endpoints_config\[0\]\.dns_endpoint_config\[0\]\.endpoint\}$/,
);

test('both providers reach the DNS endpoint with a credential made at each run, and nothing else', () => {
  const { kubernetes, helm } = gke().provider ?? {};
  expect(kubernetes).toEqual([{ host, exec: [exec] }]);
  expect(helm).toEqual([{ kubernetes: { host, exec } }]);
});

test('any other cluster is reached as kubectl reaches it', () => {
  const { provider } = synthStack((stack) => void kubeContextProviders(stack, 'kind-local'));
  const config = { config_path: '~/.kube/config', config_context: 'kind-local' };
  expect(provider).toEqual({ kubernetes: [config], helm: [{ kubernetes: config }] });
});

test('a context without a name is refused', () => {
  expect(() => synthStack((stack) => void kubeContextProviders(stack, ''))).toThrow(
    new Error('test: kubeContext must have at least 1 characters, got 0'),
  );
});
