import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ToolError } from './errors.ts';
import type { Lock } from './lock.ts';
import { runCommand } from './run-command.ts';
import { atLeast, GO_MINIMUM, type GoBuild, LINK_VARIABLES, type Tool, type ToolName } from './tools.ts';

export interface GoToolchain {
  version: string;
  /** Older than the modules ask for; Go then fetches the newer toolchain itself. */
  needsUpgrade: boolean;
}

/** Go 1.21 is the first that fetches a newer toolchain when a module asks for it. */
const FIRST_WITH_TOOLCHAINS = '1.21';
const INSTALL_GO = `install Go ${GO_MINIMUM} or newer (https://go.dev/dl)`;

/** `undefined` when there is no usable Go. */
export async function findGo(): Promise<GoToolchain | undefined> {
  const result = await runCommand('go', ['env', 'GOVERSION'], { env: goEnvironment('local'), timeout: 10_000 }).catch(
    () => undefined,
  );
  const version = /go([0-9.]+)/.exec(result?.stdout ?? '')?.[1];
  if (!version) return undefined;
  return { version, needsUpgrade: !atLeast(version, GO_MINIMUM) };
}

/** The user's Go settings would change what is built; proxies and cache folders stay his. */
function goEnvironment(toolchain: 'local' | 'auto'): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOFLAGS: '',
    GOWORK: 'off',
    CGO_ENABLED: '0',
    GOTOOLCHAIN: toolchain,
    GO111MODULE: 'on',
    GOOS: '',
    GOARCH: '',
  };
}

export interface BuildOptions {
  /** Where temporary files may be made; on the same file system as the cache. */
  workFolder: string;
  lock: Lock;
  signal?: AbortSignal;
  progress?: (message: string) => void;
}

/** Builds tools of one module together, since they share most packages; the paths of the binaries, in a folder to be removed. */
export async function buildWithGo(
  module: GoBuild['module'],
  tools: Tool[],
  options: BuildOptions,
): Promise<{ folder: string; paths: Partial<Record<ToolName, string>> }> {
  const names = tools.map(({ name }) => name).join(', ');
  const go = await findGo();
  if (!go) throw new ToolError(names, 'no Go is on PATH to build it', INSTALL_GO);
  if (!atLeast(go.version, FIRST_WITH_TOOLCHAINS)) {
    throw new ToolError(names, `Go ${go.version} is too old to build it`, INSTALL_GO);
  }
  const progress = options.progress ?? (() => {});
  const env = goEnvironment(go.needsUpgrade ? 'auto' : 'local');
  mkdirSync(options.workFolder, { recursive: true });
  const folder = mkdtempSync(join(options.workFolder, `.${module}-`));
  options.lock.note({ folder });
  const packages = tools.flatMap(({ build }) => (build ? [build.package] : []));
  const started = Date.now();
  let phase = 'reading modules';
  const tick = setInterval(
    () => progress(`building ${names}: ${phase}, ${Math.round((Date.now() - started) / 1_000)} s`),
    1_000,
  );
  try {
    // A copy: the modules may lie in a package folder that is read-only or shared, and go locks what it reads.
    const source = join(folder, 'module');
    mkdirSync(source);
    for (const file of ['go.mod', 'go.sum'])
      copyFileSync(join(import.meta.dirname, 'go', module, file), join(source, file));

    let downloads = 0;
    const go_ = (args: string[], onLine: (line: string) => void) =>
      runCommand('go', args, {
        cwd: source,
        env,
        signal: options.signal,
        onLine,
        onStart: (pid) => options.lock.note({ worker: pid }),
      });
    const list = await go_(['list', '-mod=readonly', '-deps', ...packages], (line) => {
      if (line.includes('downloading')) phase = `fetching modules, ${++downloads} so far`;
    });
    if (list.code !== 0)
      throw new ToolError(names, `go could not fetch the modules: ${lastLine(list.stderr)}`, goRemedy(go));
    const total = list.stdout.trim().split('\n').length;

    let compiled = 0;
    phase = `compiling, 0 of at most ${total} packages`;
    const flags = Object.entries(LINK_VARIABLES[module]).map(([name, value]) => `-X ${name}=${value}`);
    const out = join(folder, 'bin');
    mkdirSync(out);
    const build = await go_(
      [
        'build',
        '-mod=readonly',
        '-trimpath',
        '-buildvcs=false',
        '-v',
        '-ldflags',
        ['-s', '-w', ...flags].join(' '),
        '-o',
        `${out}/`,
        ...packages,
      ],
      (line) => {
        compiled++;
        // The main package comes last of a binary: what follows is its link.
        const linking = packages.includes(line.trim()) ? `, linking ${binaryName(line.trim())}` : '';
        phase = `compiling, ${compiled} of at most ${total} packages${linking}`;
      },
    );
    if (build.code !== 0) throw new ToolError(names, `go build failed: ${lastLine(build.stderr)}`, goRemedy(go));
    const paths: Partial<Record<ToolName, string>> = {};
    for (const tool of tools) if (tool.build) paths[tool.name] = join(out, binaryName(tool.build.package));
    return { folder, paths };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    clearInterval(tick);
  }
}

const goRemedy = (go: GoToolchain): string =>
  go.needsUpgrade
    ? `${INSTALL_GO}: ${go.version} is here, and had to fetch a newer toolchain`
    : 'check that the Go module proxy can be reached (go env GOPROXY)';

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** go names a binary after the last part of its path that is no version. */
const binaryName = (path: string): string =>
  /^v\d+$/.test(basename(path)) ? basename(path.slice(0, path.lastIndexOf('/'))) : basename(path);
