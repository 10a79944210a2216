export {
  CONTROL_PLANE_TOOLS,
  type ControlPlane,
  type ControlPlaneOptions,
  type ControlPlaneTool,
  freePort,
  startControlPlane,
} from './control-plane.ts';
export { recordEvent } from './events.ts';
export {
  type LoadBalancer,
  type LoadBalancers,
  type LoadBalancersOptions,
  startLoadBalancers,
} from './load-balancer.ts';
export {
  attachableDisks,
  capacityMemoryMib,
  findMachineType,
  knownMachineTypes,
  type MachineType,
  type NodeResources,
  nodeAllocatable,
  nodeCapacity,
  reservedCpuMillis,
  reservedMemoryMib,
} from './machine-types.ts';
export { gkeNode, type LocalMachine, localNode, type NodeChanges, syncLocalNodes, syncNodes } from './nodes.ts';
export {
  logTail,
  type RecordedProcess,
  readRecorded,
  recordProcess,
  runningRecorded,
  startTimeOf,
  stopProcesses,
  stopRecorded,
} from './processes.ts';
export {
  GKE_STORAGE,
  installStorage,
  LOCAL_PROVISIONER,
  LOCAL_STORAGE,
  PD_DRIVER,
  type PvBinder,
  type PvBinderOptions,
  startPvBinder,
  type VolumeRequest,
} from './storage.ts';
export { GKE_SYSTEM_WORKLOADS, installSystemOverhead, isSystemOverhead } from './system-overhead.ts';
