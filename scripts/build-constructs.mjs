// Builds @plinth/constructs for publication: one CommonJS file, which CommonJS and ES module projects load alike, and the
// declarations beside it. `npm pack` and `npm publish` run this by themselves.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const workspace = join(import.meta.dirname, '..', 'constructs');
const dist = join(workspace, 'dist');
const manifest = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8'));
const external = Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies });

rmSync(dist, { recursive: true, force: true });
await build({
  entryPoints: [join(workspace, 'src', 'index.ts')],
  outfile: join(dist, 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: external.flatMap((name) => [name, `${name}/*`]),
  logLevel: 'warning',
});
const types = spawnSync(
  process.execPath,
  [
    join(import.meta.dirname, '..', 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    join(workspace, 'tsconfig.build.json'),
  ],
  { stdio: 'inherit' },
);
if (types.status !== 0) process.exit(types.status ?? 1);

// Declarations keep the sources' `.ts` imports; a consumer's compiler looks for `.js`.
for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, String(name));
  if (/(^|\/)(testing|fixture\.d\.ts$)/.test(String(name))) {
    rmSync(file, { recursive: true, force: true });
    continue;
  }
  if (!file.endsWith('.d.ts') || !statSync(file).isFile()) continue;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2'));
}
