import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface TerraformDiagnostic {
  severity: 'error' | 'warning';
  summary: string;
  detail: string;
  /** Address of the resource at fault, where Terraform knows it. */
  address?: string;
}

/** Terraform refused or failed; the message holds its own diagnostics, the most telling first. */
export class TerraformError extends Error {
  readonly command: string;
  readonly diagnostics: TerraformDiagnostic[];
  constructor(command: string, diagnostics: TerraformDiagnostic[], fallback: string) {
    const errors = diagnostics.filter((one) => one.severity === 'error');
    const text = errors.map(({ address, summary, detail }) =>
      [address ? `${address}: ${summary}` : summary, detail].filter(Boolean).join('\n'),
    );
    super(text.join('\n') || fallback);
    this.name = 'TerraformError';
    this.command = command;
    this.diagnostics = errors;
  }
}

export interface PlannedResource {
  address: string;
  type: string;
  name: string;
  actions: string[];
  before: unknown;
  after: unknown;
  /** Of the same shape as `after`: true where the value is known after apply only. */
  afterUnknown: unknown;
  replacePaths: unknown[][];
  importing: boolean;
}

export interface Plan {
  file: string;
  /** Everything but `no-op` and `read`. */
  changes: PlannedResource[];
  counts: { add: number; change: number; destroy: number };
  /** Changes that were made outside Terraform since the last apply. */
  drifted: PlannedResource[];
  outputChanges: string[];
  errored: boolean;
}

/** A line of Terraform's machine-readable output; the fields that are used here. */
export interface TerraformEvent {
  type?: string;
  '@level'?: string;
  '@message'?: string;
  diagnostic?: TerraformDiagnostic;
  hook?: { resource?: { addr?: string }; action?: string; elapsed_seconds?: number };
}

interface ShownChange {
  address: string;
  type: string;
  name: string;
  change: {
    actions: string[];
    before: unknown;
    after: unknown;
    after_unknown?: unknown;
    replace_paths?: unknown[][];
    importing?: unknown;
  };
}

export interface TerraformOptions {
  binary: string;
  /** The stack's working directory. */
  directory: string;
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** What Terraform does, in its own words, as it happens. */
  onProgress?: (what: string) => void;
  /** Milliseconds that Terraform may take to write its state after an interrupt. @default 10000 */
  graceMs?: number;
  /** Every event of a plan or an apply, as Terraform tells it. */
  onEvent?: (event: TerraformEvent) => void;
}

export interface PlanOptions {
  /** Plans the removal of everything. @default false */
  destroy?: boolean;
  /** Whether to look at what is there first. @default true */
  refresh?: boolean;
  /** Only looks at what is there, and plans to take it into the state. @default false */
  refreshOnly?: boolean;
  /** Where the plan is written; it holds secrets. @default in the working directory */
  file?: string;
}

const GRACE_MS = 10_000;

/** Terraform in one working directory, by its machine-readable output. */
export class Terraform {
  private readonly options: TerraformOptions;

  constructor(options: TerraformOptions) {
    this.options = options;
  }

  async init(): Promise<void> {
    await this.run('init', ['init', '-input=false', '-no-color', '-backend=true', '-reconfigure']);
  }

  async plan(options: PlanOptions = {}): Promise<Plan> {
    const file = options.file ?? join(this.options.directory, options.destroy ? 'destroy.tfplan' : 'plan.tfplan');
    await this.stream('plan', [
      'plan',
      ...(options.destroy ? ['-destroy'] : []),
      ...(options.refresh === false ? ['-refresh=false'] : []),
      ...(options.refreshOnly ? ['-refresh-only'] : []),
      `-out=${file}`,
    ]);
    const shown = JSON.parse(await this.run('show', ['show', '-json', file])) as {
      resource_changes?: ShownChange[];
      resource_drift?: ShownChange[];
      output_changes?: Record<string, { actions: string[] }>;
      errored?: boolean;
    };
    const all = (shown.resource_changes ?? []).map(toPlanned);
    const changes = all.filter(({ actions }) => !['no-op', 'read'].includes(actions[0] ?? ''));
    const count = (action: string) => changes.filter(({ actions }) => actions.includes(action)).length;
    return {
      file,
      changes,
      counts: { add: count('create'), change: count('update'), destroy: count('delete') },
      drifted: (shown.resource_drift ?? []).map(toPlanned),
      outputChanges: Object.entries(shown.output_changes ?? {})
        .filter(([, { actions }]) => actions[0] !== 'no-op')
        .map(([name]) => name),
      errored: shown.errored ?? false,
    };
  }

