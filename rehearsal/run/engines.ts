import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type ProviderChoice = 'real' | 'stand-in';

const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';
const PATIENCE_MS = 3_000;

/** The user's Terraform CLI configuration, if there is one: it may name a mirror of the provider registry. */
export function terraformConfiguration(): string | undefined {
  const named = process.env.TF_CLI_CONFIG_FILE;
  const file = named || join(homedir(), '.terraformrc');
  return existsSync(file) ? file : undefined;
}

const namesMirror = (file: string | undefined): boolean =>
  file !== undefined && /provider_installation|network_mirror|filesystem_mirror/.test(readFileSync(file, 'utf8'));

/** Real providers where their registry, or a mirror of it, can be reached; the stand-ins elsewhere. */
export async function chooseProviders(
  wish: ProviderChoice | undefined,
): Promise<{ choice: ProviderChoice; why: string }> {
  if (wish) return { choice: wish, why: 'as asked' };
  if (namesMirror(terraformConfiguration())) return { choice: 'real', why: 'a provider mirror is configured' };
  const reached = await fetch(REGISTRY, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    (response) => response.ok,
    () => false,
  );
  return reached
    ? { choice: 'real', why: 'the provider registry can be reached' }
    : { choice: 'stand-in', why: 'the provider registry cannot be reached' };
}
