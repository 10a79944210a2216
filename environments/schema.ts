import { z } from 'zod';
import {
  BROKERS,
  LOCAL_CPUS,
  LOCAL_MEMORY_GIB,
  LOCAL_NODES,
  MAINTENANCE_HOURS,
  PARTITIONS,
  PERCENT,
  PORT,
  QUOTA,
  REPLICAS,
  RETENTION_HOURS,
  STORAGE_GIB,
} from './bounds.ts';
import { cidr, oneOf, resources, text, whole, yesNo } from './fields.ts';
import { nodePool, poolName } from './node-pools.ts';

/** What an environment is: data, with every default and range in one place. */

const environmentName = text(/^[a-z][a-z0-9-]{0,14}[a-z0-9]$/, '2-16 lower-case letters, digits or hyphens');
const domain = text(/^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a domain such as dev.example.com');
const topicName = text(
  /^[a-z0-9]([-.a-z0-9]{0,247}[a-z0-9])?$/,
  'a topic name of lower-case letters, digits, dots or hyphens',
);

const google = z.strictObject({
  project: text(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, 'a project id of 6-30 lower-case letters, digits or hyphens'),
  region: text(/^[a-z]+-[a-z]+\d+$/, 'a region such as us-central1'),
  layout: oneOf('zonal', 'regional').describe(
    'Where the control plane is: in the first zone, or in every zone of the region.',
  ),
  zones: z.array(z.string()).min(1, 'must have at least one entry').describe('Zones of the nodes.'),
  reason: z.string().optional().describe('Why this layout was chosen; demanded of a regional one, which costs more.'),
  releaseChannel: oneOf('RAPID', 'REGULAR', 'STABLE').default('REGULAR'),
  deletionProtection: yesNo.optional().describe('@default as production'),
  network: z
    .strictObject({
      nodesCidr: cidr.default('10.0.0.0/22'),
      podsCidr: cidr.default('10.4.0.0/14'),
      servicesCidr: cidr.default('10.8.0.0/20'),
      controlPlaneCidr: text(/\/28$/, 'a /28 range such as 172.16.0.0/28').pipe(cidr).default('172.16.0.0/28'),
    })
    .prefault({}),
  maintenance: z
    .strictObject({
      startTime: text(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 03:00').default('03:00'),
      durationHours: whole(MAINTENANCE_HOURS).default(6),
      days: z.array(oneOf('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')).default(['SA', 'SU']),
    })
    .prefault({}),
  keyRing: text(/^[a-zA-Z0-9_-]{1,63}$/, '1-63 letters, digits, hyphens or underscores').optional(),
});

const topic = z.strictObject({
  partitions: whole(PARTITIONS).default(6),
  retentionHours: whole(RETENTION_HOURS).default(168),
  cleanup: oneOf('delete', 'compact').default('delete'),
});

const kafka = z.strictObject({
  clusterName: text(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/, '1-30 lower-case letters, digits or hyphens').default(
    'events',
  ),
  version: oneOf('4.2.0', '4.2.1', '4.3.0', '4.3.1').default('4.3.1'),
  brokers: whole(BROKERS),
  replicationFactor: whole(BROKERS).optional().describe('@default 3, or as many as there are brokers'),
  minInsyncReplicas: whole(BROKERS).optional().describe('@default one less than the copies'),
  storageGib: whole(STORAGE_GIB).describe('Of each broker, GiB.'),
  storageClass: text(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'the name of a storage class'),
  resources: resources('500m', '2Gi'),
  protectStorage: yesNo.optional().describe('Refuses plans that delete Kafka. @default as production'),
  topics: z.record(topicName, topic).default({ mail: topic.parse({}) }),
});

const secretVariable = z.strictObject({
  name: text(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'the name of a Secret'),
  key: text(/^[-._a-zA-Z0-9]{1,253}$/, 'a key of the Secret'),
  env: text(/^[A-Z][A-Z0-9_]*$/, 'an UPPER_SNAKE variable'),
});
const image = text(
  /^[^\s@:]+(:\d+\/[^\s@:]+)?(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w][\w.-]{0,127}@sha256:[0-9a-f]{64})$/,
  'an image with a tag other than latest, or with a digest',
);
const SECRET_LOOKING = /(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_KEY|CREDENTIAL)/;
const configName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be an UPPER_SNAKE variable')
  .refine((name) => !SECRET_LOOKING.test(name), 'must hold no secret: name a Secret under `secrets`');

const app = (cpu: string, memory: string) => ({
  image,
  resources: resources(cpu, memory),
  config: z.record(configName, z.string()).default({}),
  secrets: z.array(secretVariable).default([]),
  port: whole(PORT).default(8080),
});

const scaling = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('fixed'), replicas: whole(REPLICAS) }),
    z.strictObject({
      type: z.literal('cpu'),
      min: whole(REPLICAS),
      max: whole(REPLICAS),
      targetPercent: whole(PERCENT).default(70),
    }),
  ],
  { error: 'must be { type: "fixed", replicas } or { type: "cpu", min, max }' },
);

