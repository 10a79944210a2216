export * from './provider-schema.ts';
export * from './synth.ts';
