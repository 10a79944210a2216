import { charts } from './charts.ts';
import { footprints, webhookPortsOf } from './footprints/index.ts';

test('every chart is pinned to one exact version, by https or OCI', () => {
  for (const chart of Object.values(charts)) {
    expect(chart.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(chart.repository).toMatch(/^(https|oci):\/\//);
    expect(chart.source).toContain(chart.version);
  }
});

test('what was recorded of a chart was recorded at the pinned version', () => {
  for (const chart of Object.values(charts)) {
    expect(chart.recorded.chartVersion).toBe(chart.version);
    expect(chart.recorded.digest).toMatch(/^git:[0-9a-f]{40}$/);
  }
});

test('every chart has a footprint that carries its evidence', () => {
  expect(Object.keys(footprints)).toEqual(Object.keys(charts));
  for (const [key, footprint] of Object.entries(footprints)) {
    const { evidence, recorded } = charts[key as keyof typeof charts];
    expect({ evidence: footprint().evidence, recorded: footprint().recorded }).toEqual({ evidence, recorded });
  }
});

test('every image of a footprint comes from a registry that the list names', () => {
  for (const [key, footprint] of Object.entries(footprints)) {
    const images = footprint().workloads.flatMap(({ containers }) => containers.map(({ image }) => image));
    const hosts = images.filter((image) => image !== 'auto').map((image) => image.split('/')[0]);
    const allowed: readonly string[] = charts[key as keyof typeof charts].registries;
    expect(hosts.filter((host) => !allowed.includes(host!))).toEqual([]);
  }
});

test('a footprint brings CRDs exactly where its chart delivers some', () => {
  for (const [key, footprint] of Object.entries(footprints))
    expect(footprint().crds.length > 0).toBe(charts[key as keyof typeof charts].crds !== 'none');
});

test('only istiod needs a port that a private cluster keeps closed', () => {
  const keys = Object.keys(charts) as (keyof typeof charts)[];
  expect(webhookPortsOf(keys)).toEqual([15017]);
  expect(webhookPortsOf(['traefik', 'strimzi-kafka-operator', 'external-secrets'])).toEqual([]);
  expect(webhookPortsOf([])).toEqual([]);
});
