import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTimeOf } from '../control-plane/processes.ts';
import { acquireLock } from './lock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-lock-'));
  file = join(folder, 'locks', 'go-helm');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the second holder waits for the first, and is told for whom', async () => {
  const first = await acquireLock(file);
  const waited: number[] = [];
  const order: string[] = [];
  const second = acquireLock(file, { onWait: ({ pid }) => waited.push(pid) }).then((lock) => {
    order.push('second');
    return lock;
  });
  while (waited.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  order.push('first done');
  first.release();
  (await second).release();
  expect(order).toEqual(['first done', 'second']);
  expect(waited).toEqual([process.pid]);
  expect(readdirSync(join(folder, 'locks'))).toEqual([]);
});

test('the lock of a process that is gone is broken: its worker is ended, its folder removed', async () => {
  const worker = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => worker.once('exit', (_, signal) => resolve(signal)));
  const work = join(folder, 'half-built');
  mkdirSync(work);
  mkdirSync(join(folder, 'locks'));
  const pid = worker.pid ?? 0;
  writeFileSync(
    file,
    JSON.stringify({ pid: 999_999_999, startTime: '1', worker: { pid, startTime: startTimeOf(pid) }, folder: work }),
  );
  const lock = await acquireLock(file);
  expect(await ended).toBe('SIGKILL');
  expect(existsSync(work)).toBe(false);
  lock.release();
});

test('a live process with the pid of a dead owner does not keep the lock', async () => {
  mkdirSync(join(folder, 'locks'));
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'another time' }));
  const lock = await acquireLock(file);
  lock.release();
  expect(existsSync(file)).toBe(false);
});

test('an aborted wait ends', async () => {
  const lock = await acquireLock(file);
  const aborter = new AbortController();
  const waiting = acquireLock(file, { signal: aborter.signal });
  aborter.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow(/interrupted|aborted/);
  lock.release();
});
