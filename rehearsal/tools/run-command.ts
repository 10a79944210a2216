import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Milliseconds. @default none */
  timeout?: number;
  /** Called with every line of standard error. */
  onLine?: (line: string) => void;
  /** Called once it runs. */
  onStart?: (pid: number) => void;
}

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How long a command may take to end after SIGTERM. */
const GRACE_MS = 3_000;

/**
 * Runs a command in a process group of its own, so that a Ctrl-C reaches it through the signal only, and its children
 * (compilers, linkers) end with it. Rejects when it cannot be started or the signal aborts.
 */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      stderr = `${stderr}${line}\n`.slice(-20_000);
      options.onLine?.(line);
    });
    const kill = (signal: NodeJS.Signals) => {
      try {
        if (child.pid) process.kill(-child.pid, signal);
      } catch {
        // The group has ended.
      }
    };
    let last: NodeJS.Timeout | undefined;
    const end = () => {
      kill('SIGTERM');
      last = setTimeout(() => kill('SIGKILL'), GRACE_MS);
    };
    const timer = options.timeout
      ? setTimeout(() => {
          timedOut = true;
          end();
        }, options.timeout)
      : undefined;
    options.signal?.addEventListener('abort', end, { once: true });
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(last);
      options.signal?.removeEventListener('abort', end);
    };
    if (child.pid) options.onStart?.(child.pid);
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code) => {
      settle();
      if (options.signal?.aborted) reject(options.signal.reason);
      else if (timedOut) reject(new Error(`${command} did not end within ${options.timeout} ms`));
      else resolve({ code, stdout, stderr });
    });
  });
}
