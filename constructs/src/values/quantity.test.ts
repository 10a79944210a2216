import { App, TerraformStack } from 'cdktf';
import { bytes, containerResources, milliCpus } from './quantity.ts';

const scope = () => new TerraformStack(new App(), 'prod');

test('CPUs are counted in thousandths and memory in bytes', () => {
  expect(['100m', '0.5', '2', '1.25'].map(milliCpus)).toEqual([100, 500, 2000, 1250]);
  expect(['128Mi', '1Gi', '1G', '512', '1.5Gi'].map(bytes)).toEqual([134217728, 1073741824, 1e9, 512, 1610612736]);
});

test('a figure that is no quantity is refused with its place', () => {
  const check = (cpu: string, memory: string) =>
    containerResources(scope(), 'resources', { requests: { cpu, memory } });
  expect(() => check('100', '128Mi')).not.toThrow();
  expect(() => check('100mi', '128Mi')).toThrow(
    'prod: resources.requests.cpu must be CPUs such as 100m, 0.5 or 2, got "100mi"',
  );
  expect(() => check('100m', '128mb')).toThrow(
    'prod: resources.requests.memory must be memory such as 128Mi or 1Gi, got "128mb"',
  );
});

test('a limit below its request is refused', () => {
  const requests = { cpu: '500m', memory: '1Gi' };
  expect(() => containerResources(scope(), 'resources', { requests, limits: { cpu: '0.4' } })).toThrow(
    'prod: resources.limits.cpu must be at least the request of 500m, got "0.4"',
  );
  expect(() => containerResources(scope(), 'resources', { requests, limits: { memory: '1000Mi' } })).toThrow(
    'prod: resources.limits.memory must be at least the request of 1Gi, got "1000Mi"',
  );
});
