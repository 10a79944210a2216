import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { plinthCache, toolFolder } from './cache.ts';
import { ToolError } from './errors.ts';
import { buildWithGo } from './go-build.ts';
import { acquireLock } from './lock.ts';
import { isReachable } from './reachability.ts';
import { downloadRelease } from './release.ts';
import { runCommand } from './run-command.ts';
import { currentPlatform, type GoBuild, TOOLS, type Tool, type ToolName } from './tools.ts';

export interface AcquiredTool {
  path: string;
  version: string;
  /** How this run came by it. */
  origin: 'path' | 'cache' | 'release' | 'built';
  /** How it once came into the cache; absent for tools on PATH. */
  source?: 'release' | 'built';
  /** What it cost this run; tools that were built together share the time. */
  seconds: number;
}

export interface AcquireOptions {
  /** Called with what is happening, at least every two seconds while something is fetched or built. */
  progress?: (message: string) => void;
  /** @default the user's cache */
  cacheDir?: string;
  signal?: AbortSignal;
  /** Looked through for binaries. @default the PATH of this process */
  path?: string;
}

interface CacheEntry {
  version: string;
  source: 'release' | 'built';
  from: string;
  at: string;
}

/** Each tool from PATH in a version that will do, else from the cache, else from its publisher, else built from pinned modules. */
export async function acquireTools<Name extends ToolName>(
  names: readonly Name[],
  options: AcquireOptions = {},
): Promise<Record<Name, AcquiredTool>> {
  const cacheDir = options.cacheDir ?? plinthCache();
  const acquired: Partial<Record<ToolName, AcquiredTool>> = {};
  const misfits = new Map<ToolName, string>();

  await Promise.all(
    names.map(async (name) => {
      const found = await findPresent(TOOLS[name], cacheDir, options);
      if (found && 'path' in found) acquired[name] = found;
      else if (found) misfits.set(name, found.misfit);
    }),
  );
  const missing = () => names.filter((name) => !acquired[name]).map((name) => TOOLS[name]);

  const failures = new Map<ToolName, string>();
  await Promise.all(
    missing().map(async (tool) => {
      const result = await fromRelease(tool, cacheDir, options);
      if ('path' in result) acquired[tool.name] = result;
      else failures.set(tool.name, result.failure);
    }),
  );

  for (const tool of missing()) {
    if (tool.build) continue;
    const misfit = misfits.get(tool.name) ?? 'none is on PATH';
    throw new ToolError(tool.name, `${misfit}, and ${failures.get(tool.name)}`, tool.remedy);
  }
  // Helm first: it is small, and the control plane's build then finds the modules they share.
  for (const module of ['helm', 'control-plane'] as const) {
    const tools = missing().filter(({ build }) => build?.module === module);
    if (tools.length > 0) Object.assign(acquired, await fromModule(module, tools, cacheDir, options));
  }
  return acquired as Record<Name, AcquiredTool>;
}

const secondsSince = (start: number): number => Math.round((Date.now() - start) / 100) / 10;

/** What is here already: on PATH or in the cache. A binary of another version is told as a misfit. */
export async function findPresent(
  tool: Tool,
  cacheDir: string,
  options: Pick<AcquireOptions, 'path' | 'signal'> = {},
): Promise<AcquiredTool | { misfit: string } | undefined> {
  const start = Date.now();
  const onPath = findOnPath(tool.name, options.path);
  let misfit: string | undefined;
  if (onPath) {
    const version = await askVersion(tool, onPath, options.signal);
    if (version && tool.accepts(version))
      return { path: onPath, version, origin: 'path', seconds: secondsSince(start) };
    misfit = version ? `${onPath} is ${version}, not ${tool.accepted}` : `${onPath} does not say its version`;
  }
  const cached = readCache(tool, cacheDir);
  if (cached) return { ...cached, seconds: secondsSince(start) };
  return misfit ? { misfit } : undefined;
}

export function findOnPath(name: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    const stat = folder ? statSync(candidate, { throwIfNoEntry: false }) : undefined;
    if (stat?.isFile() && (stat.mode & 0o111) !== 0) return candidate;
  }
  return undefined;
}

async function askVersion(tool: Tool, path: string, signal?: AbortSignal): Promise<string | undefined> {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
  const result = await runCommand(path, tool.ask, { env, signal, timeout: 10_000 }).catch((error) => {
    if (signal?.aborted) throw error;
    return undefined;
  });
  return tool.answer.exec(`${result?.stdout ?? ''}\n${result?.stderr ?? ''}`)?.[1];
}

