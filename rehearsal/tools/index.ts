export { type AcquiredTool, type AcquireOptions, acquireTools, findOnPath, findPresent } from './acquire.ts';
export { plinthCache, toolFolder } from './cache.ts';
export { ToolError } from './errors.ts';
export { findGo, type GoToolchain } from './go-build.ts';
export { type FindJavaOptions, findInstalledJava, findJava, type Java } from './java.ts';
export { acquireLock, type Lock } from './lock.ts';
export { isReachable, outsideDispatcher, type Reachability } from './reachability.ts';
export { type CommandOptions, type CommandResult, runCommand } from './run-command.ts';
export {
  currentPlatform,
  GO_MINIMUM,
  KUBERNETES_VERSION,
  type Platform,
  TOOL_NAMES,
  TOOLS,
  type Tool,
  type ToolName,
} from './tools.ts';
