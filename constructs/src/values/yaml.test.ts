import { Token } from 'cdktf';
import { parse } from 'yaml';
import { toYaml, unwritable } from './yaml.ts';

test('the same values give the same bytes, in whatever order their keys were written', () => {
  expect(toYaml({ b: { d: 1, c: [2, 'x'] }, a: true })).toBe('a: true\nb:\n  c:\n    - 2\n    - x\n  d: 1\n');
  expect(toYaml({ a: true, b: { c: [2, 'x'], d: 1 } })).toBe(toYaml({ b: { d: 1, c: [2, 'x'] }, a: true }));
});

test('strings stay strings: what looks like another type is quoted', () => {
  const values = { inject: 'true', cpu: '1', ports: '8000,8443', octal: '0777', empty: '', no: 'no' };
  expect(parse(toYaml(values))).toEqual(values);
  expect(parse(toYaml(values), { version: '1.1' })).toEqual(values);
});

test('a long value is not folded', () => {
  const match = 'Host(`a`) '.repeat(40).trim();
  expect(toYaml({ match })).toBe(`match: ${match}\n`);
});

test('a reference to another resource is quoted, and is a string whatever it becomes', () => {
  const email = Token.asString({ resolve: () => 'x', creationStack: [], toString: () => 'x' });
  expect(toYaml({ email })).toBe(`email: "${email}"\n`);
  expect(unwritable({ a: { email } })).toBeUndefined();
});

test('a number or list that Terraform resolves cannot be written, and its place is named', () => {
  const later = { resolve: () => 'x', creationStack: [], toString: () => 'x' };
  expect(unwritable({ a: { replicas: Token.asNumber(later) } })).toBe('a.replicas');
  expect(unwritable({ namespaces: Token.asList(later) })).toBe('namespaces');
});

test('keys without a value are left out, null is kept', () => {
  expect(toYaml({ a: undefined, b: null, c: { d: undefined } })).toBe('b: null\nc: {}\n');
});
