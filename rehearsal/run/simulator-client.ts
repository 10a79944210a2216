import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { logTail, type RecordedProcess, recordProcess, startTimeOf } from '../control-plane/processes.ts';
import type { FromSimulator, RequestName, Requests } from '../simulator/messages.ts';
import type { RunDirectory } from './run-directory.ts';

const MAIN = join(import.meta.dirname, '..', 'simulator', 'main.ts');

/**
 * The process that holds everything simulated. It is tied to ours by a channel: when we end in any way, `kill -9`
 * included, the channel closes and it ends what it started, unless it was told to keep.
 */
export class SimulatorClient {
  readonly recorded: RecordedProcess;
  onProgress: (what: string) => void = () => {};
  private readonly child: ChildProcess;
  private readonly log: string;
  private readonly waiting = new Map<number, { resolve: (output: never) => void; reject: (error: Error) => void }>();
  private next = 1;

  private constructor(child: ChildProcess, recorded: RecordedProcess, log: string) {
    this.child = child;
    this.recorded = recorded;
    this.log = log;
    child.on('message', (message: FromSimulator) => this.receive(message));
    child.on('exit', (code, signal) => this.fail(`the simulator ended (${signal ?? code})\n${logTail(log, 20)}`));
  }

  static start(run: RunDirectory): SimulatorClient {
    const logFile = join(run.path, 'simulator.log');
    const log = openSync(logFile, 'w', 0o600);
    const child = spawn(process.execPath, [MAIN, run.path], {
      cwd: run.path,
      stdio: ['ignore', log, log, 'ipc'],
      // A group of its own: Ctrl-C reaches us, and we end it in order.
      detached: true,
    });
    closeSync(log);
    const pid = child.pid;
    if (pid === undefined) throw new Error('the simulator could not be started');
    const recorded = { name: 'simulator', pid, startTime: startTimeOf(pid) ?? '' };
    recordProcess(run.path, recorded);
    return new SimulatorClient(child, recorded, logFile);
  }

  request<Name extends RequestName>(request: Name, input: Requests[Name]['input']): Promise<Requests[Name]['output']> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      if (!this.child.connected) return this.fail(`the simulator is gone\n${logTail(this.log, 20)}`);
      this.child.send({ id, request, input });
    });
  }

  /** Lets go of a kept simulator, so that our process can end. */
  release(): void {
    if (this.child.connected) this.child.disconnect();
    this.child.removeAllListeners();
    this.child.unref();
  }

  private receive(message: FromSimulator): void {
    if ('progress' in message) {
      this.onProgress(message.progress);
    } else if ('ended' in message) {
      this.fail(message.ended);
    } else {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if ('error' in message) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.output as never);
    }
  }

  private fail(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}
