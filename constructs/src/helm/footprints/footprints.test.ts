import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Values } from '../../values/deep-merge.ts';
import { type ChartKey, charts } from '../charts.ts';
import { footprints, traefikFootprint } from './index.ts';

const folder = join(import.meta.dirname, '../../../../../shared/footprints');
const recording = (key: string) => join(folder, `${key}.json`);
const keys = Object.keys(charts) as ChartKey[];
const recordings = keys.filter((key) => existsSync(recording(key)));

type Recording = {
  version: string;
  commit: string;
  date: string;
  values: Values;
  workloads: {
    kind: string;
    name: string;
    replicas?: number;
    serviceAccount: string;
    tolerations?: number;
    selector: Record<string, string>;
    containers: { name: string; image: string; requests: object; limits: object }[];
  }[];
  services: { name: string; type: string; ports: object[] }[];
  crds: { name: string }[];
  webhooks: { targetPort: number }[];
};

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** The recordings are facts kept beside the repository; without them there is nothing to compare with. */
const compare = recordings.length > 0 ? test.each(recordings) : test.skip.each(['recordings']);

compare('the footprint of %s, given the values of its recording, is what was recorded', (key) => {
  const recorded: Recording = JSON.parse(readFileSync(recording(key), 'utf8'));
  const footprint = footprints[key as ChartKey](recorded.values);

  expect(footprint.recorded).toEqual({
    chartVersion: recorded.version,
    date: recorded.date,
    digest: `git:${recorded.commit}`,
  });
  expect(
    footprint.workloads
      .map(({ kind, name, replicas, serviceAccount, tolerations, containers }) => ({
        kind,
        name,
        replicas,
        serviceAccount,
        tolerations: tolerations?.length ?? 0,
        containers: containers.map(({ ports: _, ...container }) => container),
      }))
      .sort(byName),
  ).toEqual(
    recorded.workloads
      .map(({ kind, name, replicas, serviceAccount, tolerations = 0, containers }) => ({
        kind,
        name,
        replicas,
        serviceAccount,
        tolerations,
        containers: containers.map(({ name, image, requests, limits }) => ({ name, image, requests, limits })),
      }))
      .sort(byName),
  );
  for (const workload of recorded.workloads)
    expect(footprint.workloads.find(({ name }) => name === workload.name)!.labels).toMatchObject(workload.selector);
  expect(footprint.services.map(({ selector: _, ...service }) => service).sort(byName)).toEqual(
    [...recorded.services].sort(byName),
  );
  expect([...footprint.crds].sort()).toEqual(recorded.crds.map(({ name }) => name).sort());
  expect(footprint.webhookPorts).toEqual([
    ...new Set(recorded.webhooks.map(({ targetPort }) => targetPort).filter((port) => port !== 443 && port !== 10250)),
  ]);
});

test('the footprint follows what the values set', () => {
  const [workload] = footprints['strimzi-kafka-operator']({
    replicas: 3,
    resources: { requests: { cpu: '1' } },
    nodeSelector: { pool: 'work' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  }).workloads;
  expect(workload).toMatchObject({
    replicas: 3,
    nodeSelector: { pool: 'work' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  });
  // Helm merges figure by figure, so the memory stays the chart's
  expect(workload!.containers[0]).toMatchObject({
    requests: { cpu: '1', memory: '384Mi' },
    limits: { cpu: '1000m', memory: '384Mi' },
  });
});

test('an autoscaled deployment counts with its minimum', () => {
  const replicas = (values: Values) => footprints.istiod(values).workloads[0]!.replicas;
  expect(replicas({ autoscaleMin: 2, replicaCount: 7 })).toBe(2);
  expect(replicas({ autoscaleEnabled: false, autoscaleMin: 2, replicaCount: 7 })).toBe(7);
});

test('a service type set by the values is the service type that counts', () => {
  const type = (values: Values) => traefikFootprint(values).services.map((service) => service.type);
  expect(type({})).toEqual(['LoadBalancer']);
  expect(type({ service: { spec: { type: 'ClusterIP' } } })).toEqual(['ClusterIP']);
  // the chart ignores this key, and so must we
  expect(type({ service: { type: 'ClusterIP' } })).toEqual(['LoadBalancer']);
});

test('one placement reaches all three parts of External Secrets, and a part may have its own', () => {
  const placed = footprints['external-secrets']({
    global: { nodeSelector: { pool: 'work' } },
    webhook: { nodeSelector: { pool: 'edge' } },
  }).workloads.map(({ name, nodeSelector }) => [name, nodeSelector]);
  expect(placed).toEqual([
    ['external-secrets-cert-controller', { pool: 'work' }],
    ['external-secrets', { pool: 'work' }],
    ['external-secrets-webhook', { pool: 'edge' }],
  ]);
});
