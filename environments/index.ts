import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnvironment } from './parse.ts';
import type { Environment } from './schema.ts';

export { EnvironmentError, parseEnvironment } from './parse.ts';
export { checkQuotas, DEFAULT_QUOTAS } from './quotas.ts';
export type { Environment, EnvironmentInput } from './schema.ts';

/** A new environment is one file beside these, and its name here. */
export const environmentNames = ['local', 'dev', 'staging', 'prod'] as const;

/** By name, or by the path of a `.ts`, `.mjs` or `.json` file whose default export is the definition. */
export async function loadEnvironment(nameOrPath: string): Promise<Environment> {
  const known = (environmentNames as readonly string[]).includes(nameOrPath);
  const path = known
    ? join(import.meta.dirname, `${nameOrPath}.ts`)
    : isAbsolute(nameOrPath)
      ? nameOrPath
      : resolve(nameOrPath);
  if (!existsSync(path)) {
    throw new Error(
      `ENVIRONMENT must be one of ${environmentNames.join(', ')}, or the path of a definition, got ${nameOrPath}`,
    );
  }
  const attributes = path.endsWith('.json') ? { with: { type: 'json' } } : undefined;
  const { default: data } = (await import(pathToFileURL(path).href, attributes)) as { default: unknown };
  return parseEnvironment(known ? `environments/${nameOrPath}.ts` : basename(path), data);
}
