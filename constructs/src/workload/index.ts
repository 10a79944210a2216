export * from './event-workload.ts';
export * from './http-service.ts';
export * from './options.ts';
export { Workload, type WorkloadProps } from './workload.ts';
