import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf } from '../control-plane/processes.ts';

interface Owner {
  pid: number;
  startTime: string;
  /** A process group that works for the owner, and the folder it writes to: both are removed with a stale lock. */
  worker?: { pid: number; startTime: string };
  folder?: string;
}

export interface Lock {
  /** Records what a later run has to clean up if this one is killed. */
  note(work: { worker?: number; folder?: string }): void;
  release(): void;
}

export interface LockOptions {
  signal?: AbortSignal;
  /** Called every second while somebody else holds the lock. */
  onWait?: (owner: { pid: number }, seconds: number) => void;
}

/** One holder on this machine; the lock of a process that is gone is broken, and what it was doing is ended. */
export async function acquireLock(file: string, options: LockOptions = {}): Promise<Lock> {
  mkdirSync(dirname(file), { recursive: true });
  const own: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  const since = Date.now();
  let spoken = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    if (tryTake(file, own)) return lockOf(file, own);
    const owner = read(file);
    if (owner && startTimeOf(owner.pid) !== owner.startTime) {
      breakLock(file, owner);
      continue;
    }
    if (owner && Date.now() - spoken > 1_000) {
      spoken = Date.now();
      options.onWait?.(owner, Math.round((Date.now() - since) / 1_000));
    }
    await delay(100, undefined, { signal: options.signal });
  }
}

/** Written aside and linked: the lock is never seen without its owner. */
function tryTake(file: string, own: Owner): boolean {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(own));
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function breakLock(file: string, stale: Owner): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const taken = read(aside);
  if (taken && (taken.pid !== stale.pid || taken.startTime !== stale.startTime)) {
    // Another process broke it first and already holds it anew: give it back.
    try {
      linkSync(aside, file);
    } catch {
      // A third one has it. Two may work at once then, in folders of their own; the last rename wins.
    }
    rmSync(aside, { force: true });
    return;
  }
  const { worker, folder } = taken ?? stale;
  if (worker && startTimeOf(worker.pid) === worker.startTime) {
    try {
      process.kill(-worker.pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
  if (folder) rmSync(folder, { recursive: true, force: true });
  rmSync(aside, { force: true });
}

function lockOf(file: string, own: Owner): Lock {
  const owner = { ...own };
  return {
    note({ worker, folder }) {
      if (worker) owner.worker = { pid: worker, startTime: startTimeOf(worker) ?? '' };
      if (folder) owner.folder = folder;
      const aside = `${file}.${process.pid}`;
      writeFileSync(aside, JSON.stringify(owner));
      renameSync(aside, file);
    },
    release() {
      const now = read(file);
      if (now?.pid === own.pid && now.startTime === own.startTime) rmSync(file, { force: true });
    },
  };
}
