// Runs every test and ends with one line to count on: `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'plinth-test-'));
const results = join(folder, 'results.json');
const jest = join(import.meta.dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js');
// On a fresh clone this script itself still runs in the machine's Node: the shell looked it up before ours was there.
const node = join(import.meta.dirname, '..', 'node_modules', 'node', 'bin', 'node');
const run = spawnSync(node, [jest, '--json', `--outputFile=${results}`, '--silent=false', ...process.argv.slice(2)], {
  cwd: join(import.meta.dirname, '..'),
  stdio: ['ignore', 'ignore', 'inherit'],
});
let report;
try {
  report = JSON.parse(readFileSync(results, 'utf8'));
} catch {
  console.error('jest wrote no results');
  process.exit(run.status || 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// A suite that cannot start has no failed test to count, and must not pass for that.
const broken = report.numRuntimeErrorTestSuites;
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken} failed`);
process.exit(report.success ? 0 : 1);
