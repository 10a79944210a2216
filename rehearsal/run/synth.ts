import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder, from `start` upwards, that holds a cdktf.json. */
export function findProject(start: string = process.cwd()): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'cdktf.json'))) return folder;
    if (folder === dirname(folder)) {
      throw new Error(`no cdktf.json in ${start} or above it: run plinth inside a cdktf project`);
    }
  }
}

export function appCommand(project: string): string {
  const { app } = JSON.parse(readFileSync(join(project, 'cdktf.json'), 'utf8')) as { app?: string };
  if (!app) throw new Error(`${join(project, 'cdktf.json')}: app must be the command that synthesizes, it is missing`);
  return app;
}

/** Thrown when the app refuses its environment: the message is the app's own, which names path, rule, value and fix. */
export class SynthError extends Error {}

export interface SynthOptions {
  project: string;
  environment: string;
  /** Folder to write to, in place of cdktf.out. */
  output: string;
  /** The command; the project's cdktf.json by default. */
  app?: string;
  signal?: AbortSignal;
}

/** Runs the project's own app command, as `cdktf synth` would, into `output`. */
export async function synthesize({ project, environment, output, app, signal }: SynthOptions): Promise<void> {
  // cdktf makes only the last folder itself.
  mkdirSync(dirname(output), { recursive: true });
  const child = spawn(app ?? appCommand(project), {
    cwd: project,
    shell: true,
    env: { ...process.env, ENVIRONMENT: environment, CDKTF_OUTDIR: output },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new SynthError(text.trim() || `the app command ended with ${code}`);
}
