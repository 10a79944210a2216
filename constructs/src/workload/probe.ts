import type { IConstruct } from 'constructs';
import { ensure, length, pattern, range } from '../validation.ts';

/** When a probe asks, and how often it may fail. */
export interface ProbeTiming {
  /** Seconds between two questions: 1-300. @default 5 */
  readonly periodSeconds?: number;
  /** Seconds until an answer counts as none: 1-300. @default 2 */
  readonly timeoutSeconds?: number;
  /** Failures in a row until it counts: 1-60. @default 3; liveness 6, since a restart is the dearer mistake */
  readonly failureThreshold?: number;
  /** Seconds until the first question: 0-3600. @default 0 */
  readonly initialDelaySeconds?: number;
}

/** A GET that must be answered by 200-399. */
export interface HttpProbe extends ProbeTiming {
  readonly path: string;
  /** @default the workload's port */
  readonly port?: number;
}

/** A command in the container that must end with 0. */
export interface CommandProbe extends ProbeTiming {
  readonly command: readonly string[];
}

/** A port that must accept connections. */
export interface TcpProbe extends ProbeTiming {
  readonly tcpPort: number;
}

export type Probe = HttpProbe | CommandProbe | TcpProbe;

/** Each kind of probe by name, for who prefers that to its shape. */
export const Probe = {
  fromHttpGet: (path: string, options: ProbeTiming & { readonly port?: number } = {}): HttpProbe => ({
    path,
    ...options,
  }),
  fromCommand: (command: readonly string[], timing: ProbeTiming = {}): CommandProbe => ({ command, ...timing }),
  fromTcpSocket: (tcpPort: number, timing: ProbeTiming = {}): TcpProbe => ({ tcpPort, ...timing }),
} as const;

const SECONDS = { min: 1, max: 300 };
const PORT = { min: 1, max: 65535 };
const urlPath = { regex: /^\/\S*$/, means: 'a path that starts with /' };

/** The probe as Terraform's kubernetes provider wants it. */
export function probeBlock(
  scope: IConstruct,
  prop: string,
  probe: Probe,
  workloadPort: number | undefined,
  failures: number,
) {
  const { periodSeconds = 5, timeoutSeconds = 2, failureThreshold = failures, initialDelaySeconds } = probe;
  range(scope, `${prop}.initialDelaySeconds`, initialDelaySeconds, { min: 0, max: 3600 });
  return {
    ...action(scope, prop, probe, workloadPort),
    periodSeconds: range(scope, `${prop}.periodSeconds`, periodSeconds, SECONDS),
    timeoutSeconds: range(scope, `${prop}.timeoutSeconds`, timeoutSeconds, SECONDS),
    failureThreshold: range(scope, `${prop}.failureThreshold`, failureThreshold, { min: 1, max: 60 }),
    ...(initialDelaySeconds ? { initialDelaySeconds } : {}),
  };
}

function action(scope: IConstruct, prop: string, probe: Probe, workloadPort: number | undefined) {
  if ('command' in probe) {
    length(scope, `${prop}.command`, probe.command, { min: 1 });
    return { exec: { command: [...probe.command] } };
  }
  if ('tcpPort' in probe) {
    return { tcpSocket: [{ port: String(range(scope, `${prop}.tcpPort`, probe.tcpPort, PORT)) }] };
  }
  const port = range(scope, `${prop}.port`, probe.port ?? workloadPort, PORT);
  ensure(scope, port !== undefined, `${prop}.port`, 'is needed by a workload without a port of its own');
  pattern(scope, `${prop}.path`, probe.path, urlPath);
  return { httpGet: { path: probe.path, port: String(port) } };
}
