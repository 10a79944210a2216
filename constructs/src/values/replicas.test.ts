import { App, TerraformStack } from 'cdktf';
import { checkReplicas, minReplicas } from './replicas.ts';

const check = (replicas: Parameters<typeof checkReplicas>[2]) =>
  checkReplicas(new TerraformStack(new App(), 'prod'), 'replicas', replicas, { min: 1, max: 10 });

test('the guaranteed number of pods is the fixed number or the lower bound', () => {
  expect([minReplicas(3), minReplicas({ min: 2, max: 5 })]).toEqual([3, 2]);
});

test('a number or either end of a range out of bounds is refused', () => {
  expect(check({ min: 1, max: 10 })).toEqual({ min: 1, max: 10 });
  expect(() => check(0)).toThrow('prod: replicas must be 1-10, got 0');
  expect(() => check({ min: 0, max: 3 })).toThrow('prod: replicas.min must be 1-10, got 0');
  expect(() => check({ min: 1, max: 11 })).toThrow('prod: replicas.max must be 1-10, got 11');
});

test('a range upside down is refused', () => {
  expect(() => check({ min: 3, max: 2 })).toThrow('prod: replicas.max must be at least min (3), got 2');
});
