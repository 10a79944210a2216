import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(5 * 60_000);

const ROOT = join(import.meta.dirname, '..');
const MODULES = join(ROOT, 'node_modules');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'plinth-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const snippet = /<!-- snippet:constructs -->\n```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

let tarball: string;
beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(ROOT, 'constructs'),
  });
  // What the build prints comes first.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string; files: { path: string }[] }[];
  tarball = join(folder, packed?.filename ?? '');
});

/**
 * A project outside the workspace with the packed library installed by npm. The peers are linked from the workspace: they
 * are the same files that the registry would send, and hundreds of megabytes.
 */
async function project(name: string, type: 'commonjs' | 'module'): Promise<string> {
  const directory = join(folder, name);
  const modules = join(directory, 'node_modules');
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, private: true, type }));
  await run('npm', ['install', '--legacy-peer-deps', '--no-save', '--no-audit', '--no-fund', tarball], {
    cwd: directory,
  });
  mkdirSync(join(modules, '@cdktf'), { recursive: true });
  mkdirSync(join(modules, '@types'), { recursive: true });
  for (const peer of [
    'cdktf',
    'constructs',
    '@cdktf/provider-google',
    '@cdktf/provider-helm',
    '@cdktf/provider-kubernetes',
    '@types/node',
  ]) {
    symlinkSync(join(MODULES, peer), join(modules, peer));
  }
  writeFileSync(join(directory, 'main.ts'), snippet);
  return directory;
}

/** What the snippet promises, whichever way it was loaded. */
async function expectSynthesized(directory: string): Promise<void> {
  await run(process.execPath, ['main.js'], { cwd: directory });
  const json = JSON.parse(readFileSync(join(directory, 'cdktf.out', 'stacks', 'orders', 'cdk.tf.json'), 'utf8'));
  expect(Object.keys(json.resource)).toEqual(
    expect.arrayContaining(['kubernetes_manifest', 'kubernetes_deployment_v1', 'kubernetes_network_policy_v1']),
  );
  const kinds = Object.values<{ manifest: { kind: string } }>(json.resource.kubernetes_manifest).map(
    ({ manifest }) => manifest.kind,
  );
  expect(kinds).toEqual(expect.arrayContaining(['KafkaTopic', 'KafkaUser', 'ExternalSecret']));
}

const compile = (directory: string, ...options: string[]) =>
  run(
    process.execPath,
    [
      join(MODULES, 'typescript', 'bin', 'tsc'),
      '--strict',
      '--target',
      'es2022',
      '--skipLibCheck',
      '--types',
      'node',
      ...options,
      'main.ts',
    ],
    {
      cwd: directory,
    },
  ).catch((error) => {
    throw new Error(error.stdout);
  });

test("a project of cdktf's CommonJS template compiles and synthesizes the README's snippet", async () => {
  const directory = await project('template', 'commonjs');
  await compile(directory, '--module', 'commonjs', '--moduleResolution', 'bundler');
  await expectSynthesized(directory);
});

test("an ES module project compiles and synthesizes the README's snippet", async () => {
  const directory = await project('esm', 'module');
  await compile(directory, '--module', 'nodenext');
  await expectSynthesized(directory);
});

test('the package holds the library and its declarations, and nothing of the tests', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball]);
  const files = stdout.split('\n').filter(Boolean);
  expect(files).toEqual(
    expect.arrayContaining(['package/dist/index.js', 'package/dist/index.d.ts', 'package/package.json']),
  );
  expect(files.filter((file) => /test|fixture/.test(file))).toEqual([]);
  expect(readdirSync(join(ROOT, 'constructs')).includes('src')).toBe(true);
});
