import { TerraformVariable } from 'cdktf';
import { parse } from 'yaml';
import { resource, resources } from '../testing/synth.ts';
import type { ChartSpec } from './charts.ts';
import { synthOnCluster } from './fixture.ts';
import type { Footprint } from './footprint.ts';
import { HelmInstall, type HelmInstallProps } from './helm-install.ts';

const empty: Footprint = {
  evidence: 'declared',
  workloads: [],
  services: [],
  crds: ['a.example.com'],
  webhookPorts: [],
};
const own: ChartSpec = {
  name: 'thing',
  repository: 'https://charts.example.com',
  version: '2.0.1',
  appVersion: '2.0',
  kubernetes: '>=1.30 <1.36',
  source: 'https://example.com/thing',
  evidence: 'declared',
  registries: ['registry.example.com'],
  crds: 'folder',
};

const synth = (props: Partial<HelmInstallProps> = {}) =>
  synthOnCluster((stack) => {
    new HelmInstall(stack, 'thing', { chart: own, namespace: 'things', footprint: empty, ...props });
  });
const release = (props: Partial<HelmInstallProps> = {}) => resource(synth(props), 'helm_release');

test('a release is installed as a whole, waited for, and taken back when it fails', () => {
  expect(release()).toEqual({
    name: 'thing',
    chart: 'thing',
    repository: 'https://charts.example.com',
    version: '2.0.1',
    namespace: 'things',
    create_namespace: false,
    atomic: true,
    cleanup_on_fail: true,
    wait: true,
    wait_for_jobs: true,
    timeout: 600,
    max_history: 5,
    skip_crds: false,
    values: ['{}\n'],
  });
});

test('a chart of the pinned list is installed by its key', () => {
  expect(release({ chart: 'istiod' })).toMatchObject({
    name: 'istiod',
    chart: 'istiod',
    repository: 'https://istio-release.storage.googleapis.com/charts',
    version: '1.30.3',
  });
});

test("the user's values lie over ours", () => {
  const [yaml] = release({
    defaults: { replicas: 1, resources: { limits: { cpu: '1', memory: '1Gi' } }, list: [1, 2] },
    values: { resources: { limits: { cpu: null } }, list: [3], extra: true },
  }).values;
  expect(parse(yaml)).toEqual({ replicas: 1, resources: { limits: { memory: '1Gi' } }, list: [3], extra: true });
});

test('the footprint of the values that Helm gets is carried beside the release', () => {
  const json = synth({
    defaults: { replicas: 1 },
    values: { replicas: 4 },
    footprint: (values) => ({ ...empty, webhookPorts: [values.replicas as number] }),
  });
  const [block] = Object.values(json.resource!.helm_release!);
  expect(block!['//'].plinth).toEqual({ footprint: { ...empty, webhookPorts: [4] } });
  expect(block!['//'].metadata.path).toBe('prod/thing/Release');
});

test("CRDs of the chart's folder are neither installed nor counted when skipped", () => {
  const json = synth({ skipCrds: true });
  expect(resource(json, 'helm_release').skip_crds).toBe(true);
  expect(Object.values(json.resource!.helm_release!)[0]!['//'].plinth.footprint.crds).toEqual([]);
});

test('an install can wait for another', () => {
  const json = synthOnCluster((stack) => {
    const first = new HelmInstall(stack, 'first', { chart: own, namespace: 'things', footprint: empty });
    new HelmInstall(stack, 'second', { chart: own, namespace: 'things', footprint: empty, dependsOn: [first] });
  });
  const [first, second] = Object.keys(json.resource!.helm_release!);
  expect(second).toMatch(/^second/);
  expect(resources(json, 'helm_release')[1]!.depends_on).toEqual([`helm_release.${first}`]);
});

test('a reference to another resource goes through the values as a string', () => {
  const json = synthOnCluster((stack) => {
    const email = new TerraformVariable(stack, 'email', {}).stringValue;
    new HelmInstall(stack, 'thing', { chart: own, namespace: 'things', footprint: empty, values: { email } });
  });
  expect(resource(json, 'helm_release').values).toEqual(['email: "${var.email}"\n']);
});

test('a number that Terraform resolves is refused, since YAML is written before', () => {
  expect(() =>
    synthOnCluster((stack) => {
      const count = new TerraformVariable(stack, 'count', {}).numberValue;
      new HelmInstall(stack, 'thing', {
        chart: own,
        namespace: 'things',
        footprint: empty,
        values: { web: { replicas: count } },
      });
    }),
  ).toThrow('prod/thing: values.web.replicas must be known at synthesis, or be a string');
});

test('a chart is refused on a Kubernetes version outside its range', () => {
  expect(release({ kubernetesVersion: '1.35.2-gke.100' }).name).toBe('thing');
  expect(() => release({ kubernetesVersion: '1.29.6' })).toThrow(
    'prod/thing: kubernetesVersion must be >=1.30 <1.36 for thing 2.0.1, got "1.29.6"',
  );
  expect(() => release({ chart: 'istiod', kubernetesVersion: '1.37' })).toThrow(
    'prod/thing: kubernetesVersion must be >=1.32 <1.37 for istiod 1.30.3, got "1.37"',
  );
});

test('a container without requests is refused', () => {
  const footprint = (requests: { cpu?: string; memory?: string }): Footprint => ({
    ...empty,
    workloads: [
      {
        kind: 'Deployment',
        name: 'web',
        replicas: 1,
        labels: {},
        serviceAccount: 'web',
        containers: [{ name: 'app', image: 'app:1', requests, limits: {} }],
      },
    ],
  });
  expect(release({ footprint: footprint({ cpu: '1', memory: '1Gi' }) }).name).toBe('thing');
  expect(() => release({ footprint: footprint({ cpu: '1' }) })).toThrow(
    'prod/thing: values must give the container web/app requests for cpu and memory, got {"cpu":"1"}',
  );
});

test('figures out of range are refused', () => {
  expect(() => release({ timeoutSeconds: 30 })).toThrow('prod/thing: timeoutSeconds must be 60-3600, got 30');
  expect(() => release({ maxHistory: 0 })).toThrow('prod/thing: maxHistory must be 1-50, got 0');
  expect(() => release({ releaseName: 'Thing' })).toThrow(
    'prod/thing: releaseName must be 1-53 lower-case letters, digits or hyphens, starting and ending with a letter or digit, got "Thing"',
  );
});
