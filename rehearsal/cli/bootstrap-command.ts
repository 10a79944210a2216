import { bootstrapSteps } from '../../environments/bootstrap.ts';
import { loadEnvironment } from '../../environments/index.ts';
import { findOnPath, runCommand } from '../tools/index.ts';

const quote = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** Prints the one-time steps of an environment, or runs them; a step that was taken before is passed over. */
export async function bootstrapCommand(name: string, options: { run: boolean; repository?: string }): Promise<number> {
  const steps = bootstrapSteps(await loadEnvironment(name), options.repository);
  if (!options.run) {
    for (const { title, command } of steps) console.log(`# ${title}\n${command.map(quote).join(' ')}`);
    return 0;
  }
  if (!findOnPath('gcloud')) {
    throw new Error(
      'gcloud is not on the PATH: install the Google Cloud CLI, or run without --run and copy the commands',
    );
  }
  for (const { title, command, mayExist } of steps) {
    const [program = '', ...args] = command;
    console.log(title);
    const { code, stderr } = await runCommand(program, [...args, '--quiet']);
    if (code === 0 || (mayExist && /already exists|ALREADY_EXISTS|HTTPError 409/i.test(stderr))) continue;
    throw new Error(`${title}: ${stderr.trim()}`);
  }
  return 0;
}
