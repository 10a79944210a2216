import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeState } from '../../terraform/plan.ts';
import type { Block, Obj } from '../../terraform/provider.ts';
import { deriveSchema } from '../../terraform/schema.ts';
import { fromFields, toObject } from './convert.ts';
import { matches, project } from './manifest.ts';

const cache = mkdtempSync(join(tmpdir(), 'plinth-convert-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
const { resources } = deriveSchema('kubernetes', {
  resources: ['kubernetes_deployment_v1', 'kubernetes_service_v1'],
  dataSources: [],
  cache,
});
const deployment = resources.kubernetes_deployment_v1 as Block;

const state = (container: Obj, pod: Obj = {}): Obj =>
  completeState(
    deployment,
    {
      metadata: [{ name: 'api', namespace: 'apps', labels: { a: 'b' } }],
      spec: [
        {
          replicas: '2',
          selector: [{ match_labels: { a: 'b' } }],
          template: [
            {
              metadata: [{ labels: { a: 'b' } }],
              spec: [{ ...pod, container: [{ name: 'api', image: 'i:1', ...container }] }],
            },
          ],
        },
      ],
    },
    undefined,
  );
const podOf = (wanted: Obj) => toObject(deployment, wanted, 'apps/v1', 'Deployment').spec.template.spec;

describe('Terraform to Kubernetes', () => {
  test('repeated blocks are named in the plural, single ones are objects, and what is unset is left out', () => {
    const pod = podOf(state({ port: [{ container_port: 8080 }], env_from: [{ config_map_ref: [{ name: 'c' }] }] }));
    expect(pod).toEqual({
      containers: [
        { name: 'api', image: 'i:1', ports: [{ containerPort: 8080 }], envFrom: [{ configMapRef: { name: 'c' } }] },
      ],
    });
  });

  test('numbers that Terraform writes as text are numbers, ports by name stay text', () => {
    const probe = (port: string) =>
      podOf(state({ liveness_probe: [{ http_get: [{ path: '/', port }] }] })).containers[0].livenessProbe.httpGet.port;
    expect([probe('8080'), probe('http')]).toEqual([8080, 'http']);
    expect(toObject(deployment, state({}), 'apps/v1', 'Deployment').spec.replicas).toBe(2);
  });

  test('file modes are octal', () => {
    const volume = [{ name: 's', secret: [{ secret_name: 's', default_mode: '0440' }] }];
    expect(podOf(state({}, { volume })).volumes[0].secret.defaultMode).toBe(0o440);
  });

  test('an empty block is an empty object', () => {
    expect(podOf(state({}, { volume: [{ name: 't', empty_dir: [{}] }] })).volumes).toEqual([
      { name: 't', emptyDir: {} },
    ]);
  });

  test('a security context that does not say so is written as not non-root, as the provider does', () => {
    expect(
      podOf(state({ security_context: [{ read_only_root_filesystem: true }] })).containers[0].securityContext,
    ).toEqual({
      readOnlyRootFilesystem: true,
      runAsNonRoot: false,
    });
  });

  test('sources of a projected volume are one each', () => {
    const volume = [{ name: 'k', projected: [{ sources: [{ secret: [{ name: 'a' }, { name: 'b' }] }] }] }];
    expect(podOf(state({}, { volume })).volumes[0].projected.sources).toEqual([
      { secret: { name: 'a' } },
      { secret: { name: 'b' } },
    ]);
  });
});

describe('Kubernetes to Terraform', () => {
  const former = state({ resources: [{ requests: { cpu: '1' } }] });
  const live = () =>
    structuredClone(toObject(deployment, former, 'apps/v1', 'Deployment')) as unknown as Record<string, never>;
  const read = (change: (object: Record<string, never> & { spec: never; metadata: never }) => void) => {
    const object = live();
    change(object as never);
    return fromFields(deployment, object, former) as { metadata: Obj[]; spec: Obj[] };
  };

  test('what was applied reads back as it was, though the server fills in defaults', () => {
    const back = read(({ spec }: { spec: Record<string, unknown> }) => {
      spec.revisionHistoryLimit = 10;
    });
    expect(back.spec).toEqual(former.spec);
  });

  test('an edit shows', () => {
    const back = read(({ spec }: { spec: Record<string, unknown> }) => {
      spec.replicas = 5;
    });
    expect(back.spec[0]?.replicas).toBe('5');
  });

  test("labels of controllers are theirs, a person's label shows", () => {
    const back = read(({ metadata }: { metadata: { labels: Record<string, string> } }) => {
      Object.assign(metadata.labels, { 'app.kubernetes.io/by-controller': 'x', mine: 'y' });
    });
    expect(back.metadata[0]?.labels).toEqual({ a: 'b', mine: 'y' });
  });

  test('another way to write a quantity is no change', () => {
    const back = read(
      ({
        spec,
      }: {
        spec: { template: { spec: { containers: { resources: { requests: Record<string, string> } }[] } } };
      }) => {
        spec.template.spec.containers[0]!.resources.requests.cpu = '1000m';
      },
    );
    expect(back.spec).toEqual(former.spec);
  });
});

describe('a manifest', () => {
  const manifest = { kind: 'K', metadata: { name: 'n', labels: { a: 'b' } }, spec: { list: [1], deep: { x: 1 } } };

  test('is compared with its own fields of the live object only', () => {
    const seen = project(manifest, { ...manifest, status: {}, metadata: { ...manifest.metadata, uid: 'u' } });
    expect(matches(manifest, seen, ['metadata.labels'])).toBe(true);
  });

  test('an edit of its spec is a difference, one of labels or status is not', () => {
    const edited = (change: object) =>
      matches(manifest, project(manifest, { ...manifest, ...change }), ['metadata.labels']);
    expect(edited({ spec: { list: [1], deep: { x: 2 } } })).toBe(false);
    expect(edited({ spec: { list: [1, 2], deep: { x: 1 } } })).toBe(false);
    expect(edited({ metadata: { name: 'n', labels: { a: 'c' } }, status: { x: 1 } })).toBe(true);
  });
});
