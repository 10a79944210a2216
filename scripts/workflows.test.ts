import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { plinthCache } from '../rehearsal/tools/cache.ts';

jest.setTimeout(10 * 60_000);

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.github', 'workflows');
const MODULE = join(ROOT, 'rehearsal', 'tools', 'go', 'actionlint');
const PACKAGE = 'github.com/rhysd/actionlint';
const files = readdirSync(FOLDER).map((name) => join(FOLDER, name));

interface Job {
  uses?: string;
  'timeout-minutes'?: number;
  permissions?: Record<string, string>;
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}
interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}
const read = (file: string) => parse(readFileSync(file, 'utf8')) as Workflow;
const run = promisify(execFile);

/** The linter, built once from its pinned module. */
async function actionlint(): Promise<string> {
  const version = new RegExp(`${PACKAGE} (v\\S+)`).exec(readFileSync(join(MODULE, 'go.mod'), 'utf8'))?.[1] ?? 'unknown';
  const folder = join(plinthCache(), 'tools', 'actionlint', version);
  const binary = join(folder, 'actionlint');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const partial = `${binary}.${process.pid}`;
  const env = { ...process.env, GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0' };
  await run('go', ['build', '-mod=readonly', '-o', partial, `${PACKAGE}/cmd/actionlint`], { cwd: MODULE, env });
  renameSync(partial, binary);
  return binary;
}

test('actionlint finds nothing', async () => {
  const { stdout } = await run(await actionlint(), ['-no-color', '-shellcheck=', ...files]).catch((error) => error);
  expect(stdout).toBe('');
});

describe.each(files)('%s', (file) => {
  const workflow = read(file);
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);

  test('may read the repository and nothing else, but for its identity where it acts in the cloud', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const [, job] of jobs) {
      expect([undefined, JSON.stringify({ contents: 'read', 'id-token': 'write' })]).toContain(
        job.permissions && JSON.stringify(job.permissions),
      );
    }
  });

  test('pins every action by commit, with the version beside it', () => {
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\s*-? *uses: /.test(line) && !line.includes('./'));
    for (const line of lines) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('bounds every job in time and keeps no credentials of git', () => {
    for (const [, job] of jobs) if (!job.uses) expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const step of steps) {
      if (step.uses?.startsWith('actions/checkout')) expect(step.with?.['persist-credentials']).toBe(false);
    }
  });

  test('runs scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const used = steps.flatMap(({ run: text }) =>
      [...(text ?? '').matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? ''),
    );
    for (const name of used) expect(Object.keys(scripts)).toContain(name);
  });
});

test('deployments of one environment wait for one another and are never cut off', () => {
  const deploy = parse(readFileSync(join(FOLDER, 'deploy.yml'), 'utf8'));
  expect(deploy.concurrency).toEqual({ group: 'deploy-${{ inputs.environment }}', 'cancel-in-progress': false });
  expect(Object.entries<{ needs?: string }>(deploy.jobs).map(([name, job]) => [name, job.needs])).toEqual([
    ['foundation', undefined],
    ['platform', 'foundation'],
    ['eventing', 'platform'],
    ['apps', 'eventing'],
  ]);
});
