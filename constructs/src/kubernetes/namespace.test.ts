import { TerraformOutput } from 'cdktf';
import { synthOnCluster } from '../helm/fixture.ts';
import { names, resource } from '../testing/synth.ts';
import { Namespace, type NamespaceProps } from './namespace.ts';
import { anywhere, onPool } from './placement.ts';

const synth = (props: Partial<NamespaceProps> = {}) =>
  resource(
    synthOnCluster((stack) => void new Namespace(stack, 'Namespace', { name: 'apps', ...props })),
    'kubernetes_namespace_v1',
  );

test('pods of a namespace are held to Pod Security restricted, and are not in the mesh', () => {
  expect(synth()).toEqual({
    metadata: { name: 'apps', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
});

test('sidecars, another level and further labels are said by name', () => {
  expect(synth({ sidecars: true, podSecurity: 'baseline', labels: { team: 'mail' } }).metadata.labels).toEqual({
    'pod-security.kubernetes.io/enforce': 'baseline',
    'istio-injection': 'enabled',
    team: 'mail',
  });
});

test('what uses its name waits for it', () => {
  const json = synthOnCluster((stack) => {
    const { name } = new Namespace(stack, 'Namespace', { name: 'apps' });
    new TerraformOutput(stack, 'name', { value: name });
  });
  const [id] = names(json, 'kubernetes_namespace_v1');
  expect(json.output).toEqual({ name: { value: `\${kubernetes_namespace_v1.${id}.metadata[0].name}` } });
});

test('names and levels that Kubernetes does not know are refused', () => {
  expect(() => synth({ name: 'my.apps' })).toThrow(
    new Error(
      'prod/Namespace: name must be 1-63 lower-case letters, digits or hyphens, starting and ending with a letter or digit, got "my.apps"',
    ),
  );
  expect(() => synth({ podSecurity: 'strict' as never })).toThrow(
    new Error('prod/Namespace: podSecurity must be one of privileged, baseline, restricted, got "strict"'),
  );
});

test('a pool is chosen by its label, and its taints are accepted', () => {
  expect(onPool('brokers', [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }])).toEqual({
    nodeSelector: { 'cloud.google.com/gke-nodepool': 'brokers' },
    tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'kafka', effect: 'NoSchedule' }],
  });
  expect(anywhere).toEqual({});
});
