import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { distinct, ensure, length, oneOf, pattern, range, ValidationError } from './validation.ts';

const brokers = () => new Construct(new Construct(new TerraformStack(new App(), 'prod'), 'cluster'), 'brokers');
const disk = { min: 10, max: 2000 };

test('a range names path, prop, bounds and value', () => {
  expect(() => range(brokers(), 'diskSizeGib', 5, disk)).toThrow(
    new ValidationError('prod/cluster/brokers', 'diskSizeGib', 'must be 10-2000', '5'),
  );
  expect(() => range(brokers(), 'diskSizeGib', 5, disk)).toThrow(
    /^prod\/cluster\/brokers: diskSizeGib must be 10-2000, got 5$/,
  );
});

test('both ends of a range are allowed', () => {
  expect([10, 2000].map((size) => range(brokers(), 'diskSizeGib', size, disk))).toEqual([10, 2000]);
});

test.each([
  [{ min: 1 }, 0, 'must be at least 1, got 0'],
  [{ max: 7, unit: 'days' }, 8, 'must be at most 7 days, got 8'],
  [{ min: 1, max: 3 }, Number.NaN, 'must be 1-3, got null'],
  [{ min: 1, max: 3 }, 1.5, 'must be a whole number, got 1.5'],
])('a range of %j refuses %d', (bounds, value, message) => {
  expect(() => range(brokers(), 'count', value, bounds)).toThrow(`prod/cluster/brokers: count ${message}`);
});

test('a fraction is allowed where the range says so', () => {
  expect(range(brokers(), 'share', 0.5, { min: 0, max: 1, integer: false })).toBe(0.5);
});

test('oneOf lists what it allows', () => {
  expect(() => oneOf<string>(brokers(), 'diskType', 'ssd', ['pd-standard', 'pd-ssd'])).toThrow(
    'prod/cluster/brokers: diskType must be one of pd-standard, pd-ssd, got "ssd"',
  );
});

test('pattern says what it means instead of showing a regular expression', () => {
  expect(() => pattern(brokers(), 'name', 'Prod', { regex: /^[a-z]+$/, means: 'lower-case letters' })).toThrow(
    'prod/cluster/brokers: name must be lower-case letters, got "Prod"',
  );
});

test('length counts entries of a list and characters of a string', () => {
  expect(() => length(brokers(), 'zones', [], { min: 1, max: 3 })).toThrow('zones must have 1-3 entries, got 0');
  expect(() => length(brokers(), 'name', 'abcd', { max: 3 })).toThrow('name must have at most 3 characters, got 4');
});

test('distinct names the entry that is there twice', () => {
  expect(() => distinct(brokers(), 'ports', [443, 8443, 443])).toThrow('ports must not repeat an entry, got 443');
});

test('ensure joins several props in one rule', () => {
  expect(() => ensure(brokers(), false, 'minTotal', 'must not be more than maxTotal 3', 5)).toThrow(
    'prod/cluster/brokers: minTotal must not be more than maxTotal 3, got 5',
  );
});

test('a value known only to Terraform is not judged', () => {
  const scope = brokers();
  const variable = new TerraformVariable(scope, 'later', {});
  const [size, text, list] = [variable.numberValue, variable.stringValue, variable.listValue];
  expect(range(scope, 'diskSizeGib', size, disk)).toBe(size);
  expect(oneOf(scope, 'diskType', text, ['pd-ssd'])).toBe(text);
  expect(pattern(scope, 'name', text, { regex: /^$/, means: 'empty' })).toBe(text);
  expect(length(scope, 'zones', list, { min: 9 })).toBe(list);
});

test('an absent value is left to the default', () => {
  expect(range(brokers(), 'diskSizeGib', undefined, disk)).toBeUndefined();
});
