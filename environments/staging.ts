import type { EnvironmentInput } from './schema.ts';

const nodes = { minTotal: 5, maxTotal: 8 };

export default {
  name: 'staging',
  description: 'Production in shape, without its load',
  kind: 'gke',
  domain: 'staging.example.com',
  google: {
    project: 'plinth-staging',
    region: 'us-central1',
    layout: 'regional',
    zones: ['us-central1-b', 'us-central1-c', 'us-central1-f'],
    reason:
      'the failure of a zone is rehearsed here; five nodes do not divide by three zones, so the pools autoscale by total',
  },
  nodePools: { brokers: { nodes }, edge: { nodes }, work: { nodes } },
  quotas: { CPUS: 80, SSD_TOTAL_GB: 600, DISKS_TOTAL_GB: 4096 },
  apps: { consumer: { scaling: { type: 'cpu', min: 2, max: 4 } } },
} satisfies EnvironmentInput;
