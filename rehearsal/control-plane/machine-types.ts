import { EXTRA_SIZES, FAMILIES } from './machine-families.ts';

const MIB_PER_GIB = 1_024;

export interface MachineType {
  name: string;
  /** `n1`, `e2`, ... */
  family: string;
  vcpus: number;
  /** As sold, before firmware and kernel take their part. */
  memoryMib: number;
  /** Burstable machines that share physical cores: e2-micro, e2-small, e2-medium and their custom kin. */
  sharedCore: boolean;
  arch: 'amd64' | 'arm64';
  /** GPUs that are part of the type (a2, g2). */
  gpus?: { type: string; count: number };
}

/** What a node of a type has, and what of it is left for pods. */
export interface NodeResources {
  cpuMillis: number;
  memoryMib: number;
  ephemeralStorageBytes: number;
}

const predefined = new Map<string, MachineType>();
for (const [family, { arch, shapes, sizes }] of Object.entries(FAMILIES)) {
  for (const [shape, gibPerVcpu] of Object.entries(shapes)) {
    for (const vcpus of sizes) {
      const name = `${family}-${shape}-${vcpus}`;
      const memoryMib = Math.round(gibPerVcpu * vcpus * MIB_PER_GIB);
      predefined.set(name, { name, family, vcpus, memoryMib, sharedCore: false, arch: arch ?? 'amd64' });
    }
  }
}
for (const type of EXTRA_SIZES) predefined.set(type.name, type);

/** `custom-4-8192` (N1), `n2-custom-4-8192`, `e2-custom-medium-4096`; `-ext` for extended memory. */
const CUSTOM = /^(?:(e2|n1|n2|n2d|n4)-)?custom-(micro|small|medium|\d+)-(\d+)(?:-ext)?$/;

/** `undefined` for a type that is not known here. */
export function findMachineType(name: string): MachineType | undefined {
  const known = predefined.get(name);
  if (known) return known;
  const custom = CUSTOM.exec(name);
  if (!custom) return undefined;
  const [, family = 'n1', size = '', memory = ''] = custom;
  const sharedCore = Number.isNaN(Number(size));
  if (sharedCore && family !== 'e2') return undefined;
  return { name, family, vcpus: sharedCore ? 2 : Number(size), memoryMib: Number(memory), sharedCore, arch: 'amd64' };
}

export const knownMachineTypes = (): string[] => [...predefined.keys()];

/**
 * Memory that a node reports: what is sold, less the kernel's page table (1/64) and about 120 MiB of firmware and
 * kernel. An estimate within 30 MiB of nodes seen in the field (e2-medium 3932, e2-standard-4 16009, n1-standard-2 about 7479;
 * n2-highmem-4 has 90 less than this says).
 */
export const capacityMemoryMib = (memoryMib: number): number => Math.round(memoryMib * (1 - 1 / 64) - 120);

/** GKE's documented tiers: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112, 2 % beyond; 255 MiB below 1 GiB. */
const MEMORY_TIERS: [gib: number, share: number][] = [
  [4, 0.25],
  [4, 0.2],
  [8, 0.1],
  [112, 0.06],
  [Number.POSITIVE_INFINITY, 0.02],
];
/** GKE's documented tiers: 6 % of the first core, 1 % of the next, 0.5 % of the next two, 0.25 % beyond. */
const CPU_TIERS: [cores: number, share: number][] = [
  [1, 0.06],
  [1, 0.01],
  [2, 0.005],
  [Number.POSITIVE_INFINITY, 0.0025],
];
/** Flat, on the shared-core E2 types. */
const SHARED_CORE_RESERVED_MILLIS = 1_060;
/** The kubelet evicts pods when less than this is free. */
const EVICTION_MIB = 100;

function tiered(amount: number, tiers: [number, number][]): number {
  let rest = amount;
  let sum = 0;
  for (const [size, share] of tiers) {
    const part = Math.min(rest, size);
    sum += part * share;
    rest -= part;
    if (rest <= 0) break;
  }
  return sum;
}

export function reservedMemoryMib(memoryMib: number): number {
  if (memoryMib < MIB_PER_GIB) return 255;
  return tiered(memoryMib / MIB_PER_GIB, MEMORY_TIERS) * MIB_PER_GIB;
}

export const reservedCpuMillis = (type: Pick<MachineType, 'vcpus' | 'sharedCore'>): number =>
  type.sharedCore ? SHARED_CORE_RESERVED_MILLIS : tiered(type.vcpus, CPU_TIERS) * 1_000;

const GIB = 2 ** 30;
/** Container-Optimized OS keeps about 4.1 GiB of the boot disk for its own partitions; ext4 takes 1.6 % of the rest. */
const bootDiskCapacity = (gib: number): number => Math.max(0, gib - 4.1) * 0.984 * GIB;
/** GKE's documented reservation: the least of 50 %, 6 GiB + 35 % and 100 GiB of the boot disk. */
const bootDiskReserved = (gib: number): number => Math.min(gib * 0.5, 6 + gib * 0.35, 100) * GIB;
/** The kubelet evicts pods when less than this share of the boot disk is free. */
const DISK_EVICTION = 0.1;

export function nodeCapacity(type: MachineType, bootDiskGib: number): NodeResources {
  return {
    cpuMillis: type.vcpus * 1_000,
    memoryMib: capacityMemoryMib(type.memoryMib),
    ephemeralStorageBytes: Math.round(bootDiskCapacity(bootDiskGib)),
  };
}

/** What pods may request in sum on one node, the node's own daemons included. */
export function nodeAllocatable(type: MachineType, bootDiskGib: number): NodeResources {
  const capacity = nodeCapacity(type, bootDiskGib);
  const storage = capacity.ephemeralStorageBytes * (1 - DISK_EVICTION) - bootDiskReserved(bootDiskGib);
  return {
    cpuMillis: Math.floor(capacity.cpuMillis - reservedCpuMillis(type)),
    memoryMib: Math.floor(capacity.memoryMib - reservedMemoryMib(capacity.memoryMib) - EVICTION_MIB),
    ephemeralStorageBytes: Math.max(0, Math.floor(storage)),
  };
}

/**
 * Persistent disks that pods can have attached on one node: Compute Engine's limit (16 on shared-core types, 128
 * elsewhere) less the boot disk, as the Persistent Disk CSI driver reports it.
 */
export const attachableDisks = (type: MachineType): number => (type.sharedCore ? 15 : 127);
