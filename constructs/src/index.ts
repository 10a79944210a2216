export { Probe } from './probe.ts';
