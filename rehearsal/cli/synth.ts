import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProject, SynthError, synthesize } from '../run/synth.ts';

/** Environments of a project by its files, for projects that keep them as the baseline does. */
function environmentsOf(project: string): string[] {
  const order = ['local', 'dev', 'staging', 'prod'];
  return readdirSync(join(project, 'environments'))
    .filter((file) => order.includes(file.replace(/\.ts$/, '')) && file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

export async function synthCommand(environments: string[], options: { out: string }): Promise<number> {
  const project = findProject();
  let failed = 0;
  for (const environment of environments.length > 0 ? environments : environmentsOf(project)) {
    const output = join(project, options.out, environment);
    const started = Date.now();
    try {
      await synthesize({ project, environment, output });
      console.log(
        `${environment.padEnd(10)} ${join(options.out, environment)}  ${((Date.now() - started) / 1000).toFixed(1)} s`,
      );
    } catch (error) {
      if (!(error instanceof SynthError)) throw error;
      failed += 1;
      console.error(error.message);
    }
  }
  return failed > 0 ? 1 : 0;
}
