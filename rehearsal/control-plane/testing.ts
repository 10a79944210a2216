import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireTools } from '../tools/index.ts';
import { CONTROL_PLANE_TOOLS, type ControlPlane, startControlPlane } from './control-plane.ts';

/** For tests: on an empty cache the tools are built first, which takes minutes. */
export const TOOLS_TIMEOUT_MS = 20 * 60_000;

export interface TestControlPlane extends ControlPlane {
  /** Stops it and removes its directory. */
  remove(): Promise<void>;
}

/** A control plane of a test file's own, in a temporary directory. */
export async function testControlPlane(): Promise<TestControlPlane> {
  const tools = await acquireTools(CONTROL_PLANE_TOOLS);
  const directory = mkdtempSync(join(tmpdir(), 'plinth-control-plane-'));
  const controlPlane = await startControlPlane({ directory, tools });
  return {
    ...controlPlane,
    remove: async () => {
      await controlPlane.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
