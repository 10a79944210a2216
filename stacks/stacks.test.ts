import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentNames } from '../environments/index.ts';
import { SynthError, synthesize } from '../rehearsal/run/synth.ts';
import { readSynthesized } from '../rehearsal/run/synthesized.ts';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '..');
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'plinth-stacks-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

async function synth(environment: string, project = ROOT) {
  const output = join(folder(), 'cdktf.out');
  await synthesize({ project, environment, output });
  return output;
}

/** Path and content of every file, as they are. */
function contents(output: string): Record<string, string> {
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(output.length), readFileSync(path, 'utf8')] as const;
    }),
  );
}

describe.each(environmentNames)('%s', (name) => {
  let output: string;
  beforeAll(async () => {
    output = await synth(name);
  });

  test('its layers are as they were', () => {
    for (const { name: stack, json } of readSynthesized(output)) {
      expect(
        JSON.parse(JSON.stringify(json).replaceAll(/"cdktf":"[^"]*"|"backend":"[^"]*"/g, '"left":"out"')),
      ).toMatchSnapshot(stack);
    }
  });

  test('each layer stands on the one below', () => {
    const layers = name === 'local' ? ['platform', 'eventing', 'apps'] : ['foundation', 'platform', 'eventing', 'apps'];
    const stacks = readSynthesized(output);
    expect(stacks.map((stack) => stack.name)).toEqual(layers.map((layer) => `${name}-${layer}`));
    expect(stacks.map((stack) => stack.dependencies)).toEqual(
      layers.map((_, index) => (index === 0 ? [] : [`${name}-${layers[index - 1]}`])),
    );
  });

  test('no secret, no token and no machine is in it', () => {
    const text = Object.values(contents(output)).join('\n');
    expect(text).not.toMatch(/PRIVATE KEY|"token":|"password": "[^{$]/);
    expect(text).not.toContain(ROOT);
  });
});

test('synthesis is byte-identical over two runs in two directories', async () => {
  const copy = join(folder(), 'elsewhere');
  for (const part of ['environments', 'stacks', 'constructs', 'cdktf.json', 'package.json']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  // The workspace's package must be the copy's own.
  const modules = join(copy, 'node_modules');
  cpSync(join(ROOT, 'node_modules', '.bin'), join(modules, '.bin'), { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.') || name === '@plinth') continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  cpSync(join(ROOT, 'node_modules', '@plinth'), join(modules, '@plinth'), { recursive: true, verbatimSymlinks: true });
  for (const name of environmentNames) {
    expect(contents(await synth(name, copy))).toEqual(contents(await synth(name)));
  }
});

test('a definition that is refused ends the app with its message and nothing else', async () => {
  const file = join(ROOT, 'stacks', 'fixtures', 'bad.json');
  const output = join(folder(), 'cdktf.out');
  const refusal = synthesize({ project: ROOT, environment: file, output });
  await expect(refusal).rejects.toThrow(SynthError);
  await expect(refusal).rejects.toThrow(/^bad\.json: nodePools\.brokers\.diskSizeGib must be 10-2000, got 5$/);
});