  async apply(plan: Plan, signal?: AbortSignal): Promise<void> {
    await this.stream('apply', ['apply', plan.file], signal);
  }

  /** Plans and applies the removal of everything. */
  async destroy(): Promise<void> {
    await this.apply(await this.plan({ destroy: true }));
  }

  /** Takes something that exists into the state. */
  async import(address: string, id: string): Promise<void> {
    await this.run('import', ['import', '-input=false', '-no-color', address, id]);
  }

  /** Outputs of the last apply by name, sensitive ones included. */
  async output(): Promise<Record<string, unknown>> {
    const outputs = JSON.parse(await this.run('output', ['output', '-json'])) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Addresses in the state. */
  async addresses(): Promise<string[]> {
    const list = await this.run('state list', ['state', 'list']);
    return list.split('\n').filter(Boolean);
  }

  private stream(command: string, args: string[], signal?: AbortSignal): Promise<string> {
    const [verb = '', ...rest] = args;
    return this.run(command, [verb, '-input=false', '-json', ...rest], signal);
  }

  private async run(command: string, args: string[], extra?: AbortSignal): Promise<string> {
    const { binary, directory, env, onProgress, onEvent } = this.options;
    const signals = [this.options.signal, extra].filter((one) => one !== undefined);
    for (const signal of signals) signal.throwIfAborted();
    const child = spawn(binary, args, {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches us, and Terraform is interrupted once, by us.
      detached: true,
    });
    let killer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      child.kill('SIGINT');
      // With its plugins: they would outlive it.
      killer ??= setTimeout(() => killGroup(child.pid), this.options.graceMs ?? GRACE_MS);
    };
    for (const signal of signals) signal.addEventListener('abort', interrupt, { once: true });
    const diagnostics: TerraformDiagnostic[] = [];
    let output = '';
    let errors = '';
    let rest = '';
    const streaming = command === 'plan' || command === 'apply';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (!streaming) {
        output += chunk;
        return;
      }
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = parseEvent(line);
        if (!event) continue;
        onEvent?.(event);
        if (event.diagnostic) diagnostics.push(event.diagnostic);
        const said = sayEvent(event);
        if (said) onProgress?.(said);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    }).finally(() => {
      clearTimeout(killer);
      for (const signal of signals) signal.removeEventListener('abort', interrupt);
    });
    for (const signal of signals) signal.throwIfAborted();
    if (code !== 0) {
      throw new TerraformError(command, diagnostics, plainText(errors) || `terraform ${command} ended with ${code}`);
    }
    return output;
  }
}

const toPlanned = ({ address, type, name, change }: ShownChange): PlannedResource => ({
  address,
  type,
  name,
  actions: change.actions,
  before: change.before,
  after: change.after,
  afterUnknown: change.after_unknown ?? {},
  replacePaths: change.replace_paths ?? [],
  importing: change.importing !== undefined && change.importing !== null,
});

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function parseEvent(line: string): TerraformEvent | undefined {
  try {
    return JSON.parse(line) as TerraformEvent;
  } catch {
    return undefined;
  }
}

function sayEvent({ type, hook }: TerraformEvent): string | undefined {
  const address = hook?.resource?.addr;
  if (!address) return undefined;
  if (type === 'apply_start') return `${address}: ${hook?.action}`;
  if (type === 'apply_complete') return `${address}: ${hook?.action} done in ${hook?.elapsed_seconds ?? 0} s`;
  if (type === 'apply_errored') return `${address}: failed`;
  return undefined;
}

/** Terraform's boxes around errors take more room than the errors. */
const plainText = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with the escape character
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/^[╷│╵]\s?/gm, '')
    .trim();
