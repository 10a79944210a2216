import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import dev from './dev.ts';
import { environmentNames, loadEnvironment } from './index.ts';
import local from './local.ts';
import { EnvironmentError, parseEnvironment } from './parse.ts';
import prod from './prod.ts';
import { checkQuotas, DEFAULT_QUOTAS, vcpusOf } from './quotas.ts';

type Data = Record<string, unknown>;

/** A copy of a good definition with one value changed; `undefined` removes the key. */
function changed(base: object, path: string, value: unknown): Data {
  const copy = structuredClone(base) as Data;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at = copy;
  for (const step of steps) {
    at[step] = { ...(at[step] as Data | undefined) };
    at = at[step] as Data;
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function problems(data: unknown): string {
  try {
    parseEnvironment('environments/x.ts', data);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  return '';
}

describe('a bad definition is refused with its path, the rule, the value and what to do', () => {
  test.each<[string, object, string, unknown, string]>([
    ['an unknown key', dev, 'domian', 'x', 'domian is not a known key: did you mean domain?'],
    ['an unknown key below', dev, 'google.regoin', 'x', 'google.regoin is not a known key: did you mean region?'],
    [
      'an unknown key of a pool',
      dev,
      'nodePools.work.diskSize',
      5,
      'nodePools.work.diskSize is not a known key: did you mean diskSizeGib?',
    ],
    [
      'a disk that is too small',
      dev,
      'nodePools.brokers.diskSizeGib',
      5,
      'nodePools.brokers.diskSizeGib must be 10-2000, got 5',
    ],
    [
      'a disk that is too large',
      dev,
      'nodePools.brokers.diskSizeGib',
      2001,
      'nodePools.brokers.diskSizeGib must be 10-2000, got 2001',
    ],
    [
      'a broken number',
      dev,
      'nodePools.work.diskSizeGib',
      10.5,
      'nodePools.work.diskSizeGib must be a whole number of 10-2000, got 10.5',
    ],
    [
      'a number as text',
      dev,
      'nodePools.work.diskSizeGib',
      '100',
      'nodePools.work.diskSizeGib must be a whole number of 10-2000, got 100',
    ],
    [
      'a disk type',
      dev,
      'nodePools.work.diskType',
      'ssd',
      'nodePools.work.diskType must be one of pd-standard, pd-balanced, pd-ssd, got ssd',
    ],
    [
      'a machine type',
      dev,
      'nodePools.work.machineType',
      'big',
      'nodePools.work.machineType must be a machine type such as e2-standard-4, got big',
    ],
    [
      'a pool without a machine type',
      dev,
      'nodePools.extra',
      { nodes: { total: 1 } },
      'nodePools.extra.machineType must be given, got nothing',
    ],
    [
      'provisioning',
      dev,
      'nodePools.work.provisioning',
      'cheap',
      'nodePools.work.provisioning must be one of on-demand, spot, got cheap',
    ],
    [
      'a taint effect',
      dev,
      'nodePools.work.taints',
      [{ key: 'a', value: 'b', effect: 'Never' }],
      'nodePools.work.taints.0.effect must be one of NoSchedule, PreferNoSchedule, NoExecute, got Never',
    ],
    [
      'minimum above maximum',
      dev,
      'nodePools.work.nodes',
      { minTotal: 5, maxTotal: 3 },
      'nodePools.work.nodes.minTotal must be at most maxTotal (3), got 5',
    ],
    [
      'a total that does not divide',
      prod,
      'nodePools.work.nodes',
      { total: 5 },
      "nodePools.work.nodes.total must divide by the pool's 3 zones, got 5: give the pool one zone (zones: ['us-central1-b']) or autoscale it by total (nodes: { minTotal: 5, maxTotal: 8 })",
    ],
    [
      'nodes per zone',
      dev,
      'nodePools.work.nodes',
      { perZone: 5 },
      'nodePools.work.nodes must be { total } or { minTotal, maxTotal }, got {"perZone":5}',
    ],
    [
      'a zone elsewhere',
      dev,
      'google.zones',
      ['europe-west1-b'],
      'google.zones must lie in region us-central1, got europe-west1-b',
    ],
    [
      'a zone twice',
      prod,
      'google.zones',
      ['us-central1-b', 'us-central1-b'],
      'google.zones must not repeat a zone, got us-central1-b, us-central1-b',
    ],
    [
      'two zones in a zonal layout',
      dev,
      'google.zones',
      ['us-central1-a', 'us-central1-b'],
      'google.zones must have one entry in a zonal layout, got 2: choose layout regional or one zone',
    ],
    [
      'a regional layout without a reason',
      prod,
      'google.reason',
      undefined,
      'google.reason must say why the regional layout was chosen, got nothing',
    ],
    [
      'a project id',
      dev,
      'google.project',
      'X',
      'google.project must be a project id of 6-30 lower-case letters, digits or hyphens, got X',
    ],
    [
      'a range that is none',
      dev,
      'google.network.nodesCidr',
      '10.0.0.0',
      'google.network.nodesCidr must be an IPv4 range such as 10.0.0.0/22, got 10.0.0.0',
    ],
    [
      'a range off its boundary',
      dev,
      'google.network.nodesCidr',
      '10.0.1.0/22',
      'google.network.nodesCidr must start on its own boundary, got 10.0.1.0/22',
    ],
    [
      'overlapping ranges',
      dev,
      'google.network.servicesCidr',
      '10.4.0.0/20',
      'google.network.servicesCidr must not overlap google.network.podsCidr (10.4.0.0/14), got 10.4.0.0/20',
    ],
    [
      'too few pod addresses',
      dev,
      'google.network.podsCidr',
      '10.4.0.0/21',
      'google.network.podsCidr must hold a /24 for each of 15 nodes, got 10.4.0.0/21 (8)',
    ],
    [
      'a control plane range',
      dev,
      'google.network.controlPlaneCidr',
      '172.16.0.0/24',
      'google.network.controlPlaneCidr must be a /28 range such as 172.16.0.0/28, got 172.16.0.0/24',
    ],
    [
      'too short a maintenance window',
      dev,
      'google.maintenance.days',
      ['SA'],
      'google.maintenance must leave at least 48 hours in 4 weeks (days x durationHours x 4), got 24',
    ],
    [
      'a maintenance time',
      dev,
      'google.maintenance.startTime',
      '3am',
      'google.maintenance.startTime must be a time such as 03:00, got 3am',
    ],
    ['a gke environment without google', dev, 'google', undefined, 'google must be given for kind gke, got nothing'],
    [
      'a cluster environment without a context',
      local,
      'kubeContext',
      undefined,
      'kubeContext must be given for kind cluster, got nothing',
    ],
    [
      'pools of a cluster environment',
      local,
      'nodePools',
      { work: { machineType: 'e2-medium', nodes: { total: 1 } } },
      'nodePools must be left out for kind cluster, got work',
    ],
    [
      'local state of a shared environment',
      dev,
      'backend',
      { type: 'local' },
      'backend.type must be gcs for kind gke: the state of a shared environment is shared, got local',
    ],
    [
      'an even number of brokers',
      dev,
      'kafka.brokers',
      4,
      'kafka.brokers must be odd, so that a majority exists, got 4',
    ],
    [
      'more copies than brokers',
      dev,
      'kafka.replicationFactor',
      5,
      'kafka.replicationFactor must be at most the 3 brokers, got 5',
    ],
    [
      'as many copies in sync as there are',
      dev,
      'kafka.minInsyncReplicas',
      3,
      'kafka.minInsyncReplicas must be at most 2 with 3 copies, got 3',
    ],
    [
      'more brokers than nodes',
      dev,
      'kafka.brokers',
      7,
      'nodePools.brokers.nodes must hold 7 brokers on a node each, got 5',
    ],
    [
      'no pool for the brokers',
      dev,
      'nodePools.brokers',
      null,
      'nodePools.brokers must exist: Kafka runs there, got null',
    ],
    [
      'a Kafka version',
      dev,
      'kafka.version',
      '3.9.0',
      'kafka.version must be one of 4.2.0, 4.2.1, 4.3.0, 4.3.1, got 3.9.0',
    ],
    ['partitions', dev, 'kafka.topics.mail.partitions', 0, 'kafka.topics.mail.partitions must be 1-1000, got 0'],
    [
      'an undeclared topic',
      dev,
      'apps.producer.topic',
      'mial',
      'apps.producer.topic must be one of kafka.topics (mail), got mial',
    ],
    [
      'an image at latest',
      dev,
      'apps.producer.image',
      'example.com/a:latest',
      'apps.producer.image must be an image with a tag other than latest, or with a digest, got example.com/a:latest',
    ],
    [
      'a secret in the configuration',
      dev,
      'apps.producer.config',
      { MAIL_PASSWORD: 'x' },
      'apps.producer.config has the key MAIL_PASSWORD, which must hold no secret: name a Secret under `secrets`',
    ],
    [
      'scaling',
      dev,
      'apps.consumer.scaling',
      { type: 'cpu', min: 5, max: 2 },
      'apps.consumer.scaling.min must be at most max (2), got 5',
    ],
    [
      'an exceeded declared quota',
      dev,
      'quotas',
      { SSD_TOTAL_GB: 300 },
      'quotas.SSD_TOTAL_GB must be at least 400, which the pools and volumes use at most, got 300',
    ],
    ['a quota that Google does not have', dev, 'quotas', { CORES: 3 }, 'quotas.CORES is not a known key'],
    ['a name', dev, 'name', 'Dev', 'name must be 2-16 lower-case letters, digits or hyphens, got Dev'],
    ['a kind', dev, 'mesh', 'ambient', 'mesh must be one of sidecar, none, got ambient'],
    [
      'values of a chart that is not installed',
      dev,
      'platform.values',
      { nginx: {} },
      'platform.values.nginx is not a known key',
    ],
  ])('%s', (_name, base, path, value, message) => {
    expect(problems(changed(base, path, value)).split('\n')).toContain(`environments/x.ts: ${message}`);
  });

  test('every problem is told at once', () => {
    const data = changed(changed(dev, 'mesh', 'x'), 'nodePools.work.diskSizeGib', 1);
    expect(problems(data).split('\n')).toHaveLength(2);
  });

  test('what is no object', () => {
    expect(problems('dev')).toBe('environments/x.ts: must be an object, got dev');
  });
});

describe('the environments of the baseline', () => {
  test.each(environmentNames)('%s is valid data of at most 25 lines', async (name) => {
    expect((await loadEnvironment(name)).name).toBe(name);
    const lines = readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.join('\n')).not.toMatch(/\bif\b|\?/);
  });

  test('the three pools are the default, five nodes each, and Kafka has its own', async () => {
    const { nodePools } = await loadEnvironment('dev');
    expect(
      Object.entries(nodePools).map(([name, pool]) => [name, pool.machineType, pool.diskType, pool.nodes]),
    ).toEqual([
      ['brokers', 'n1-standard-2', 'pd-ssd', { total: 5 }],
      ['edge', 'e2-medium', 'pd-standard', { total: 5 }],
      ['work', 'e2-standard-4', 'pd-standard', { total: 5 }],
    ]);
    expect(nodePools.brokers?.taints).toEqual([{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }]);
  });

  test('a pool is added beside them, changed in part, or dropped by null', () => {
    const gpu = { machineType: 'g2-standard-4', nodes: { minTotal: 0, maxTotal: 2 }, gpu: { type: 'nvidia-l4' } };
    const { nodePools } = parseEnvironment(
      'x',
      changed(dev, 'nodePools', { gpu, edge: null, work: { provisioning: 'spot' } }),
    );
    expect(Object.keys(nodePools).sort()).toEqual(['brokers', 'gpu', 'work']);
    expect(nodePools.gpu?.gpu).toEqual({ type: 'nvidia-l4', count: 1 });
    expect(nodePools.work).toMatchObject({ machineType: 'e2-standard-4', provisioning: 'spot', nodes: { total: 5 } });
  });

  test('an unknown name is answered with the known ones', async () => {
    await expect(loadEnvironment('test')).rejects.toThrow(
      'ENVIRONMENT must be one of local, dev, staging, prod, or the path of a definition, got test',
    );
  });
});

describe('quotas', () => {
  test.each([
    ['e2-medium', 2],
    ['n1-standard-2', 2],
    ['e2-standard-16', 16],
    ['n2-custom-6-3072', 6],
  ])('%s has %i virtual CPUs', (type, vcpus) => expect(vcpusOf(type)).toBe(vcpus));

  test("what Google's small default does not hold is a warning that names the request", async () => {
    const environment = parseEnvironment('x', changed(dev, 'kafka.storageGib', 500));
    expect(DEFAULT_QUOTAS.SSD_TOTAL_GB).toBe(500);
    expect(checkQuotas(environment)).toEqual({
      errors: [],
      warnings: [
        'quota SSD_TOTAL_GB in us-central1: 1600 needed, a new project has 500: request 1600 for project plinth-dev and declare it under quotas',
      ],
    });
  });
});
