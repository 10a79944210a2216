import type { EnvironmentInput } from './schema.ts';

const nodes = { minTotal: 5, maxTotal: 10 };

export default {
  name: 'prod',
  description: 'What people rely on: three zones, protected against deletion',
  kind: 'gke',
  production: true,
  domain: 'example.com',
  google: {
    project: 'plinth-prod',
    region: 'us-central1',
    layout: 'regional',
    zones: ['us-central1-b', 'us-central1-c', 'us-central1-f'],
    reason:
      'a zone may fail without an outage; five nodes do not divide by three zones, so the pools autoscale by total',
  },
  nodePools: { brokers: { nodes }, edge: { nodes }, work: { nodes } },
  quotas: { CPUS: 120, SSD_TOTAL_GB: 1000, DISKS_TOTAL_GB: 4096 },
  apps: { producer: { replicas: 2 }, consumer: { scaling: { type: 'cpu', min: 3, max: 8 } } },
} satisfies EnvironmentInput;
