import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient } from '../kubernetes-client/index.ts';
import type { Steps } from '../report/progress.ts';
import type { Problem } from '../report/report.ts';
import type { ResolvedChart } from '../simulator/messages.ts';
import { type Plan, Terraform, TerraformError } from '../terraform/terraform-cli.ts';
import type { RunDirectory } from './run-directory.ts';
import { resourcesOf, type SynthesizedStack } from './synthesized.ts';
import { watchApply } from './watchdog.ts';

/** The stacks of one rehearsal under Terraform: applied in order, planned again, destroyed in reverse. */

/** An apply that did not go through, with what is wrong as problems. */
export class ApplyFailed extends Error {
  readonly problems: Problem[];
  constructor(problems: Problem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.problems = problems;
  }
}

export interface LayersOptions {
  run: RunDirectory;
  stacks: SynthesizedStack[];
  terraform: string;
  env: NodeJS.ProcessEnv;
  /** Charts that the real helm provider is pointed to, where it could not fetch them itself. */
  charts: ResolvedChart[];
  realProviders: boolean;
  signal: AbortSignal;
  steps: Steps;
  verbose: boolean;
}

export function problemsOf(error: unknown, stack: SynthesizedStack, rule: string): Problem[] {
  if (!(error instanceof TerraformError) || error.diagnostics.length === 0) {
    return [{ evidence: 'applied', path: stack.name, rule, message: (error as Error).message, fix: 'see the message' }];
  }
  return error.diagnostics.map(({ address, summary, detail }) => ({
    evidence: address?.startsWith('google_') ? 'simulated' : 'applied',
    path: [stack.name, address].filter(Boolean).join(': '),
    rule,
    message: [summary, detail].filter(Boolean).join('\n    '),
    fix: 'mend what the message names, in the environment or the construct of that path',
  }));
}

export class Layers {
  private readonly options: LayersOptions;
  private readonly terraforms = new Map<string, Terraform>();
  private say: (what: string) => void = () => {};

  constructor(options: LayersOptions) {
    this.options = options;
  }

  private of(stack: SynthesizedStack): Terraform {
    const known = this.terraforms.get(stack.name);
    if (known) return known;
    const { terraform: binary, env, signal, steps, verbose } = this.options;
    const made = new Terraform({
      binary,
      directory: stack.directory,
      env,
      signal,
      onProgress: (what) => (verbose ? steps.note(what) : this.say(what)),
    });
    this.terraforms.set(stack.name, made);
    return made;
  }

  /** An override beside the synthesized file, which itself stays as it is: state here, and charts that were found. */
  private prepare(stack: SynthesizedStack): void {
    const { run, charts, realProviders } = this.options;
    mkdirSync(stack.directory, { recursive: true });
    const found = Object.fromEntries(
      resourcesOf(stack.json, 'helm_release').flatMap(([id, release]) => {
        const chart = charts.find((one) => one.name === release.chart && one.version === release.version);
        return realProviders && chart ? [[id, { chart: chart.path, repository: null }]] : [];
      }),
    );
    const override = {
      terraform: { backend: { local: { path: join(run.state, `${stack.name}.tfstate`) } } },
      ...(Object.keys(found).length > 0 ? { resource: { helm_release: found } } : {}),
    };
    writeFileSync(join(stack.directory, 'rehearsal_override.tf.json'), JSON.stringify(override, null, 2));
  }

  async apply(stack: SynthesizedStack, client: KubeClient | undefined): Promise<Plan> {
    return this.options.steps.run(stack.name, async (say) => {
      this.say = say;
      const terraform = this.of(stack);
      this.prepare(stack);
      let plan: Plan;
      try {
        say('init');
        await terraform.init();
        say('plan');
        plan = await terraform.plan();
      } catch (error) {
        this.options.signal.throwIfAborted();
        throw new ApplyFailed(problemsOf(error, stack, 'plan'));
      }
      const stuck = new AbortController();
      let lost: Problem[] = [];
      const watch =
        client &&
        watchApply(client, (problems) => {
          lost = problems;
          stuck.abort(new Error('it cannot go on'));
        });
      try {
        say(`apply: ${plan.counts.add} to add`);
        await terraform.apply(plan, stuck.signal);
      } catch (error) {
        this.options.signal.throwIfAborted();
        throw new ApplyFailed(lost.length > 0 ? lost : problemsOf(error, stack, 'apply'));
      } finally {
        watch?.stop();
      }
      return plan;
    });
  }

  /** Plans every stack again, side by side. */
  async planAll(say: (what: string) => void): Promise<Map<SynthesizedStack, Plan>> {
    const plans = new Map<SynthesizedStack, Plan>();
    // One after the other: two Terraforms at once are not faster on two cores, and their messages mix.
    for (const stack of this.options.stacks) {
      say(stack.name);
      plans.set(stack, await this.of(stack).plan());
    }
    return plans;
  }

  plan(stack: SynthesizedStack): Promise<Plan> {
    return this.of(stack).plan();
  }

  async destroy(stack: SynthesizedStack, say: (what: string) => void): Promise<void> {
    this.say = say;
    say(stack.name);
    await this.of(stack).destroy();
  }
}
