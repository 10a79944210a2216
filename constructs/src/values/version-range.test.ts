import { inRange } from './version-range.ts';

test('every bound of the range must hold', () => {
  const versions = ['1.31.9', '1.32', '1.36.4', '1.37', '2.0'];
  expect(versions.filter((version) => inRange(version, '>=1.32 <1.37'))).toEqual(['1.32', '1.36.4']);
});

test('figures are compared as numbers, not as text', () => {
  expect(inRange('1.9', '>=1.30')).toBe(false);
  expect(inRange('1.100', '>=1.30')).toBe(true);
});

test('the suffix of a GKE build does not count', () => {
  expect(inRange('1.30.0-gke.1829001', '>=1.30')).toBe(true);
  expect(inRange('v1.37.0-rc.1', '<1.37')).toBe(false);
});

test('what is no version or range is said', () => {
  expect(() => inRange('latest', '>=1.30')).toThrow('"latest" is not a version such as 1.34 or 1.34.1-gke.100');
  expect(() => inRange('1.34', '~1.30')).toThrow('"~1.30" is not a range such as ">=1.32 <1.37"');
});
