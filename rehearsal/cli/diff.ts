import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClassifiedChange, classifyChange, describeChange } from '../checks/changes.ts';
import { keptRuns } from '../run/run-directory.ts';
import { findProject, synthesize } from '../run/synth.ts';
import { readSynthesized } from '../run/synthesized.ts';
import { MISLEADING } from '../run/terraform-environment.ts';
import { Terraform } from '../terraform/terraform-cli.ts';
import { acquireTools } from '../tools/index.ts';

export interface DiffArguments {
  app?: string;
  json?: string;
}

/**
 * Plans the definitions as they are now over a kept rehearsal and says what each change does to the running platform.
 * Nothing is applied. Ends with 0 also when there are changes; 1 when a plan is refused.
 */
export async function diffCommand(environment: string, { app, json }: DiffArguments): Promise<number> {
  const project = findProject();
  const kept = keptRuns(project).find(({ run }) => run.environment === environment);
  if (!kept) throw new Error(`no rehearsal of ${environment} is kept: run plinth rehearse ${environment} --keep first`);
  const { run } = kept;
  const { terraform } = await acquireTools(['terraform']);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.test(name)));
  const folder = mkdtempSync(join(run.path, 'diff-'));
  try {
    const output = join(folder, 'cdktf.out');
    await synthesize({ project, environment, app, output });
    const changes: (ClassifiedChange & { stack: string })[] = [];
    for (const stack of readSynthesized(output)) {
      const override = { terraform: { backend: { local: { path: join(run.state, `${stack.name}.tfstate`) } } } };
      writeFileSync(join(stack.directory, 'rehearsal_override.tf.json'), JSON.stringify(override));
      const cli = new Terraform({
        binary: terraform.path,
        directory: stack.directory,
        env: { ...inherited, ...kept.kept.terraform },
      });
      await cli.init();
      const plan = await cli.plan();
      const found = plan.changes.flatMap((change) => classifyChange(change) ?? []);
      changes.push(...found.map((change) => ({ ...change, stack: stack.name })));
      console.log(found.length === 0 ? `${stack.name}: no changes` : `${stack.name}:`);
      for (const change of found) console.log(`  ${describeChange(change)}`);
    }
    if (json) writeFileSync(json, `${JSON.stringify({ environment, changes }, null, 2)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
