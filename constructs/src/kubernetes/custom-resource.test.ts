import { Lazy } from 'cdktf';
import { synthOnCluster } from '../helm/fixture.ts';
import { resource, resources } from '../testing/synth.ts';
import { CustomResource, type CustomResourceProps } from './custom-resource.ts';

const props: CustomResourceProps = {
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'one', namespace: 'things' },
  spec: { size: 3 },
};
const synth = (more: Partial<CustomResourceProps> = {}) =>
  resource(
    synthOnCluster((stack) => void new CustomResource(stack, 'Thing', { ...props, ...more })),
    'kubernetes_manifest',
  );

test('a custom resource is its manifest and nothing else', () => {
  expect(synth()).toEqual({
    manifest: {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 'one', namespace: 'things' },
      spec: { size: 3 },
    },
  });
});

test('what is undefined is left out at any depth, and null is kept', () => {
  const spec = { a: undefined, b: { c: undefined, d: null }, e: [{ f: undefined, g: 1 }] };
  expect(synth({ spec }).manifest.spec).toEqual({ b: { d: null }, e: [{ g: 1 }] });
});

test('what is decided at synthesis only is resolved', () => {
  expect(synth({ spec: { later: Lazy.anyValue({ produce: () => [1, 2] }) } }).manifest.spec).toEqual({ later: [1, 2] });
});

test('Terraform waits for the conditions that are named, as long as is said', () => {
  const waitFor = [{ type: 'Ready', status: 'True' }] as const;
  expect(synth({ waitFor })).toMatchObject({
    wait: { condition: [{ type: 'Ready', status: 'True' }] },
    timeouts: { create: '600s', update: '600s' },
  });
  expect(synth({ waitFor, waitSeconds: 60 }).timeouts).toEqual({ create: '60s', update: '60s' });
});

test('fields that a controller writes are no drift, nor are labels and annotations', () => {
  expect(synth({ computedFields: ['spec.size'] }).computed_fields).toEqual([
    'metadata.annotations',
    'metadata.labels',
    'spec.size',
  ]);
});

test('what must not go is protected', () => {
  expect(synth({ preventDestroy: true }).lifecycle).toEqual({ prevent_destroy: true });
});

test('a name that the API server would refuse is refused', () => {
  expect(() => synth({ metadata: { name: 'One' } })).toThrow(
    new Error(
      'prod/Thing: name must be 1-253 lower-case letters, digits, hyphens or dots, starting and ending with a letter or digit, got "One"',
    ),
  );
});

test('one object is declared once in a stack; another kind, namespace or stack may have its name', () => {
  const both = (more: Partial<CustomResourceProps>) =>
    synthOnCluster((stack) => {
      new CustomResource(stack, 'First', props);
      new CustomResource(stack, 'Second', { ...props, ...more });
    });
  expect(() => both({})).toThrow(
    new Error('prod/Second: name must be free, but prod/First declares the same Thing in namespace things, got "one"'),
  );
  for (const more of [{ kind: 'Other' }, { metadata: { name: 'one', namespace: 'others' } }])
    expect(resources(both(more), 'kubernetes_manifest')).toHaveLength(2);
});
