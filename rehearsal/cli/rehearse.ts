import { writeFileSync } from 'node:fs';
import { createSteps } from '../report/progress.ts';
import { renderReport } from '../report/terminal.ts';
import { rehearse } from '../run/rehearse.ts';
import { findProject } from '../run/synth.ts';

export interface RehearseArguments {
  keep: boolean;
  json?: string;
  providers?: 'real' | 'stand-in';
  only?: string;
  app?: string;
  verbose: boolean;
}

/** Ends with 0 when the rehearsal passed, 1 when it found problems or could not run, 130 after Ctrl-C. */
export async function rehearseCommand(environment: string, { json, ...options }: RehearseArguments): Promise<number> {
  const interrupted = new AbortController();
  const steps = createSteps();
  const interrupt = () => {
    steps.note('interrupted: taking everything down');
    interrupted.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const { report, kubeconfig } = await rehearse({
      ...options,
      environment,
      project: findProject(),
      steps,
      signal: interrupted.signal,
    });
    if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    console.log(renderReport(report));
    if (kubeconfig) {
      console.log(`kept         export KUBECONFIG=${kubeconfig}`);
      console.log(`             plinth diff ${environment} plans over it; plinth stop ends it`);
    }
    return report.verdict === 'passed' ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
