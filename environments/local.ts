import type { EnvironmentInput } from './schema.ts';

export default {
  name: 'local',
  description: 'Any cluster that kubectl knows, on one machine',
  kind: 'cluster',
  kubeContext: 'plinth-local',
  domain: 'local.example.com',
  mesh: 'none',
  apps: { consumer: { scaling: { type: 'fixed', replicas: 1 } } },
} satisfies EnvironmentInput;
