export * from './event-workload.ts';
export * from './http-service.ts';
export { LagScaler } from './lag-scaler.ts';
export { APP_LABEL, type Callee, type Caller } from './network-policy.ts';
export * from './options.ts';
export type { SecretMount } from './pod.ts';
export { type CommandProbe, type HttpProbe, Probe, type ProbeTiming, type TcpProbe } from './probe.ts';
export type { CpuScaling, LagScaling, Scaling } from './scaling.ts';
export { Workload, type WorkloadProps } from './workload.ts';
