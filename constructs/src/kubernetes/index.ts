export * from './custom-resource.ts';
export * from './namespace.ts';
export * from './placement.ts';
