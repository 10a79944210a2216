import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isReachable, plinthCache, runCommand } from '../tools/index.ts';
import { acquireCrds } from './crds.ts';
import type { Footprint } from './footprint.ts';
import { outlineChart } from './outline.ts';
import { packagesFor } from './packages.ts';

export interface ChartRequest {
  name: string;
  repository?: string;
  version: string;
  footprint?: Footprint;
}

export interface ResolveOptions {
  /** The helm binary. */
  helm: string;
  /** Where outlines are written: the run's own folder. */
  directory: string;
  cacheDir?: string;
  progress?: (message: string) => void;
  signal?: AbortSignal;
}

export interface ResolvedChart {
  name: string;
  version: string;
  /** A packaged chart or a chart's folder. */
  path: string;
  evidence: 'applied' | 'outlined';
  /** e.g. `from its repository`, `footprint recorded 2026-08-21, definitions from ...`. */
  detail: string;
}

/** Folder with packaged charts (`<name>-<version>.tgz`) for machines that reach no chart repository. */
const MIRROR = 'PLINTH_CHART_MIRROR';
const PULL_MS = 60_000;

/** The chart itself from its repository or a mirror folder; else an outline from its footprint. */
export async function resolveChart(request: ChartRequest, options: ResolveOptions): Promise<ResolvedChart> {
  const { name, version } = request;
  const file = `${name}-${version}.tgz`;
  const mirror = process.env[MIRROR];
  const mirrored = mirror && join(mirror, file);
  if (mirrored && existsSync(mirrored)) {
    return { name, version, path: mirrored, evidence: 'applied', detail: `from the mirror folder ${MIRROR}` };
  }
  const pulled = await pull(request, file, options);
  if (typeof pulled !== 'string')
    return { name, version, path: pulled.path, evidence: 'applied', detail: 'from its repository' };
  return outline(request, pulled, options);
}

/** Every chart, side by side: most of the time is spent waiting for repositories. */
export const resolveCharts = (requests: ChartRequest[], options: ResolveOptions): Promise<ResolvedChart[]> =>
  Promise.all(requests.map((request) => resolveChart(request, options)));

/** The path, or the reason why there is none. */
async function pull(request: ChartRequest, file: string, options: ResolveOptions): Promise<{ path: string } | string> {
  const { name, repository, version } = request;
  if (!repository) return 'no repository is named';
  const cache = join(options.cacheDir ?? plinthCache(), 'charts');
  const path = join(cache, file);
  if (existsSync(path)) return { path };
  const origin = repository.replace(/^oci:/, 'https:');
  const { reachable, reason } = await isReachable(origin);
  if (!reachable) return `${new URL(origin).host} cannot be reached (${reason})`;
  options.progress?.(`${name} ${version}: fetching`);
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, '.partial-'));
  try {
    const source = repository.startsWith('oci:') ? [`${repository}/${name}`] : [name, '--repo', repository];
    const result = await runCommand(options.helm, ['pull', ...source, '--version', version, '--destination', partial], {
      timeout: PULL_MS,
      signal: options.signal,
    });
    const [fetched] = readdirSync(partial);
    if (result.code !== 0 || !fetched) return result.stderr.trim().split('\n').pop() ?? 'helm pull failed';
    renameSync(join(partial, fetched), path);
    return { path };
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function outline(request: ChartRequest, why: string, options: ResolveOptions): Promise<ResolvedChart> {
  const { name, version, footprint } = request;
  if (!footprint) {
    throw new Error(
      `chart ${name} ${version} cannot be had (${why}) and has no footprint to stand in for it: install it through HelmInstall with a footprint, or put ${name}-${version}.tgz into a folder and name it in ${MIRROR}`,
    );
  }
  const { sets, unknown } = packagesFor(footprint.crds);
  if (unknown.length > 0) {
    throw new Error(`chart ${name}: no package is known for its definitions ${unknown.join(', ')}`);
  }
  const acquired = await Promise.all(
    sets.map((set) =>
      acquireCrds(set, { cacheDir: options.cacheDir, progress: options.progress, signal: options.signal }),
    ),
  );
  const path = outlineChart({
    name,
    version,
    footprint,
    definitions: acquired.flatMap(({ files }) => files),
    directory: options.directory,
  });
  const facts = footprint.recorded
    ? `footprint recorded ${footprint.recorded.date} from ${footprint.recorded.chartVersion}`
    : 'footprint declared by hand';
  const definitions =
    acquired.length > 0 ? `; definitions from ${acquired.map(({ origin }) => origin).join(', ')}` : '';
  return { name, version, path, evidence: 'outlined', detail: `${facts}${definitions}; ${why}` };
}
