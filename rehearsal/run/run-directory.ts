import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordedProcess, runningRecorded, startTimeOf, stopRecorded } from '../control-plane/processes.ts';
import { runsFolder } from './paths.ts';

/**
 * One folder per rehearsal, under `.plinth/runs`: two rehearsals never share a file, and whatever a killed one leaves
 * behind can be told from what a living one uses, because the folder says which process it belongs to.
 */
export interface RunDirectory {
  id: string;
  environment: string;
  path: string;
  /** Folder of a stack's Terraform working directory and of everything synthesized. */
  output: string;
  state: string;
  home: string;
  controlPlane: string;
}

interface Owner extends RecordedProcess {
  environment: string;
  createdAt: string;
}

const OWNER = 'owner.json';
const KEPT = 'kept.json';
/** A folder whose owner has not written its file yet is being made right now, unless it is older than this. */
const NEWBORN_MS = 10_000;

function describe(runs: string, id: string, environment: string): RunDirectory {
  const path = join(runs, id);
  return {
    id,
    environment,
    path,
    output: join(path, 'cdktf.out'),
    state: join(path, 'state'),
    home: join(path, 'home'),
    controlPlane: join(path, 'control-plane'),
  };
}

const readJson = <T>(file: string): T | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
};

export function createRun(project: string, environment: string): RunDirectory {
  const run = describe(
    runsFolder(project),
    `${environment.replace(/[^a-z0-9-]/gi, '-').slice(-24)}-${randomBytes(3).toString('hex')}`,
    environment,
  );
  mkdirSync(run.path, { recursive: true, mode: 0o700 });
  const owner: Owner = {
    name: 'plinth',
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    environment,
    createdAt: new Date().toISOString(),
  };
  writeFileSync(join(run.path, OWNER), JSON.stringify(owner));
  for (const folder of [run.state, run.home]) mkdirSync(folder, { mode: 0o700 });
  return run;
}

/** What a kept rehearsal needs to be planned against later. */
export interface KeptRun {
  simulator: RecordedProcess;
  kubeconfig: string;
  /** Environment variables for Terraform: where the providers are. */
  terraform: Record<string, string>;
}

export const keepRun = (run: RunDirectory, kept: KeptRun): void =>
  writeFileSync(join(run.path, KEPT), JSON.stringify(kept), { mode: 0o600 });

const isRunning = (recorded: RecordedProcess | undefined): boolean =>
  recorded !== undefined && startTimeOf(recorded.pid) === recorded.startTime;

function allRuns(project: string): { run: RunDirectory; owner?: Owner; kept?: KeptRun }[] {
  const runs = runsFolder(project);
  if (!existsSync(runs)) return [];
  return readdirSync(runs).map((id) => {
    const owner = readJson<Owner>(join(runs, id, OWNER));
    const kept = readJson<KeptRun>(join(runs, id, KEPT));
    return { run: describe(runs, id, owner?.environment ?? id), owner, kept };
  });
}

/** Rehearsals that were kept and still run. */
export const keptRuns = (project: string): { run: RunDirectory; kept: KeptRun }[] =>
  allRuns(project).flatMap(({ run, kept }) => (kept && isRunning(kept.simulator) ? [{ run, kept }] : []));

/** Ends every process of a run, in the order that leaves none behind, and removes its folder. */
export async function discardRun(run: RunDirectory): Promise<void> {
  await stopRecorded(run.path);
  await stopRecorded(run.controlPlane);
  rmSync(run.path, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what rehearsals left behind that were killed. Living and kept ones are not touched. Names what was removed. */
export async function cleanUp(project: string): Promise<string[]> {
  const removed: string[] = [];
  for (const { run, owner, kept } of allRuns(project)) {
    if (isRunning(owner) || isRunning(kept?.simulator)) continue;
    if (!owner && Date.now() - statSync(run.path).mtimeMs < NEWBORN_MS) continue;
    await discardRun(run);
    removed.push(run.id);
  }
  return removed;
}

/** How many processes of a run still live; for messages. */
export const livingProcesses = (run: RunDirectory): number =>
  runningRecorded(run.path).length + runningRecorded(run.controlPlane).length;
