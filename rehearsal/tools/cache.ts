import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where everything that was fetched or built is kept: `$XDG_CACHE_HOME/plinth`, else `~/.cache/plinth`. */
export const plinthCache = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plinth');

/** Of one tool in one version. */
export const toolFolder = (cacheDir: string, name: string, version: string): string =>
  join(cacheDir, 'tools', name, version);
