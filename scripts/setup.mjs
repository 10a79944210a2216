// Installs the packages of this checkout when they are missing or out of date; silent and quick otherwise.
// Plain JavaScript that any Node since 18 can run: it runs before the project's own Node is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = readFileSync(join(root, 'package-lock.json'));
const wanted = createHash('sha256').update(lock).digest('hex');
const stamp = join(root, 'node_modules', '.plinth-setup');
const nodeOfProject = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted || !existsSync(nodeOfProject)) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.error('setup  installing the pinned packages (about a minute on a fresh clone)');
  const tick = setInterval(() => console.error(`setup  ${seconds()} s`), 2000);
  // Not `npm ci`: where a registry does not carry every platform's binaries, the lock cannot name them all, and `ci` refuses
  // such a lock. `install --no-save` takes the locked versions and writes nothing back.
  const child = spawn('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const stop = (signal) => child.kill(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(127);
    });
    child.on('close', (status) => resolve(status ?? 130));
  });
  clearInterval(tick);
  if (code !== 0) {
    console.error(output.trim());
    console.error(
      `setup  npm install failed (exit ${code}): check that the npm registry can be reached (npm ping), then run the command again`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
  console.error(`setup  done in ${seconds()} s`);
}
