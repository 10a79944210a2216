import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  logTail,
  readRecorded,
  recordProcess,
  runningRecorded,
  startService,
  startTimeOf,
  stopRecorded,
} from './processes.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plinth-processes-'));
});
afterEach(async () => {
  await stopRecorded(directory);
  rmSync(directory, { recursive: true, force: true });
});

const sleeper = (name = 'sleeper') => startService({ name, path: '/bin/sleep', args: ['600'], directory });

test('a process is recorded the moment it starts', () => {
  const { name, pid, startTime } = sleeper();
  expect(readRecorded(directory)).toEqual([{ name, pid, startTime }]);
  expect(startTimeOf(pid)).toBe(startTime);
});

test('stopRecorded ends what is recorded and forgets it', async () => {
  const { pid } = sleeper();
  const stopped = await stopRecorded(directory);
  expect(stopped.map((each) => each.pid)).toEqual([pid]);
  expect(startTimeOf(pid)).toBeUndefined();
  expect(readRecorded(directory)).toEqual([]);
});

test('the youngest process is stopped first', async () => {
  const first = sleeper('etcd');
  const second = sleeper('kube-apiserver');
  expect((await stopRecorded(directory)).map((each) => each.pid)).toEqual([second.pid, first.pid]);
});

test('a process with the pid but not the start time of a recorded one is left alone', async () => {
  const other = mkdtempSync(join(tmpdir(), 'plinth-processes-'));
  const { pid, startTime } = startService({ name: 'stranger', path: '/bin/sleep', args: ['600'], directory: other });
  recordProcess(directory, { name: 'etcd', pid, startTime: '1' });
  expect(await stopRecorded(directory)).toEqual([]);
  expect(startTimeOf(pid)).toBe(startTime);
  await stopRecorded(other);
  rmSync(other, { recursive: true });
});

test('a process that ignores SIGTERM is killed after the bound', async () => {
  const script = 'trap "" TERM; echo ready; while :; do sleep 0.1; done';
  const { pid, logFile } = startService({ name: 'deaf', path: '/bin/sh', args: ['-c', script], directory });
  while (logTail(logFile) !== 'ready') await new Promise((resolve) => setTimeout(resolve, 10));
  await stopRecorded(directory, { graceSeconds: 0.2 });
  expect(startTimeOf(pid)).toBeUndefined();
});

test('a record that cannot be read counts as empty', () => {
  writeFileSync(join(directory, 'processes.json'), '{"half');
  expect(runningRecorded(directory)).toEqual([]);
});

test('a binary that is absent is reported, not thrown later', async () => {
  const service = startService({ name: 'etcd', path: join(directory, 'absent'), args: [], directory });
  await new Promise((resolve) => service.child.once('error', resolve));
  expect(service.exit()).toBe(`could not be started: spawn ${join(directory, 'absent')} ENOENT`);
  expect(readRecorded(directory)).toEqual([]);
});
