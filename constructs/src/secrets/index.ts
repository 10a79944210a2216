export * from './external-secret.ts';
export * from './password-generator.ts';
export * from './secret-copies.ts';
export * from './secret-store.ts';
