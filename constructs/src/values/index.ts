export * from './deep-merge.ts';
export * from './placement.ts';
export * from './quantity.ts';
export * from './replicas.ts';
export * from './version-range.ts';
export * from './yaml.ts';
