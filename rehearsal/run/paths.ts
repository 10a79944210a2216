import { homedir } from 'node:os';
import { join } from 'node:path';

/** Tools, schemas, charts and CRDs that any run may use again. */
export const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plinth');

/** Everything of the project's own runs. */
export const runsFolder = (project: string): string => join(project, '.plinth', 'runs');
