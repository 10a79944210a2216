import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Synthesis of the dev environment beside its peers, in turn and in one run; writes docs/benchmarks.md. */

const ROOT = join(import.meta.dirname, '..');
const APP = join(ROOT, 'stacks', 'main.ts');
const RUNS = 5;
const TSX = 'tsx@4.23.15';
const folder = mkdtempSync(join(tmpdir(), 'plinth-bench-'));

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function timed(command: string, args: string[]): number {
  const started = performance.now();
  execFileSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, ENVIRONMENT: 'dev', CDKTF_OUTDIR: join(folder, 'out') },
    stdio: 'ignore',
  });
  return (performance.now() - started) / 1000;
}

try {
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', TSX], { stdio: 'ignore' });
  const peers: Record<string, () => number> = {
    'Node, types stripped (ours)': () => timed(process.execPath, ['--conditions=plinth-source', APP]),
    [TSX]: () => timed(join(folder, 'node_modules', '.bin', 'tsx'), ['--conditions=plinth-source', APP]),
  };
  const figures = new Map(Object.keys(peers).map((name) => [name, [] as number[]]));
  for (const run of Object.values(peers)) run();
  for (let round = 0; round < RUNS; round += 1)
    for (const [name, run] of Object.entries(peers)) figures.get(name)?.push(run());
  const rows = [...figures].map(
    ([name, seconds]) =>
      `| ${name} | ${median(seconds).toFixed(2)} | ${Math.min(...seconds).toFixed(2)} | ${Math.max(...seconds).toFixed(2)} |`,
  );
  const text = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim()}.

## Synthesis of the dev environment, seconds of wall time (${RUNS} runs each, in turn)

| | median | min | max |
|---|---|---|---|
${rows.join('\n')}
`;
  writeFileSync(join(ROOT, 'docs', 'benchmarks.md'), text);
  console.log(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
