import { ValidationError } from '../validation.ts';

interface Family {
  /** GiB of memory for each vCPU, by class. */
  readonly memory: Readonly<Record<string, number>>;
  /** vCPUs that the classes come in, where we know them all; others are left to Google to judge. */
  readonly vcpus?: readonly number[];
  /** Only Hyperdisk can be attached, no persistent disk. */
  readonly hyperdiskOnly?: boolean;
}

/** https://cloud.google.com/compute/docs/machine-resource, read 2026-11. Memory in GiB a vCPU. */
const FAMILIES: Readonly<Record<string, Family>> = {
  e2: { memory: { standard: 4, highmem: 8, highcpu: 1 }, vcpus: [2, 4, 8, 16, 32] },
  n1: { memory: { standard: 3.75, highmem: 6.5, highcpu: 0.9 }, vcpus: [1, 2, 4, 8, 16, 32, 64, 96] },
  n2: { memory: { standard: 4, highmem: 8, highcpu: 1 }, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128] },
  n2d: { memory: { standard: 4, highmem: 8, highcpu: 1 }, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224] },
  t2d: { memory: { standard: 4 }, vcpus: [1, 2, 4, 8, 16, 32, 48, 60] },
  c3: { memory: { standard: 4, highmem: 8, highcpu: 2 }, vcpus: [4, 8, 22, 44, 88, 176] },
  c2: { memory: { standard: 4 }, vcpus: [4, 8, 16, 30, 60] },
  c2d: { memory: { standard: 4, highmem: 8, highcpu: 2 }, vcpus: [2, 4, 8, 16, 32, 56, 112] },
  g2: { memory: { standard: 4 }, vcpus: [4, 8, 12, 16, 24, 32, 48, 96] },
  n4: { memory: { standard: 4, highmem: 8, highcpu: 2 }, hyperdiskOnly: true },
  c4: { memory: { standard: 3.75, highmem: 7.75, highcpu: 2 }, hyperdiskOnly: true },
  c4a: { memory: { standard: 4, highmem: 8, highcpu: 2 }, hyperdiskOnly: true },
};

/** Machines whose vCPUs share a core: a name of their own, and less CPU than they show. */
const SHARED: Readonly<Record<string, { vcpus: number; memoryGib: number }>> = {
  'e2-micro': { vcpus: 2, memoryGib: 1 },
  'e2-small': { vcpus: 2, memoryGib: 2 },
  'e2-medium': { vcpus: 2, memoryGib: 4 },
  'g1-small': { vcpus: 1, memoryGib: 1.7 },
};

const FORM = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;
const PREDEFINED = /^([a-z]\d[a-z]?)-(standard|highmem|highcpu)-(\d+)$/;
const CUSTOM = /^(?:([a-z]\d[a-z]?)-)?custom-(\d+)-(\d+)(?:-ext)?$/;

/** A Compute Engine machine type, with what can be read off its name. */
export class MachineType {
  readonly name: string;
  /** First part of the name: `e2`, `n1`, `g2` ... */
  readonly family: string;
  /** Virtual CPUs, where the name tells. */
  readonly vcpus?: number;
  /** Memory in GiB, where the name tells. */
  readonly memoryGib?: number;
  /** Whether its vCPUs share a core: GKE then keeps a flat 1060m of them to itself. */
  readonly sharedCore: boolean;
  /** Whether only Hyperdisk can be attached. */
  readonly hyperdiskOnly: boolean;

  /** `MachineType.of('e2-standard-4')`. */
  static of(name: string): MachineType {
    const problem = MachineType.problem(name);
    if (problem) throw new ValidationError('MachineType', 'name', problem, JSON.stringify(name));
    return new MachineType(name);
  }

  /** Why a name cannot be a machine type, or nothing. */
  static problem(name: string): string | undefined {
    if (!FORM.test(name)) return 'must be a machine type such as e2-standard-4';
    const [, family, kind, vcpus] = PREDEFINED.exec(name) ?? [];
    const known = family && FAMILIES[family];
    if (!known || !kind) return undefined;
    const kinds = Object.keys(known.memory);
    if (!kinds.includes(kind)) return `must be one of ${family}'s classes ${kinds.join(', ')}`;
    if (known.vcpus && !known.vcpus.includes(Number(vcpus))) {
      return `must have one of ${family}'s vCPU counts ${known.vcpus.join(', ')}`;
    }
    return undefined;
  }

  private constructor(name: string) {
    this.name = name;
    this.family = CUSTOM.test(name) ? (CUSTOM.exec(name)![1] ?? 'n1') : name.split('-')[0]!;
    this.sharedCore = name in SHARED;
    this.hyperdiskOnly = FAMILIES[this.family]?.hyperdiskOnly ?? false;
    const [, family = '', kind = '', count] = PREDEFINED.exec(name) ?? [];
    const [, , customCount, memoryMib] = CUSTOM.exec(name) ?? [];
    const perVcpu = FAMILIES[family]?.memory[kind];
    if (this.sharedCore) ({ vcpus: this.vcpus, memoryGib: this.memoryGib } = SHARED[name]!);
    else if (customCount) [this.vcpus, this.memoryGib] = [Number(customCount), Number(memoryMib) / 1024];
    else if (perVcpu) [this.vcpus, this.memoryGib] = [Number(count), round(Number(count) * perVcpu)];
  }

  toString(): string {
    return this.name;
  }
}

/** n1-highcpu's 0.9 GiB a vCPU leaves binary fractions behind. */
const round = (gib: number): number => Math.round(gib * 100) / 100;
