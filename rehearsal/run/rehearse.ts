import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { resolveCharts } from '../charts/resolve.ts';
import { differences } from '../checks/changes.ts';
import { CONTROL_PLANE_TOOLS } from '../control-plane/index.ts';
import { KubeClient } from '../kubernetes-client/index.ts';
import type { Steps } from '../report/progress.ts';
import type { Problem, Report } from '../report/report.ts';
import type { ResolvedChart } from '../simulator/messages.ts';
import { TerraformError } from '../terraform/terraform-cli.ts';
import { acquireTools } from '../tools/index.ts';
import { injectDrift } from './drift.ts';
import { chooseProviders, type ProviderChoice } from './engines.ts';
import { type Findings, judge } from './judge.ts';
import { ApplyFailed, Layers, problemsOf } from './layers.ts';
import { notExercised } from './not-exercised.ts';
import { chartsOf, contextOf, projectOf, restrictedStrimzi, typesInUse } from './preparation.ts';
import { cleanUp, createRun, discardRun, keepRun, type RunDirectory } from './run-directory.ts';
import { SimulatorClient } from './simulator-client.ts';
import { SynthError, synthesize } from './synth.ts';
import { readSynthesized, type SynthesizedStack } from './synthesized.ts';
import { MISLEADING, terraformEnvironment } from './terraform-environment.ts';

export interface RehearseOptions {
  project: string;
  environment: string;
  steps: Steps;
  signal: AbortSignal;
  keep?: boolean;
  providers?: ProviderChoice;
  /** The last stack to apply, by its layer's name or its own. */
  only?: string;
  app?: string;
  verbose?: boolean;
}

export interface Rehearsal {
  report: Report;
  /** Of the control plane that was kept. */
  kubeconfig?: string;
}

const empty = (environment: string): Report => ({
  environment,
  verdict: 'failed',
  startedAt: new Date().toISOString(),
  seconds: 0,
  steps: [],
  engines: {
    terraform: { version: '', kind: 'real' },
    google: { version: '6.50.0', kind: 'simulated' },
    kubernetes: { version: '2.38.0', kind: 'stand-in' },
    helm: { version: '3.1.1', kind: 'stand-in' },
    controlPlane: { version: '', kind: 'real' },
  },
  resources: { applied: 0, simulated: 0, outlined: 0 },
  nodes: [],
  pods: { running: 0, pending: [], pendingAtMax: [] },
  pools: [],
  quotas: [],
  cost: null,
  secondPlan: { add: 0, change: 0, destroy: 0 },
  drift: null,
  destroy: { outcome: 'skipped', detail: '' },
  charts: [],
  notExercised: [],
  problems: [],
  warnings: [],
});

/** Applies one environment as it would be applied for real, looks at what came of it, and takes it down again. */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { project, steps, signal } = options;
  const started = Date.now();
  const report = empty(options.environment);
  for (const id of await cleanUp(project)) steps.note(`cleaned up after ${id}, which had been killed`);
  const run = createRun(project, options.environment);
  const rehearsal = new Run(options, run, report);
  let kubeconfig: string | undefined;
  try {
    await rehearsal.go();
    if (options.keep) kubeconfig = await rehearsal.keep();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApplyFailed) report.problems.push(...error.problems);
    else if (error instanceof SynthError) report.problems.push(...synthProblems(error));
    else throw error;
  } finally {
    if (!kubeconfig) await rehearsal.end();
  }
  report.verdict = report.problems.length === 0 ? 'passed' : 'failed';
  report.steps = steps.done;
  report.seconds = Math.round((Date.now() - started) / 100) / 10;
  return { report, kubeconfig };
}

/** Each line of the app's refusal is a problem of its own. */
const synthProblems = (error: SynthError): Problem[] =>
  error.message.split('\n').map((line) => {
    const [path = '', ...message] = line.split(': ');
    return {
      evidence: 'applied',
      path,
      rule: 'definition',
      message: message.join(': ') || line,
      fix: 'change the definition as the message says',
    };
  });

/** One rehearsal while it runs. */
class Run {
  private readonly options: RehearseOptions;
  private readonly run: RunDirectory;
  private readonly report: Report;
  private simulator: SimulatorClient | undefined;
  private kubeconfig = '';
  private terraformVariables: Record<string, string> = {};

  constructor(options: RehearseOptions, run: RunDirectory, report: Report) {
    this.options = options;
    this.run = run;
    this.report = report;
  }

