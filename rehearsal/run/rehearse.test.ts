import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runningRecorded } from '../control-plane/processes.ts';
import { KubeClient } from '../kubernetes-client/index.ts';
import type { Report } from '../report/report.ts';
import { runsFolder } from './paths.ts';
import { plinth, ROOT, rehearsed, start } from './plinth.ts';
import { cleanUp } from './run-directory.ts';

// On a cold cache the first of them builds the control plane.
jest.setTimeout(25 * 60_000);

const folder = mkdtempSync(join(tmpdir(), 'plinth-rehearse-'));
const json = (name: string) => join(folder, `${name}.json`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const empty = { add: 0, change: 0, destroy: 0 };
const runs = () => (existsSync(runsFolder(ROOT)) ? readdirSync(runsFolder(ROOT)) : []);
const living = (id: string) => [
  ...runningRecorded(join(runsFolder(ROOT), id)),
  ...runningRecorded(join(runsFolder(ROOT), id, 'control-plane')),
];

function expectPassed({ problems, verdict, secondPlan, drift, pods }: Report): void {
  expect(problems).toEqual([]);
  expect(verdict).toBe('passed');
  expect(secondPlan).toEqual(empty);
  expect(drift?.seen).toBe(true);
  expect(pods.pending).toEqual([]);
}

test('dev: fifteen nodes in three pools, everything applied, nothing left to plan, and destroyed', async () => {
  const { code, report, output } = await rehearsed('dev', json('dev'));
  expectPassed(report);
  expect(code).toBe(0);
  const count = (pool: string) => report.nodes.filter((node) => node.pool === pool).length;
  expect([count('brokers'), count('edge'), count('work')]).toEqual([5, 5, 5]);
  expect(report.destroy.outcome).toBe('destroyed');
  expect(report.engines.google).toEqual({ version: '6.50.0', kind: 'stand-in' });
  expect(report.steps.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'tools',
      'synth',
      'control plane',
      'charts',
      'dev-foundation',
      'dev-apps',
      'second plan',
      'destroy',
    ]),
  );
  expect(report.charts.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['strimzi-kafka-operator', 'traefik', 'istiod']),
  );
  expect(output).toContain('verdict      passed');
});

test('local: no Google, one machine, the same definitions', async () => {
  const { report } = await rehearsed('local', json('local'));
  expectPassed(report);
  expect(report.resources.simulated).toBe(0);
  expect(report.nodes.map(({ pool }) => pool)).toEqual(['nodes']);
});

test('prod refuses to be destroyed, and says by what', async () => {
  const { code, report } = await rehearsed('prod', json('prod'));
  expectPassed(report);
  expect(code).toBe(0);
  expect(report.destroy.outcome).toBe('refused as protected');
  expect(report.destroy.detail).toBe('prod-eventing (Instance cannot be destroyed)');
});

