import type { z } from 'zod';
import { BASELINE_POOLS } from './node-pools.ts';
import { crossRules } from './rules.ts';
import { type Environment, environment } from './schema.ts';

/** What is wrong with an environment, one line per problem: `environments/prod.ts: path rule, got value`. */
export class EnvironmentError extends Error {
  readonly problems: string[];
  constructor(file: string, problems: string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

type Data = Record<string, unknown>;
const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects are merged, everything else is replaced. */
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isData(base) || !isData(over)) return over;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [key, merge(base[key], over[key])]),
  );
}

/** The baseline's pools under the environment's own; a pool's size is one thing and not merged; null drops a pool. */
function withPools(pools: unknown): unknown {
  if (pools !== undefined && !isData(pools)) return pools;
  const own = pools ?? {};
  const names = [...new Set([...Object.keys(BASELINE_POOLS), ...Object.keys(own)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const over = own[name];
      if (over === null) return [];
      const merged = merge(BASELINE_POOLS[name], over);
      return [
        [name, isData(merged) && isData(over) && over.nodes !== undefined ? { ...merged, nodes: over.nodes } : merged],
      ];
    }),
  );
}

/** Defaults that follow from the kind of environment. */
function defaults(data: Data): Data {
  const google = isData(data.google) ? data.google : {};
  const images = `${google.region}-docker.pkg.dev/${google.project}/apps`;
  const gke = data.kind === 'gke';
  return {
    // A backend is one thing, not merged: another type has other keys.
    ...(data.backend !== undefined
      ? {}
      : gke
        ? { backend: { type: 'gcs', bucket: `${google.project}-tfstate`, prefix: `plinth/${data.name}` } }
        : { backend: { type: 'local' } }),
    ...(gke ? {} : { localNodes: [{ count: 1, cpu: 8, memoryGib: 16 }] }),
    kafka: gke
      ? { brokers: 3, storageGib: 100, storageClass: 'premium-rwo' }
      : { brokers: 1, storageGib: 10, storageClass: 'standard' },
    apps: {
      producer: { image: gke ? `${images}/producer:0.1.0` : 'localhost:5001/plinth/producer:0.1.0' },
      consumer: { image: gke ? `${images}/consumer:0.1.0` : 'localhost:5001/plinth/consumer:0.1.0' },
    },
  };
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known key that was probably meant. */
function nearest(key: string, known: string[]): string | undefined {
  const [best] = known
    .map((one) => ({ one, far: distance(key.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const begun = known.find((one) => one.toLowerCase().startsWith(key.toLowerCase()));
  return best && best.far <= Math.max(2, key.length / 3) ? best.one : begun;
}

const at = (data: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (part, step) => (isData(part) || Array.isArray(part) ? (part as Data)[step as string] : undefined),
    data,
  );
const show = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);

interface ShapeLike {
  _zod?: {
    def?: { shape?: Record<string, ShapeLike>; innerType?: ShapeLike; valueType?: ShapeLike; element?: ShapeLike };
  };
}

/** Keys that the schema has at a path, for the proposal. */
function keysAt(path: PropertyKey[]): string[] {
  let schema: ShapeLike | undefined = environment as unknown as ShapeLike;
  const unwrap = (one: ShapeLike | undefined): ShapeLike | undefined =>
    one?._zod?.def?.innerType ? unwrap(one._zod.def.innerType) : one;
  for (const step of path) {
    const def: NonNullable<ShapeLike['_zod']>['def'] = unwrap(schema)?._zod?.def;
    schema = def?.shape?.[String(step)] ?? def?.valueType ?? def?.element;
  }
  return Object.keys(unwrap(schema)?._zod?.def?.shape ?? {});
}

/** A union's own message is too general where one of its members has the right keys. */
function describe(issue: z.core.$ZodIssue, data: unknown): string[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, keysAt(issue.path));
      const whole = [path, key].filter(Boolean).join('.');
      return `${whole} is not a known key${meant ? `: did you mean ${meant}?` : ''}`;
    });
  }
  if (issue.code === 'invalid_union') {
    const value = at(data, issue.path);
    const specific = issue.errors.find((errors) =>
      errors.every(
        (one) =>
          one.code !== 'unrecognized_keys' &&
          !(one.path.length === 1 && isData(value) && value[String(one.path[0])] === undefined),
      ),
    );
    if (specific?.length)
      return specific.flatMap((one) =>
        describe({ ...one, path: [...issue.path, ...one.path] } as z.core.$ZodIssue, data),
      );
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(
      (inner) =>
        `${path.split('.').slice(0, -1).join('.')} has the key ${path.split('.').pop()}, which ${inner.message}`,
    );
  }
  const value = at(data, issue.path);
  const message = issue.code === 'invalid_type' && value === undefined ? 'must be given' : issue.message;
  return [`${path} ${message}, got ${show(value)}`];
}

/** The environment with every default, or an EnvironmentError with every problem. `file` begins each line. */
export function parseEnvironment(file: string, data: unknown): Environment {
  if (!isData(data)) throw new EnvironmentError(file, [`must be an object, got ${show(data)}`]);
  const merged = merge(defaults(data), {
    ...data,
    ...(data.kind === 'gke' ? { nodePools: withPools(data.nodePools) } : {}),
  });
  const result = environment.safeParse(merged);
  if (!result.success) {
    throw new EnvironmentError(
      file,
      result.error.issues.flatMap((issue) => describe(issue, merged)),
    );
  }
  const problems = crossRules(result.data);
  if (problems.length > 0) throw new EnvironmentError(file, problems);
  return result.data;
}
