import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fetch } from 'undici';
import { acquireLock, findJava, outsideDispatcher, plinthCache, runCommand, ToolError } from '../tools/index.ts';
import { CRD_PACKAGES, type CrdSet, type GoModulePackage, type MavenPackage } from './packages.ts';

export interface CrdOptions {
  cacheDir?: string;
  progress?: (message: string) => void;
  signal?: AbortSignal;
}

export interface AcquiredCrds {
  /** One or more definitions each. */
  files: string[];
  /** Where they come from, e.g. `Maven io.strimzi:api:1.2.0`. */
  origin: string;
}

const MAVEN = 'https://repo.maven.apache.org/maven2';
const MODELS = 'io.strimzi.api.kafka.model';
/** Class files of the generator. */
const JAVA = 21;

const listed = (folder: string, origin: string): AcquiredCrds => ({
  files: readdirSync(folder)
    .sort()
    .map((name) => join(folder, name)),
  origin,
});

/** The definitions of one project, from its pinned package; kept by version, so that a second run fetches nothing. */
export async function acquireCrds(set: CrdSet, options: CrdOptions = {}): Promise<AcquiredCrds> {
  const cache = options.cacheDir ?? plinthCache();
  const wanted = CRD_PACKAGES[set];
  const folder = join(cache, 'crds', set, wanted.version);
  if (existsSync(folder)) return listed(folder, wanted.origin);
  const lock = await acquireLock(join(cache, 'locks', `crds-${set}`), { signal: options.signal });
  const started = Date.now();
  const tick = setInterval(
    () => options.progress?.(`${set} definitions (${Math.round((Date.now() - started) / 1000)} s)`),
    1500,
  );
  try {
    if (existsSync(folder)) return listed(folder, wanted.origin);
    options.progress?.(`${set} definitions: ${wanted.origin}`);
    mkdirSync(join(cache, 'crds', set), { recursive: true });
    const partial = mkdtempSync(join(cache, 'crds', set, '.partial-'));
    lock.note({ folder: partial });
    try {
      if (wanted.kind === 'maven') await fromMaven(wanted, partial, cache, options);
      else await fromGoModule(wanted, partial, options);
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
    return listed(folder, wanted.origin);
  } finally {
    clearInterval(tick);
    lock.release();
  }
}

async function fromGoModule(wanted: GoModulePackage, folder: string, { signal }: CrdOptions): Promise<void> {
  const name = `${wanted.module}@${wanted.version}`;
  const result = await runCommand('go', ['mod', 'download', '-json', name], {
    cwd: folder,
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
    signal,
  }).catch((error: Error) => {
    throw new ToolError(name, `go could not be run: ${error.message}`, 'install Go 1.26 or newer (https://go.dev/dl)');
  });
  const {
    Dir,
    Sum,
    Error: reason,
  } = JSON.parse(result.stdout || '{}') as { Dir?: string; Sum?: string; Error?: string };
  if (!Dir) throw new ToolError(name, reason ?? result.stderr.trim(), 'check that the Go module proxy can be reached');
  if (Sum !== wanted.sum)
    throw new ToolError(
      name,
      `has the checksum ${Sum}, expected ${wanted.sum}`,
      'do not use this copy: clear the Go module cache and try again',
    );
  for (const path of wanted.paths) {
    const source = join(Dir, path);
    const files = statSync(source).isDirectory() ? readdirSync(source).map((file) => join(source, file)) : [source];
    for (const file of files.filter((one) => /\.ya?ml$/.test(one) && !/kustomization/.test(one))) {
      copyFileSync(file, join(folder, basename(file).replace(/\.yml$/, '.yaml')));
    }
  }
}

async function fetchJar(path: string, sha256: string, target: string, signal?: AbortSignal): Promise<void> {
  const response = await fetch(`${MAVEN}/${path}`, { dispatcher: outsideDispatcher(), signal });
  if (!response.ok)
    throw new ToolError(path, `Maven Central answered ${response.status}`, 'check that Maven Central can be reached');
  const data = Buffer.from(await response.arrayBuffer());
  const actual = createHash('sha256').update(data).digest('hex');
  if (actual !== sha256)
    throw new ToolError(
      path,
      `has the checksum ${actual}, expected ${sha256}`,
      'do not use this copy; check the proxy in between',
    );
  writeFileSync(target, data);
}

async function fromMaven(wanted: MavenPackage, folder: string, cache: string, options: CrdOptions): Promise<void> {
  const java = await findJava(JAVA, { cacheDir: cache, signal: options.signal, progress: options.progress });
  const jars = mkdtempSync(join(cache, 'crds', '.jars-'));
  try {
    const classpath: string[] = [];
    for (const { path, sha256 } of wanted.jars) {
      const target = join(jars, basename(path));
      await fetchJar(path, sha256, target, options.signal);
      classpath.push(target);
    }
    const outputs = Object.entries(wanted.models).map(
      ([file, model]) => `${MODELS}.${model}=${join(folder, `${file}.yaml`)}`,
    );
    const labels = ['--label', 'app:strimzi', '--label', 'strimzi.io/crd-install:true'];
    const result = await runCommand(
      java.path,
      [
        '-XX:+UseSerialGC',
        '-cp',
        classpath.join(':'),
        'io.strimzi.crdgenerator.CrdGenerator',
        '--target-kube',
        '1.30+',
        '--yaml',
        ...labels,
        ...outputs,
      ],
      { signal: options.signal },
    );
    const missing = Object.keys(wanted.models).filter((file) => !existsSync(join(folder, `${file}.yaml`)));
    if (result.code !== 0 || missing.length > 0) {
      throw new ToolError(
        'strimzi definitions',
        `the generator failed: ${result.stderr.trim().slice(-400)}`,
        `check ${java.path}`,
      );
    }
  } finally {
    rmSync(jars, { recursive: true, force: true });
  }
}
