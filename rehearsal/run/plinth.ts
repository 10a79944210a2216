import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../report/report.ts';

/** For tests: the command as a user runs it. */

export const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'rehearsal', 'bin', 'plinth.mjs');

export interface Ran {
  code: number | null;
  output: string;
}

export function start(args: string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, output })));
  return { child, ended };
}

export const plinth = (args: string[], env?: Record<string, string>): Promise<Ran> => start(args, env).ended;

/** A rehearsal with the stand-ins, which every machine has, and its report. */
export async function rehearsed(
  environment: string,
  json: string,
  args: string[] = [],
  env?: Record<string, string>,
): Promise<Ran & { report: Report }> {
  const ran = await plinth(['rehearse', environment, '--providers', 'stand-in', '--json', json, ...args], env);
  return { ...ran, report: JSON.parse(readFileSync(json, 'utf8')) as Report };
}
