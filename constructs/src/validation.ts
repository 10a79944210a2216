import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';

/** A value that a construct refuses: where, which prop, by which rule, and what it got. */
export class ValidationError extends Error {
  readonly path: string;
  readonly prop: string;
  readonly rule: string;

  constructor(path: string, prop: string, rule: string, got?: string) {
    super(`${path}: ${prop} ${rule}${got === undefined ? '' : `, got ${got}`}`);
    this.name = 'ValidationError';
    this.path = path;
    this.prop = prop;
    this.rule = rule;
  }
}

/** One range for the check, the message and the test. Both ends are allowed. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** Written after the figures, e.g. `days`. Leave it out where the prop's name already carries it (`diskSizeGib`). */
  readonly unit?: string;
  /** @default true: fractions are refused */
  readonly integer?: boolean;
}

/** One pattern for the check, the message and the test. */
export interface Pattern {
  readonly regex: RegExp;
  /** Completes "must be ...", e.g. `6-30 lower-case letters, digits or hyphens, starting with a letter`. */
  readonly means: string;
}

/** A value that Terraform resolves later (a reference to another resource) cannot be judged at synthesis. */
const later = (value: unknown): boolean => value === undefined || value === null || Token.isUnresolved(value);

function show(value: unknown): string {
  if (Token.isUnresolved(value)) return 'a value known after apply';
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Refuses with the scope's path. Returns never, so a caller may use it in an expression. */
export function refuse(scope: IConstruct, prop: string, rule: string, ...got: unknown[]): never {
  throw new ValidationError(scope.node.path, prop, rule, got.length === 0 ? undefined : got.map(show).join(', '));
}

export function describeRange({ min, max, unit }: Range): string {
  const suffix = unit ? ` ${unit}` : '';
  if (min !== undefined && max !== undefined) return min === max ? `${min}${suffix}` : `${min}-${max}${suffix}`;
  return min !== undefined ? `at least ${min}${suffix}` : `at most ${max}${suffix}`;
}

/** The value, when it lies within the range: `prod/cluster/brokers: diskSizeGib must be 10-2000, got 5`. */
export function range<T extends number | undefined>(scope: IConstruct, prop: string, value: T, bounds: Range): T {
  if (later(value)) return value;
  const number = value as number;
  const { min = -Infinity, max = Infinity, integer = true } = bounds;
  // written so that NaN is refused too
  if (!(number >= min && number <= max)) refuse(scope, prop, `must be ${describeRange(bounds)}`, value);
  if (integer && !Number.isInteger(number)) refuse(scope, prop, 'must be a whole number', value);
  return value;
}

/** The value, when it is one of the allowed: `...: diskType must be one of pd-standard, pd-ssd, got "ssd"`. */
export function oneOf<T extends string | number | undefined>(
  scope: IConstruct,
  prop: string,
  value: T,
  allowed: readonly NonNullable<T>[],
): T {
  if (later(value) || allowed.includes(value as NonNullable<T>)) return value;
  return refuse(scope, prop, `must be one of ${allowed.join(', ')}`, value);
}

/** The value, when it matches: `...: name must be 1-40 lower-case letters ..., got "Prod"`. */
export function pattern<T extends string | undefined>(scope: IConstruct, prop: string, value: T, rule: Pattern): T {
  if (later(value) || rule.regex.test(value as string)) return value;
  return refuse(scope, prop, `must be ${rule.means}`, value);
}

/** The list or string, when its length lies within the range: `...: zones must have 1-3 entries, got 0`. */
export function length<T extends readonly unknown[] | string | undefined>(
  scope: IConstruct,
  prop: string,
  value: T,
  bounds: Range,
): T {
  if (later(value)) return value;
  const items = value as readonly unknown[] | string;
  const { min = 0, max = Infinity } = bounds;
  if (items.length >= min && items.length <= max) return value;
  const unit = bounds.unit ?? (typeof items === 'string' ? 'characters' : 'entries');
  return refuse(scope, prop, `must have ${describeRange({ ...bounds, unit })}`, items.length);
}

/** The list, when nothing is in it twice: `...: ports must not repeat an entry, got 8443`. */
export function distinct<T>(
  scope: IConstruct,
  prop: string,
  values: readonly T[],
  key: (value: T) => unknown = (v) => v,
): readonly T[] {
  if (later(values)) return values;
  const seen = new Set<unknown>();
  for (const value of values) {
    if (later(value)) continue;
    const name = key(value);
    if (seen.has(name)) refuse(scope, prop, 'must not repeat an entry', name);
    seen.add(name);
  }
  return values;
}

/** Refuses unless the condition holds; for rules that join several props. `rule` completes "<prop> ...". */
export function ensure(
  scope: IConstruct,
  holds: boolean,
  prop: string,
  rule: string,
  ...got: unknown[]
): asserts holds {
  if (!holds) refuse(scope, prop, rule, ...got);
}

/** Whether a value is known at synthesis, so that it may be compared or computed with. */
export function isKnown<T>(value: T): value is NonNullable<T> {
  return !later(value);
}
