import type { EnvironmentInput } from './schema.ts';

export default {
  name: 'dev',
  description: 'Where every change goes first: one zone, five nodes a pool, free to destroy',
  kind: 'gke',
  domain: 'dev.example.com',
  google: { project: 'plinth-dev', region: 'us-central1', layout: 'zonal', zones: ['us-central1-b'] },
} satisfies EnvironmentInput;
