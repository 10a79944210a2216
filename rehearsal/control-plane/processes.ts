import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface RecordedProcess {
  name: string;
  pid: number;
  /** Tells a process from a later one with the same pid: clock ticks since boot (Linux) or the start date (elsewhere). */
  startTime: string;
}

const RECORD = 'processes.json';

/** When the process started; `undefined` when it is gone (a zombie is gone: it only waits for its parent). */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name may hold spaces and brackets; fields are counted from its closing bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    }
    const [state, ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(/\s+/);
    return state?.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}

const isAlive = ({ pid, startTime }: RecordedProcess): boolean => startTimeOf(pid) === startTime;

/** What was recorded in a directory, oldest first; empty when nothing (or nothing readable) is there. */
export function readRecorded(directory: string): RecordedProcess[] {
  try {
    return JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as RecordedProcess[];
  } catch {
    return [];
  }
}

/** Of the recorded processes those that still run. */
export const runningRecorded = (directory: string): RecordedProcess[] => readRecorded(directory).filter(isAlive);

/** Adds a process to the record, so that a later run can end it after this one was killed. */
export function recordProcess(directory: string, process_: RecordedProcess): void {
  const file = join(directory, RECORD);
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify([...readRecorded(directory), process_], null, 2), { mode: 0o600 });
  renameSync(partial, file);
}

export interface StopOptions {
  /** How long a process may take after SIGTERM before it is killed. @default 3 */
  graceSeconds?: number;
}

/**
 * Ends what is recorded in a directory, the youngest first, and removes the record. A process is touched only when
 * both its pid and its start time are the recorded ones. The processes that were still running.
 */
export async function stopRecorded(directory: string, options: StopOptions = {}): Promise<RecordedProcess[]> {
  const running = runningRecorded(directory).reverse();
  await stopProcesses(running, options);
  if (existsSync(directory)) rmSync(join(directory, RECORD), { force: true });
  return running;
}

/** SIGTERM in the order given, each after the one before has ended; SIGKILL after the bound. */
export async function stopProcesses(processes: RecordedProcess[], options: StopOptions = {}): Promise<void> {
  const grace = (options.graceSeconds ?? 3) * 1_000;
  for (const each of processes) {
    signalIfSame(each, 'SIGTERM');
    const patience = Date.now() + grace;
    while (isAlive(each)) {
      if (Date.now() > patience) signalIfSame(each, 'SIGKILL');
      await delay(20);
    }
  }
}

function signalIfSame(process_: RecordedProcess, signal: NodeJS.Signals): void {
  if (!isAlive(process_)) return;
  try {
    process.kill(process_.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

export interface ServiceProcess extends RecordedProcess {
  logFile: string;
  child: ChildProcess;
  /** Why it ended, once it has. */
  exit: () => string | undefined;
}

export interface ServiceSpec {
  name: string;
  path: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Holds the log and the record; also the working directory. */
  directory: string;
}

/**
 * Starts a long-running process: recorded at once, its output in `<name>.log`, in a process group of its own so that
 * Ctrl-C in the terminal reaches us first and we end it in order.
 */
export function startService({ name, path, args, env, directory }: ServiceSpec): ServiceProcess {
  const logFile = join(directory, `${name}.log`);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(path, args, {
    cwd: directory,
    env: env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = `could not be started: ${error.message}`;
  });
  child.once('exit', (code, signal) => {
    ended ??= signal ? `was ended by ${signal}` : `exited with code ${code}`;
  });
  // The rehearsal may end with `--keep` while its control plane goes on.
  child.unref();
  const startTime = child.pid ? startTimeOf(child.pid) : undefined;
  const recorded = { name, pid: child.pid ?? 0, startTime: startTime ?? '' };
  if (startTime) recordProcess(directory, recorded);
  return { ...recorded, logFile, child, exit: () => ended };
}

/** The last lines of a service's log, for an error message. */
export function logTail(logFile: string, lines = 8): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
