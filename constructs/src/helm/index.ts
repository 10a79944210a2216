export * from './charts.ts';
export * from './external-secrets.ts';
export * from './footprint.ts';
export * from './footprints/index.ts';
export * from './helm-install.ts';
export * from './istio.ts';
export * from './strimzi-operator.ts';
export * from './traefik.ts';
