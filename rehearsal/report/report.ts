/** The result of a rehearsal, as `--json` writes it. Fields are only ever added. */

/**
 * How a statement was come by. `applied`: a real API server or a real chart took it; `simulated`: our simulation of
 * Google or of an operator said so; `outlined`: a recorded or declared footprint stood in for a chart.
 */
export type Evidence = 'applied' | 'simulated' | 'outlined';
export type EngineKind = 'real' | 'stand-in' | 'simulated';

export interface Engine {
  version: string;
  kind: EngineKind;
}

/** One thing that is wrong: `message` names the value, `fix` says what to change. */
export interface Problem {
  evidence: Evidence;
  /** Where: a stack and resource address, or `namespace/kind/name` in the cluster. */
  path: string;
  rule: string;
  message: string;
  fix: string;
}

export interface PoolReport {
  name: string;
  nodes: number;
  machineType: string;
  /** Cores. */
  cpu: { allocatable: number; requested: number };
  /** GiB. */
  memory: { allocatable: number; requested: number };
  pods: number;
  /** What is left when every autoscaled workload runs at its maximum; absent shares mean that it was not reached. */
  headroomNow: { cpu: number; memoryGib: number };
  headroomAtMax: { cpu: number; memoryGib: number };
}

export interface PendingPod {
  name: string;
  reason: string;
}

export interface Report {
  environment: string;
  verdict: 'passed' | 'failed';
  startedAt: string;
  seconds: number;
  steps: { name: string; seconds: number }[];
  engines: Record<'terraform' | 'google' | 'kubernetes' | 'helm' | 'controlPlane', Engine>;
  resources: { applied: number; simulated: number; outlined: number };
  nodes: { name: string; pool: string; machineType: string; zone: string }[];
  pods: { running: number; pending: PendingPod[]; pendingAtMax: PendingPod[] };
  pools: PoolReport[];
  quotas: { metric: string; used: number; limit: number; declared: boolean }[];
  cost: { monthlyUsd: number; basis: string; items: { name: string; monthlyUsd: number }[] } | null;
  secondPlan: { add: number; change: number; destroy: number };
  drift: { injected: string; seen: boolean } | null;
  destroy: { outcome: 'destroyed' | 'refused as protected' | 'failed' | 'skipped'; detail: string };
  charts: { name: string; version: string; evidence: Evidence; detail: string }[];
  notExercised: string[];
  problems: Problem[];
  warnings: string[];
}