describe('a kept rehearsal of prod', () => {
  let kubeconfig = '';
  let client: KubeClient;
  beforeAll(async () => {
    const { output } = await rehearsed('prod', json('kept'), ['--keep']);
    kubeconfig = /KUBECONFIG=(\S+)/.exec(output)?.[1] ?? '';
    client = KubeClient.fromKubeconfig(kubeconfig);
  });
  afterAll(async () => {
    await client?.close();
    await plinth(['stop', 'prod']);
  });

  test('has nodes of three pools over three zones', async () => {
    const nodes = await client.list('v1', 'Node');
    const places = new Set(
      nodes.map(
        ({ metadata }) =>
          `${metadata.labels?.['cloud.google.com/gke-nodepool']} ${metadata.labels?.['topology.kubernetes.io/zone']}`,
      ),
    );
    expect(places.size).toBe(9);
  });

  test('has three brokers on their pool with bound SSD volumes, and Kafka, topics and users', async () => {
    const brokers = await client.list('v1', 'Pod', {
      namespace: 'kafka',
      labelSelector: 'strimzi.io/broker-role=true',
    });
    expect(brokers.map(({ status }) => status.phase)).toEqual(['Running', 'Running', 'Running']);
    expect(brokers.every(({ spec }) => spec.nodeName.includes('-brokers-'))).toBe(true);
    const claims = await client.list('v1', 'PersistentVolumeClaim', { namespace: 'kafka' });
    expect(claims.map(({ spec, status }) => [spec.storageClassName, status.phase])).toEqual(
      Array(3).fill(['premium-rwo', 'Bound']),
    );
    const names = async (kind: string) =>
      (await client.list('kafka.strimzi.io/v1', kind)).map(({ metadata }) => metadata.name);
    expect([
      await names('Kafka'),
      await names('KafkaNodePool'),
      await names('KafkaTopic'),
      await names('KafkaUser'),
    ]).toEqual([['events'], ['brokers'], ['mail'], ['consumer', 'producer']]);
  });

  test('runs both apps with their certificates', async () => {
    const pods = await client.list('v1', 'Pod', { namespace: 'apps' });
    expect(
      new Set(pods.map(({ metadata, status }) => `${metadata.labels?.['app.kubernetes.io/name']} ${status.phase}`)),
    ).toEqual(new Set(['consumer Running', 'producer Running']));
    const secret = await client.get('v1', 'Secret', 'producer-kafka', 'apps');
    expect(Object.keys(secret?.data ?? {}).sort()).toEqual(['user.crt', 'user.key']);
  });

  test('refuses a misspelt field of a custom resource by its real definition', async () => {
    const topic = {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name: 'x', namespace: 'kafka', labels: { 'strimzi.io/cluster': 'events' } },
      spec: { partitons: 3 },
    };
    await expect(client.create(topic)).rejects.toThrow('unknown field "spec.partitons"');
  });

  test('tells a roll of every node from the replacement of a pool', async () => {
    const { output, code } = await plinth([
      'diff',
      'prod',
      '--app',
      'node --conditions=plinth-source rehearsal/fixtures/changed-app.ts',
    ]);
    expect(code).toBe(0);
    expect(output).toMatch(/work_pool\S*: rolls every node \(node_config\.machine_type\)/);
    expect(output).toMatch(/edge_pool\S*: replaces the pool \(node_config\.service_account\)/);
  });

  test('no secret is in state, logs or synthesized files', async () => {
    const run = join(kubeconfig, '..', '..');
    const files = ['state', 'cdktf.out'].flatMap((name) =>
      readdirSync(join(run, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.tfplan'))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    );
    const token = /token: "?([^"\s]+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? 'none';
    const secret = await client.get('v1', 'Secret', 'producer-kafka', 'apps');
    const key = Buffer.from(secret?.data['user.key'], 'base64').toString().split('\n')[1] ?? 'none';
    const text = [...files, readFileSync(join(run, 'simulator.log'), 'utf8')].join('\n');
    expect(token.length).toBeGreaterThan(20);
    expect(text.includes(token) || text.includes(key) || text.includes('PRIVATE KEY')).toBe(false);
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
    expect(stdout.includes(token)).toBe(false);
  });
});

describe('what is wrong is refused with a clear message and exit code 1', () => {
  const app = ['--app', 'node --conditions=plinth-source rehearsal/fixtures/wrong-app.ts'];

  test('a pod that is larger than any node', async () => {
    const { code, report } = await rehearsed('local', json('large'), app, { WRONG: 'large' });
    expect(code).toBe(1);
    expect(report.problems[0]).toMatchObject({ rule: 'pods-fit' });
    expect(report.problems[0]?.message).toMatch(/^fits on no node: 0\/1 nodes are available: 1 Insufficient cpu/);
  });

  test('a Secret that nobody makes, a second load balancer, a topic that does not exist', async () => {
    const { code, report } = await rehearsed('local', json('wrong'), app, { WRONG: 'secret balancer topic' });
    expect(code).toBe(1);
    expect(report.problems.map(({ path, rule, message }) => `${rule}: ${path} ${message}`).sort()).toEqual([
      'granted-topics-exist: kafka/KafkaUser/producer is granted topic mial, which does not exist (topics: mail)',
      expect.stringMatching(
        /^one-load-balancer: .* is one of 2 Services of type LoadBalancer \(apps\/second, traefik\/traefik\)/,
      ),
      'references-exist: apps/Deployment/consumer refers to Secret nobody in namespace apps, which nobody makes',
    ]);
  });

  test('a definition with a disk that is too small', async () => {
    const { code, output } = await plinth(['rehearse', 'stacks/fixtures/bad.json', '--providers', 'stand-in']);
    expect(code).toBe(1);
    expect(output).toContain('bad.json: nodePools.brokers.diskSizeGib must be 10-2000, got 5');
  });

  test('an environment that nobody knows', async () => {
    const { code, output } = await plinth(['rehearse', 'test', '--providers', 'stand-in']);
    expect(code).toBe(1);
    expect(output).toContain(
      'ENVIRONMENT must be one of local, dev, staging, prod, or the path of a definition, got test',
    );
  });
});

describe('a rehearsal that is cut short', () => {
  async function begun() {
    const before = new Set(runs());
    const running = start(['rehearse', 'local', '--providers', 'stand-in']);
    for (;;) {
      const id = runs().find((one) => !before.has(one));
      if (id && living(id).length >= 4) return { ...running, id };
      await delay(100);
    }
  }

  test('by kill -9 leaves nothing that the next does not clean up', async () => {
    const { child, ended, id } = await begun();
    child.kill('SIGKILL');
    await ended;
    // The simulator notices by itself; were it killed too, the next run would end what is recorded.
    for (let waited = 0; waited < 300 && existsSync(join(runsFolder(ROOT), id)); waited += 1) await delay(100);
    await cleanUp(ROOT);
    expect(runs()).not.toContain(id);
  });

  test('by kill -9 of everything at once is cleaned up by the next', async () => {
    const { child, ended, id } = await begun();
    const processes = living(id);
    const [simulator] = processes.filter(({ name }) => name === 'simulator');
    process.kill(simulator!.pid, 'SIGKILL');
    child.kill('SIGKILL');
    await ended;
    expect(living(id).length).toBeGreaterThan(0);
    expect(await cleanUp(ROOT)).toContain(id);
    expect(
      processes.filter(({ pid }) => existsSync(`/proc/${pid}/exe`) && living(id).some((one) => one.pid === pid)),
    ).toEqual([]);
  });

  test('by Ctrl-C ends with 130 and takes everything down', async () => {
    const { child, ended, id } = await begun();
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(runs()).not.toContain(id);
  });
});
