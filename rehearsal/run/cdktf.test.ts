import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { plinth, ROOT, rehearsed } from './plinth.ts';
import { type KeptRun, keptRuns } from './run-directory.ts';
import { MISLEADING } from './terraform-environment.ts';

jest.setTimeout(25 * 60_000);

const run = promisify(execFile);
const BIN = join(ROOT, 'node_modules', '.bin');
const project = mkdtempSync(join(tmpdir(), 'plinth-cdktf-'));
let kept: KeptRun;

/** The cdktf command, in a folder of its own, against a rehearsal that waits with its platform layer applied. */
const cdktf = (...args: string[]) =>
  run(join(BIN, 'cdktf'), args, {
    cwd: project,
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.test(name))),
      ...kept.terraform,
      PATH: [BIN, kept.terraform.PATH].join(delimiter),
      ENVIRONMENT: 'local',
      CI: 'true',
      CHECKPOINT_DISABLE: '1',
      DISABLE_VERSION_CHECK: '1',
    },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error) => {
    throw new Error(`${error.stdout}\n${error.stderr}`);
  });

beforeAll(async () => {
  await rehearsed('local', join(project, 'report.json'), ['--keep', '--only', 'platform']);
  kept = keptRuns(ROOT).find(({ run: { environment } }) => environment === 'local')!.kept;
  const settings = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8'));
  const app = `node --conditions=plinth-source ${join(ROOT, 'stacks', 'main.ts')}`;
  writeFileSync(join(project, 'cdktf.json'), JSON.stringify({ ...settings, app }));
});
afterAll(async () => {
  await plinth(['stop', 'local']);
  rmSync(project, { recursive: true, force: true });
});

test('cdktf deploy applies a layer, and cdktf diff finds nothing to change after it', async () => {
  const deployed = await cdktf(
    'deploy',
    'local-eventing',
    '--auto-approve',
    '--ignore-missing-stack-dependencies',
    '--skip-provider-lock',
  );
  expect(deployed.stdout).toMatch(/Apply complete! Resources: \d+ added, 0 changed, 0 destroyed/);
  const { stdout } = await cdktf(
    'diff',
    'local-eventing',
    '--ignore-missing-stack-dependencies',
    '--skip-provider-lock',
  );
  expect(stdout).toContain('No changes.');
});
