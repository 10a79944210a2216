import { monthlyCost } from './cost.ts';

const node = (machineType: string, extra: object = {}) => ({
  name: 'n',
  pool: 'work',
  machineType,
  zone: 'us-central1-a',
  region: 'us-central1',
  diskType: 'pd-standard',
  diskSizeGib: 100,
  spot: false,
  labels: {},
  taints: [],
  serviceAccount: 's',
  ...extra,
});

test('adds the cluster fee, machines, boot disks and volumes', () => {
  const { cost } = monthlyCost([node('e2-standard-4')], [{ diskType: 'pd-ssd', sizeGib: 100 }]);
  expect(cost.items).toEqual([
    { name: 'cluster fee', monthlyUsd: 73 },
    { name: 'pool work: machines', monthlyUsd: 97.82 },
    { name: 'pool work: boot disks', monthlyUsd: 4 },
    { name: 'volumes (pd-ssd)', monthlyUsd: 17 },
  ]);
  expect(cost.monthlyUsd).toBe(191.82);
});

test('says which machine type it has no price for, in place of counting it as free', () => {
  expect(monthlyCost([node('c4-standard-8')], []).unknown).toEqual([
    'no price known for machine type c4-standard-8: it is left out of the cost',
  ]);
});