function readCache(tool: Tool, cacheDir: string): AcquiredTool | undefined {
  const folder = toolFolder(cacheDir, tool.name, tool.version);
  const path = join(folder, tool.name);
  try {
    const entry = JSON.parse(readFileSync(join(folder, 'origin.json'), 'utf8')) as CacheEntry;
    return existsSync(path)
      ? { path, version: entry.version, origin: 'cache', source: entry.source, seconds: 0 }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Completes a folder aside and renames it: a tool is in the cache whole or not at all. */
function writeCache(tool: Tool, cacheDir: string, entry: CacheEntry, fill: (path: string) => void): string {
  const folder = toolFolder(cacheDir, tool.name, tool.version);
  mkdirSync(dirname(folder), { recursive: true });
  const aside = mkdtempSync(join(dirname(folder), `.${tool.version}-`));
  try {
    fill(join(aside, tool.name));
    chmodSync(join(aside, tool.name), 0o755);
    chmodSync(aside, 0o755);
    writeFileSync(join(aside, 'origin.json'), `${JSON.stringify(entry, null, 2)}\n`);
    // What is there is incomplete (else it would have been used), or was just made by another process.
    if (!readCache(tool, cacheDir)) {
      rmSync(folder, { recursive: true, force: true });
      try {
        renameSync(aside, folder);
      } catch (error) {
        if (!readCache(tool, cacheDir)) throw error;
      }
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return join(folder, tool.name);
}

async function fromRelease(
  tool: Tool,
  cacheDir: string,
  options: AcquireOptions,
): Promise<AcquiredTool | { failure: string }> {
  const start = Date.now();
  const platform = currentPlatform();
  const release = platform && tool.release(platform);
  if (!release)
    return { failure: `its publisher has no release for ${process.platform} ${process.arch} that could be checked` };
  const host = new URL(release.url).host;
  options.progress?.(`${tool.name}: asking ${host}`);
  const { reachable, reason } = await isReachable(release.url, { cacheDir });
  if (!reachable) return { failure: `${host} cannot be reached (${reason})` };
  const lock = await acquireLock(join(cacheDir, 'locks', `${tool.name}-${tool.version}`), {
    signal: options.signal,
    onWait: ({ pid }, seconds) =>
      options.progress?.(`${tool.name}: process ${pid} is fetching it, waited ${seconds} s`),
  });
  try {
    const meanwhile = readCache(tool, cacheDir);
    if (meanwhile) return { ...meanwhile, seconds: secondsSince(start) };
    const data = await downloadRelease(release, {
      signal: options.signal,
      progress: (received, total) =>
        options.progress?.(`${tool.name}: fetched ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ''} MB`),
    });
    const entry: CacheEntry = {
      version: tool.version,
      source: 'release',
      from: release.url,
      at: new Date().toISOString(),
    };
    const path = writeCache(tool, cacheDir, entry, (file) => writeFileSync(file, data));
    return { path, version: tool.version, origin: 'release', source: 'release', seconds: secondsSince(start) };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return { failure: `the release could not be used: ${(error as Error).message}` };
  } finally {
    lock.release();
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);

async function fromModule(
  module: GoBuild['module'],
  tools: Tool[],
  cacheDir: string,
  options: AcquireOptions,
): Promise<Partial<Record<ToolName, AcquiredTool>>> {
  const start = Date.now();
  const acquired: Partial<Record<ToolName, AcquiredTool>> = {};
  const lock = await acquireLock(join(cacheDir, 'locks', `go-${module}`), {
    signal: options.signal,
    onWait: ({ pid }, seconds) => options.progress?.(`process ${pid} is building the same tools, waited ${seconds} s`),
  });
  try {
    const rest = tools.filter((tool) => {
      const meanwhile = readCache(tool, cacheDir);
      if (meanwhile) acquired[tool.name] = { ...meanwhile, seconds: secondsSince(start) };
      return !meanwhile;
    });
    if (rest.length === 0) return acquired;
    const workFolder = join(cacheDir, 'tools');
    const { folder, paths } = await buildWithGo(module, rest, {
      workFolder,
      lock,
      signal: options.signal,
      progress: options.progress,
    });
    try {
      for (const tool of rest) {
        const built = paths[tool.name] as string;
        const version = await askVersion(tool, built, options.signal);
        if (!version || !tool.accepts(version)) {
          throw new ToolError(
            tool.name,
            `the binary built from ${tool.build?.package} says '${version ?? 'nothing'}'`,
            tool.remedy,
          );
        }
        const entry: CacheEntry = {
          version,
          source: 'built',
          from: tool.build?.package ?? '',
          at: new Date().toISOString(),
        };
        const path = writeCache(tool, cacheDir, entry, (file) => {
          try {
            renameSync(built, file);
          } catch {
            copyFileSync(built, file);
          }
        });
        acquired[tool.name] = { path, version, origin: 'built', source: 'built', seconds: secondsSince(start) };
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return acquired;
  } finally {
    lock.release();
  }
}
