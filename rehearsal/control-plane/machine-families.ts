import type { MachineType } from './machine-types.ts';

interface Family {
  /** @default amd64 */
  arch?: 'arm64';
  /** GiB of memory per vCPU. */
  shapes: Record<string, number>;
  /** Numbers of vCPUs that are sold; not every shape is sold in every size, which Compute Engine checks, not this table. */
  sizes: number[];
}

/** Compute Engine's general-purpose and compute-optimised families, as its machine documentation lists them. */
export const FAMILIES: Record<string, Family> = {
  n1: { shapes: { standard: 3.75, highmem: 6.5, highcpu: 0.9 }, sizes: [1, 2, 4, 8, 16, 32, 64, 96] },
  e2: { shapes: { standard: 4, highmem: 8, highcpu: 1 }, sizes: [2, 4, 8, 16, 32] },
  n2: { shapes: { standard: 4, highmem: 8, highcpu: 1 }, sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128] },
  n2d: { shapes: { standard: 4, highmem: 8, highcpu: 1 }, sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224] },
  n4: { shapes: { standard: 4, highmem: 8, highcpu: 2 }, sizes: [2, 4, 8, 16, 32, 48, 64, 80] },
  c2: { shapes: { standard: 4 }, sizes: [4, 8, 16, 30, 60] },
  c2d: { shapes: { standard: 4, highmem: 8, highcpu: 2 }, sizes: [2, 4, 8, 16, 32, 56, 112] },
  c3: { shapes: { standard: 4, highmem: 8, highcpu: 2 }, sizes: [4, 8, 22, 44, 88, 176] },
  c3d: { shapes: { standard: 4, highmem: 8 }, sizes: [4, 8, 16, 30, 60, 90, 180, 360] },
  c4: { shapes: { standard: 3.75, highcpu: 2 }, sizes: [4, 8, 16, 32, 48, 96, 192] },
  t2d: { shapes: { standard: 4 }, sizes: [1, 2, 4, 8, 16, 32, 48, 60] },
  t2a: { arch: 'arm64', shapes: { standard: 4 }, sizes: [1, 2, 4, 8, 16, 32, 48] },
  c4a: { arch: 'arm64', shapes: { standard: 4, highmem: 8, highcpu: 2 }, sizes: [1, 2, 4, 8, 16, 32, 48, 64, 72] },
};

const gib = (count: number): number => count * 1_024;
const shared = (name: string, memoryMib: number): MachineType => ({
  name,
  family: 'e2',
  vcpus: 2,
  memoryMib,
  sharedCore: true,
  arch: 'amd64',
});
const accelerated = (name: string, vcpus: number, memoryGib: number, type: string, count: number): MachineType => ({
  name,
  family: name.split('-')[0] ?? '',
  vcpus,
  memoryMib: gib(memoryGib),
  sharedCore: false,
  arch: 'amd64',
  gpus: { type, count },
});

/** Types that follow no rule. */
export const EXTRA_SIZES: MachineType[] = [
  shared('e2-micro', gib(1)),
  shared('e2-small', gib(2)),
  shared('e2-medium', gib(4)),
  accelerated('g2-standard-4', 4, 16, 'nvidia-l4', 1),
  accelerated('g2-standard-8', 8, 32, 'nvidia-l4', 1),
  accelerated('g2-standard-12', 12, 48, 'nvidia-l4', 1),
  accelerated('g2-standard-16', 16, 64, 'nvidia-l4', 1),
  accelerated('g2-standard-24', 24, 96, 'nvidia-l4', 2),
  accelerated('g2-standard-32', 32, 128, 'nvidia-l4', 1),
  accelerated('g2-standard-48', 48, 192, 'nvidia-l4', 4),
  accelerated('g2-standard-96', 96, 384, 'nvidia-l4', 8),
  accelerated('a2-highgpu-1g', 12, 85, 'nvidia-tesla-a100', 1),
  accelerated('a2-highgpu-2g', 24, 170, 'nvidia-tesla-a100', 2),
  accelerated('a2-highgpu-4g', 48, 340, 'nvidia-tesla-a100', 4),
  accelerated('a2-highgpu-8g', 96, 680, 'nvidia-tesla-a100', 8),
];
