import {
  attachableDisks,
  findMachineType,
  type MachineType,
  nodeAllocatable,
  nodeCapacity,
  reservedCpuMillis,
  reservedMemoryMib,
} from './machine-types.ts';

const type = (name: string): MachineType => {
  const found = findMachineType(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('sizes', () => {
  test.each([
    ['n1-standard-2', 2, 7_680],
    ['n1-highmem-4', 4, 26_624],
    ['n1-highcpu-16', 16, 14_746],
    ['e2-medium', 2, 4_096],
    ['e2-standard-4', 4, 16_384],
    ['n2d-highcpu-8', 8, 8_192],
    ['c3-standard-22', 22, 90_112],
    ['t2a-standard-4', 4, 16_384],
    ['g2-standard-8', 8, 32_768],
    ['custom-4-8192', 4, 8_192],
    ['n2-custom-6-20480-ext', 6, 20_480],
    ['e2-custom-medium-2048', 2, 2_048],
  ])('%s has %d vCPUs and %d MiB', (name, vcpus, memoryMib) => {
    expect(type(name)).toMatchObject({ name, vcpus, memoryMib });
  });

  test.each(['n1-standard-3', 'e2-standard-64', 'x9-standard-4', 'n1-custom-medium-2048', ''])(
    '%p is not known',
    (name) => {
      expect(findMachineType(name)).toBeUndefined();
    },
  );

  test('Arm machines say so', () => {
    expect([type('t2a-standard-4').arch, type('c4a-standard-4').arch, type('e2-standard-4').arch]).toEqual([
      'arm64',
      'arm64',
      'amd64',
    ]);
  });
});

describe('what GKE reserves', () => {
  test.each([
    ['n1-standard-1', 60],
    ['n1-standard-2', 70],
    ['e2-standard-4', 80],
    ['n2-highmem-16', 110],
    ['n2-highmem-64', 230],
    ['e2-micro', 1_060],
    ['e2-small', 1_060],
    ['e2-medium', 1_060],
  ])('%s: %d millicores', (name, millis) => {
    expect(reservedCpuMillis(type(name))).toBeCloseTo(millis, 6);
  });

  // Capacity and allocatable memory of running nodes, KiB.
  test.each([
    ['n2-highmem-4', 32_880_872, 29_085_928],
    ['n2-highmem-16', 131_919_220, 122_210_676],
    ['n2-highmem-64', 528_365_196, 510_603_916],
  ])('%s: the memory that a running node is missing, within 30 MiB', (_, capacityKib, allocatableKib) => {
    const reserved = reservedMemoryMib(capacityKib / 1_024) + 100;
    expect(Math.abs(reserved - (capacityKib - allocatableKib) / 1_024)).toBeLessThan(30);
  });

  test('255 MiB on a machine with less than 1 GiB', () => {
    expect(reservedMemoryMib(1_000)).toBe(255);
  });
});

describe('nodes', () => {
  test.each([
    ['n1-standard-2', 7_440, 1_930, 5_647],
    ['e2-medium', 3_912, 940, 2_834],
    ['e2-standard-4', 16_008, 3_920, 13_283],
  ])('%s: %d MiB of capacity leave %dm and %d MiB for pods', (name, capacityMib, cpuMillis, memoryMib) => {
    expect(nodeCapacity(type(name), 100).memoryMib).toBe(capacityMib);
    expect(nodeAllocatable(type(name), 100)).toMatchObject({ cpuMillis, memoryMib });
  });

  test('estimated memory is within 30 MiB of running nodes', () => {
    const seen: [string, number][] = [
      ['e2-medium', 3_932],
      ['e2-standard-4', 16_009],
    ];
    for (const [name, mib] of seen) expect(Math.abs(nodeCapacity(type(name), 100).memoryMib - mib)).toBeLessThan(30);
  });

  test('a 100 GiB boot disk leaves what a running node reports for ephemeral storage, within 0.3 %', () => {
    const { ephemeralStorageBytes } = nodeAllocatable(type('n2-highmem-4'), 100);
    expect(Math.abs(ephemeralStorageBytes - 47_060_071_478) / 47_060_071_478).toBeLessThan(0.003);
  });

  test('a boot disk of 10 GiB leaves nothing negative', () => {
    expect(nodeAllocatable(type('e2-medium'), 10).ephemeralStorageBytes).toBeGreaterThanOrEqual(0);
  });

  test('shared-core machines attach 15 disks beside the boot disk, others 127', () => {
    expect(
      ['e2-micro', 'e2-medium', 'e2-standard-2', 'n1-standard-2'].map((name) => attachableDisks(type(name))),
    ).toEqual([15, 15, 127, 127]);
  });
});
