import type { NodeSpec } from '../providers/google/cluster-backend.ts';

/** What the rehearsal asks of the simulator's process, and what it answers. One request, one answer, matched by id. */
export interface Requests {
  /** Starts the control plane; it is empty until Google (or `configure`, for a local cluster) gives it nodes. */
  start: {
    input: { directory: string; tools: Record<string, { path: string }>; contextName: string };
    output: { kubeconfig: string; endpoint: string; caFile: string; version: string };
  };
  /** Brings up the simulated Google with its doors, the stand-in providers and the operators. */
  configure: {
    input: SimulatorConfiguration;
    output: { reattach: string; googleEnvironment: Record<string, string> };
  };
  nodes: { input: null; output: NodeSpec[] };
  quotas: { input: null; output: { metric: string; used: number; limit: number; declared: boolean }[] };
  /** From now on the simulator outlives the process that started it. */
  keep: { input: null; output: { pid: number } };
  stop: { input: null; output: null };
}

export interface SimulatorConfiguration {
  environment: string;
  project: string;
  region: string;
  quotas?: Record<string, number>;
  localNodes?: { count: number; cpu: number; memoryGib: number }[];
  kind: 'gke' | 'cluster';
  /** Types in use: schemas are derived for these. */
  types: { resources: string[]; dataSources: string[] };
  helm: string;
  charts: ResolvedChart[];
  /** How the Strimzi operator is set up by the chart's values. */
  strimzi: { restrictedPods: boolean };
}

/** A chart that helm can install from `path`. */
export interface ResolvedChart {
  name: string;
  version: string;
  path: string;
  evidence: 'applied' | 'outlined';
  detail: string;
}

export type RequestName = keyof Requests;
export type ToSimulator = {
  [Name in RequestName]: { id: number; request: Name; input: Requests[Name]['input'] };
}[RequestName];
export type FromSimulator =
  | { id: number; output: unknown }
  | { id: number; error: string }
  | { progress: string }
  | { ended: string };
