import { MachineType } from './machine-type.ts';

test.each([
  ['n1-standard-2', 'n1', 2, 7.5, false],
  ['e2-standard-4', 'e2', 4, 16, false],
  ['e2-medium', 'e2', 2, 4, true],
  ['e2-highcpu-8', 'e2', 8, 8, false],
  ['n1-highcpu-16', 'n1', 16, 14.4, false],
  ['n2d-highmem-8', 'n2d', 8, 64, false],
  ['e2-custom-4-8192', 'e2', 4, 8, false],
  ['custom-2-6656-ext', 'n1', 2, 6.5, false],
])('%s tells its size', (name, family, vcpus, memoryGib, sharedCore) => {
  expect({ ...MachineType.of(name) }).toEqual({ name, family, vcpus, memoryGib, sharedCore, hyperdiskOnly: false });
});

test('a machine whose name does not tell its size is taken as it is', () => {
  const { family, vcpus, memoryGib } = MachineType.of('a2-highgpu-1g');
  expect([family, vcpus, memoryGib]).toEqual(['a2', undefined, undefined]);
});

test('a family that takes no persistent disk is known', () => {
  expect(MachineType.of('c4a-standard-4').hyperdiskOnly).toBe(true);
});

test('a machine type reads as its name', () => {
  expect(`${MachineType.of('e2-standard-4')}`).toBe('e2-standard-4');
});

test.each([
  ['E2-standard-4', 'MachineType: name must be a machine type such as e2-standard-4, got "E2-standard-4"'],
  [
    'n1-standard-3',
    `MachineType: name must have one of n1's vCPU counts 1, 2, 4, 8, 16, 32, 64, 96, got "n1-standard-3"`,
  ],
  ['c2-highmem-4', `MachineType: name must be one of c2's classes standard, got "c2-highmem-4"`],
])('%s is refused', (name, message) => {
  expect(() => MachineType.of(name)).toThrow(new Error(message));
});
