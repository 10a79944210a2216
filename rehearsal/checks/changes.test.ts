import { classifyChange, describeChange, differences } from './changes.ts';

const pool = (before: object, after: object, extra: object = {}) => ({
  address: 'google_container_node_pool.work',
  type: 'google_container_node_pool',
  actions: ['update'],
  before,
  after,
  ...extra,
});

test('a changed machine type rolls every node of the pool', () => {
  const change = classifyChange(
    pool({ node_config: [{ machine_type: 'a' }] }, { node_config: [{ machine_type: 'b' }] }),
  );
  expect(describeChange(change!)).toBe('google_container_node_pool.work: rolls every node (node_config.machine_type)');
});

test('a changed service account replaces the pool', () => {
  const change = classifyChange(
    pool({}, {}, { actions: ['delete', 'create'], replacePaths: [['node_config', 0, 'service_account']] }),
  );
  expect(describeChange(change!)).toBe(
    'google_container_node_pool.work: replaces the pool (node_config.service_account)',
  );
});

test('other in-place changes of a pool roll nothing', () => {
  const autoscaling = (max: number) => ({ autoscaling: [{ total_max_node_count: max }] });
  expect(classifyChange(pool(autoscaling(5), autoscaling(8)))).toMatchObject({
    impact: 'updates in place',
    because: ['autoscaling.total_max_node_count'],
  });
});

test('a read or a no-op is no change', () => {
  expect(classifyChange({ ...pool({}, {}), actions: ['no-op'] })).toBeUndefined();
});

test('differences names lists of different length as a whole', () => {
  expect(differences({ taint: [1] }, { taint: [1, 2] })).toEqual(['taint']);
});
