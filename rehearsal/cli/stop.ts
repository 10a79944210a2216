import { cleanUp, discardRun, keptRuns } from '../run/run-directory.ts';
import { findProject } from '../run/synth.ts';

/** Ends kept rehearsals (of one environment, or all) and removes what killed ones left behind. */
export async function stopCommand(environment?: string): Promise<number> {
  const project = findProject();
  const kept = keptRuns(project).filter(({ run }) => !environment || run.environment === environment);
  for (const { run } of kept) {
    await discardRun(run);
    console.log(`stopped ${run.environment} (${run.id})`);
  }
  const removed = await cleanUp(project);
  for (const id of removed) console.log(`cleaned up after ${id}, which had been killed`);
  if (kept.length + removed.length === 0) {
    console.log(environment ? `no rehearsal of ${environment} is kept` : 'no rehearsal is kept');
  }
  return 0;
}