  async go(): Promise<void> {
    const { steps, signal } = this.options;
    const { run, report } = this;
    const tools = await steps.run('tools', (progress) =>
      acquireTools([...CONTROL_PLANE_TOOLS, 'helm', 'terraform'], { progress, signal }),
    );
    report.engines.terraform.version = tools.terraform.version;

    const providers = chooseProviders(this.options.providers);
    // The control plane is slow to start and needs nothing of what is synthesized.
    const simulator = SimulatorClient.start(run);
    this.simulator = simulator;
    const stacks = await steps.run('synth', async () => this.select(await this.synthesize()));
    const controlPlane = await steps.run('control plane', async (say) => {
      simulator.onProgress = say;
      return simulator.request('start', { directory: run.path, tools, contextName: contextOf(stacks) });
    });
    this.kubeconfig = controlPlane.kubeconfig;
    report.engines.controlPlane.version = controlPlane.version.replace(/^v/, '');
    const charts = await steps.run('charts', async (progress) => {
      const directory = join(run.path, 'charts');
      mkdirSync(directory, { recursive: true });
      return resolveCharts(chartsOf(stacks), { helm: tools.helm.path, directory, progress, signal });
    });
    const { choice, why } = await providers;
    steps.note(`providers: ${choice} (${why})`);
    for (const name of ['google', 'kubernetes', 'helm'] as const) report.engines[name].kind = choice;
    const [first] = stacks;
    const facts = first!.facts;
    const configured = await simulator.request('configure', {
      environment: facts.environment,
      ...projectOf(stacks),
      quotas: facts.quotas,
      localNodes: facts.localNodes,
      kind: facts.kind,
      types: typesInUse(stacks),
      helm: tools.helm.path,
      charts,
      strimzi: { restrictedPods: restrictedStrimzi(stacks) },
    });
    this.terraformVariables = terraformEnvironment(run, {
      kubeconfig: controlPlane.kubeconfig,
      caFile: controlPlane.caFile,
      reattach: choice === 'stand-in' ? configured.reattach : '',
      google: configured.googleEnvironment,
    });
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.test(name)));
    const layers = new Layers({
      run,
      stacks,
      terraform: tools.terraform.path,
      env: { ...inherited, ...this.terraformVariables },
      charts,
      realProviders: choice === 'real',
      signal,
      steps,
      verbose: this.options.verbose ?? false,
    });
    report.charts = charts.map(({ name, version, evidence, detail }) => ({ name, version, evidence, detail }));
    report.notExercised = notExercised(charts, choice);

    const client = KubeClient.fromKubeconfig(controlPlane.kubeconfig);
    try {
      await this.applyAll(layers, stacks, charts, client);
      await this.verify(layers, stacks, client);
    } finally {
      await client.close();
    }
  }

  private async synthesize(): Promise<SynthesizedStack[]> {
    const { project, environment, app, signal } = this.options;
    const { output } = this.run;
    await synthesize({ project, environment, app, signal, output });
    return readSynthesized(output);
  }

  /** The stack that was asked for, and those it stands on. */
  private select(stacks: SynthesizedStack[]): SynthesizedStack[] {
    const { only } = this.options;
    if (!only) return stacks;
    const last = stacks.findIndex(({ name, facts }) => name === only || facts.stack === only);
    if (last < 0) {
      throw new Error(`--only must be one of ${stacks.map(({ facts }) => facts.stack).join(', ')}, got ${only}`);
    }
    return stacks.slice(0, last + 1);
  }

  private async applyAll(
    layers: Layers,
    stacks: SynthesizedStack[],
    charts: ResolvedChart[],
    client: KubeClient,
  ): Promise<void> {
    const { resources } = this.report;
    const outlined = new Set(charts.filter(({ evidence }) => evidence === 'outlined').map(({ name }) => name));
    for (const stack of stacks) {
      const plan = await layers.apply(stack, stack.facts.stack === 'foundation' ? undefined : client);
      for (const { type, after } of plan.changes) {
        if (type.startsWith('google_')) resources.simulated += 1;
        else if (type === 'helm_release' && outlined.has((after as { chart: string }).chart)) resources.outlined += 1;
        else resources.applied += 1;
      }
    }
  }

  private async verify(layers: Layers, stacks: SynthesizedStack[], client: KubeClient): Promise<void> {
    const { steps, signal } = this.options;
    const { report } = this;
    const machines = await this.simulator!.request('nodes', null);
    const findings: Findings = await steps.run('checks', () => judge(client, machines, signal));
    const { problems, warnings, ...seen } = findings;
    Object.assign(report, seen);
    report.problems.push(...problems);
    report.warnings.push(...warnings);
    report.quotas = await this.simulator!.request('quotas', null);
    for (const { metric, used, limit, declared } of report.quotas) {
      if (used > limit && !declared) {
        report.warnings.push(
          `quota ${metric}: ${used} used, a new project has ${limit}: request ${used} and declare it under quotas`,
        );
      }
    }

    await steps.run('second plan', async (say) => {
      for (const [stack, plan] of await layers.planAll(say)) {
        report.secondPlan.add += plan.counts.add;
        report.secondPlan.change += plan.counts.change;
        report.secondPlan.destroy += plan.counts.destroy;
        for (const { address, actions, before, after } of plan.changes) {
          const paths = actions.includes('update') ? ` (${differences(before, after).join(', ')})` : '';
          report.problems.push({
            evidence: 'applied',
            path: `${stack.name}: ${address}`,
            rule: 'second-plan-empty',
            message: `would ${actions.join(' and ')} at the next apply although nothing changed${paths}`,
            fix: 'write the value as the server keeps it, or leave the attribute to the server',
          });
        }
      }
    });

    await steps.run('drift', async () => {
      const drift = await injectDrift(client, stacks);
      if (!drift) return;
      const plan = await layers.plan(drift.stack);
      const seen = plan.changes.some(({ address }) => address === drift.address);
      report.drift = { injected: drift.description, seen };
      if (!seen) {
        report.problems.push({
          evidence: 'applied',
          path: `${drift.stack.name}: ${drift.address}`,
          rule: 'drift-shows',
          message: `an edit behind Terraform's back does not show in the plan: ${drift.description}`,
          fix: 'do not ignore changes of that attribute',
        });
      }
      await drift.undo();
    });
    if (!this.options.keep) await this.destroy(layers, stacks);
  }

  /** In reverse order; what is protected must refuse, and is discarded with the control plane. */
  private async destroy(layers: Layers, stacks: SynthesizedStack[]): Promise<void> {
    const { steps, signal } = this.options;
    const { report } = this;
    const refusals: string[] = [];
    await steps.run('destroy', async (say) => {
      for (const stack of [...stacks].reverse()) {
        try {
          await layers.destroy(stack, say);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof TerraformError)) throw error;
          const protectedBy = error.diagnostics.find(({ summary, detail }) =>
            /Instance cannot be destroyed|deletion_protection/.test(`${summary} ${detail}`),
          );
          if (!protectedBy) {
            report.destroy = { outcome: 'failed', detail: stack.name };
            report.problems.push(...problemsOf(error, stack, 'destroy'));
            return;
          }
          refusals.push(`${stack.name} (${protectedBy.summary.replace(/\.$/, '')})`);
          // What it stands on is not touched as long as it is there.
          break;
        }
      }
      report.destroy =
        refusals.length > 0
          ? { outcome: 'refused as protected', detail: refusals.join('; ') }
          : { outcome: 'destroyed', detail: '' };
    });
    const { facts } = stacks[0]!;
    if (facts.production && refusals.length === 0) {
      report.problems.push({
        evidence: 'applied',
        path: facts.environment,
        rule: 'production-is-protected',
        message: 'could be destroyed by one command',
        fix: 'set google.deletionProtection and kafka.protectStorage',
      });
    }
  }

  /** Leaves everything running, for kubectl and `plinth diff`; the kubeconfig's path. */
  async keep(): Promise<string> {
    const simulator = this.simulator!;
    await simulator.request('keep', null);
    keepRun(this.run, {
      simulator: simulator.recorded,
      kubeconfig: this.kubeconfig,
      terraform: this.terraformVariables,
    });
    simulator.release();
    return this.kubeconfig;
  }

  async end(): Promise<void> {
    this.simulator?.release();
    // What the simulator said is of use when something went wrong, and its folder is about to go.
    const log = join(this.run.path, 'simulator.log');
    if (existsSync(log))
      copyFileSync(log, join(this.options.project, '.plinth', `${this.run.environment.replace(/\W/g, '-')}.log`));
    await discardRun(this.run);
  }
}