const quotas = z
  .strictObject(
    Object.fromEntries(
      [
        'CPUS',
        'N1_CPUS',
        'E2_CPUS',
        'N2_CPUS',
        'SSD_TOTAL_GB',
        'DISKS_TOTAL_GB',
        'IN_USE_ADDRESSES',
        'STATIC_ADDRESSES',
      ].map((metric) => [metric, whole(QUOTA).optional()]),
    ),
  )
  .describe(
    "Regional quotas that were granted, by Google's name. What is not declared counts with Google's small default.",
  );

export const CHARTS = ['strimzi-kafka-operator', 'traefik', 'istio', 'external-secrets'] as const;

export const environment = z.strictObject({
  name: environmentName,
  description: z.string().default(''),
  kind: oneOf('gke', 'cluster').describe('A GKE cluster that is made, or any cluster that kubectl knows.'),
  production: yesNo.default(false),
  domain,
  mesh: oneOf('sidecar', 'none').default('sidecar'),
  google: google.optional(),
  kubeContext: text(/^[^\s]{1,253}$/, "the name of a kubeconfig's context").optional(),
  localNodes: z
    .array(z.strictObject({ count: whole(LOCAL_NODES), cpu: whole(LOCAL_CPUS), memoryGib: whole(LOCAL_MEMORY_GIB) }))
    .optional()
    .describe('Machines that the rehearsal simulates for a `cluster` environment.'),
  nodePools: z.record(poolName, nodePool).default({}),
  quotas: quotas.optional(),
  kafka,
  apps: z.strictObject({
    producer: z.strictObject({
      ...app('100m', '256Mi'),
      topic: z.string().default('mail'),
      replicas: whole(REPLICAS).default(1),
    }),
    consumer: z.strictObject({
      ...app('250m', '512Mi'),
      topic: z.string().default('mail'),
      group: text(/^[a-zA-Z0-9._-]{1,249}$/, '1-249 letters, digits, dots, hyphens or underscores').default('nlp'),
      scaling: scaling.default({ type: 'fixed', replicas: 2 }),
    }),
  }),
  platform: z
    .strictObject({ values: z.partialRecord(z.enum(CHARTS), z.record(z.string(), z.unknown())).default({}) })
    .prefault({})
    .describe('Helm values, merged over ours, by chart.'),
  backend: z.discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('gcs'),
        bucket: text(/^[a-z0-9][a-z0-9_.-]{1,61}[a-z0-9]$/, 'a bucket name'),
        prefix: z.string(),
      }),
      z.strictObject({ type: z.literal('local') }),
    ],
    { error: 'must be { type: "gcs", bucket, prefix } or { type: "local" }' },
  ),
});

export type Environment = z.output<typeof environment>;
/** What an environment's file may leave out: most of it. */
export type EnvironmentInput = DeepPartial<z.input<typeof environment>> & {
  nodePools?: Record<string, PoolOverride | null>;
};

type PoolOverride = Partial<z.input<typeof nodePool>>;
type DeepPartial<T> = T extends (infer Item)[]
  ? Item[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;
