import { z } from 'zod';
import { DISK_SIZE_GIB, GPUS, NODES, SURGE } from './bounds.ts';
import { oneOf, text, whole } from './fields.ts';

const total = z.strictObject({ total: whole(NODES) });
const autoscaled = z.strictObject({ minTotal: whole(NODES), maxTotal: whole(NODES) });

export const taint = z.strictObject({
  key: text(/^[A-Za-z0-9]([-A-Za-z0-9_./]{0,251}[A-Za-z0-9])?$/, 'a taint key such as dedicated'),
  value: text(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
    'a taint value of at most 63 letters, digits, dots, hyphens or underscores',
  ),
  effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
});

export const nodePool = z.strictObject({
  machineType: text(/^[a-z][a-z0-9]*-[a-z0-9]+(-[a-z0-9]+)*$/, 'a machine type such as e2-standard-4'),
  diskType: oneOf('pd-standard', 'pd-balanced', 'pd-ssd').default('pd-standard'),
  diskSizeGib: whole(DISK_SIZE_GIB).default(100).describe('Boot disk of each node, GiB.'),
  nodes: z
    .union([total, autoscaled], { error: 'must be { total } or { minTotal, maxTotal }' })
    .describe('Nodes of the whole pool, never per zone: fixed, or autoscaled within bounds.'),
  zones: z
    .array(z.string())
    .min(1, 'must have at least one entry')
    .optional()
    .describe("@default the environment's zones"),
  provisioning: oneOf('on-demand', 'spot').default('on-demand'),
  taints: z.array(taint).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  gpu: z
    .strictObject({
      type: text(/^nvidia-[a-z0-9-]+$/, 'an accelerator such as nvidia-l4'),
      count: whole(GPUS).default(1),
    })
    .optional(),
  upgrade: oneOf('surge', 'blue-green').default('surge'),
  maxSurge: whole(SURGE).default(1),
  maxUnavailable: whole(SURGE).default(0),
});

export type NodePool = z.output<typeof nodePool>;
export type NodePoolInput = z.input<typeof nodePool>;

/** The three pools of the baseline, five nodes each: Kafka on SSD, ingress and light services, everything else. */
export const BASELINE_POOLS: Record<string, NodePoolInput> = {
  brokers: {
    machineType: 'n1-standard-2',
    diskType: 'pd-ssd',
    diskSizeGib: 20,
    nodes: { total: 5 },
    taints: [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }],
  },
  edge: { machineType: 'e2-medium', diskSizeGib: 50, nodes: { total: 5 } },
  work: { machineType: 'e2-standard-4', diskSizeGib: 100, nodes: { total: 5 } },
};

export const poolName = text(
  /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/,
  'a pool name of 1-30 lower-case letters, digits or hyphens',
);

/** The most nodes that a pool may have. */
export const mostNodes = ({ nodes }: Pick<NodePool, 'nodes'>): number =>
  'total' in nodes ? nodes.total : nodes.maxTotal;
