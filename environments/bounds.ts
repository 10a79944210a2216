/** One bound feeds the check, the message and the test. */
export interface Bounds {
  min: number;
  max: number;
}

export const DISK_SIZE_GIB: Bounds = { min: 10, max: 2000 };
export const NODES: Bounds = { min: 0, max: 1000 };
export const BROKERS: Bounds = { min: 1, max: 99 };
export const STORAGE_GIB: Bounds = { min: 10, max: 4000 };
export const PARTITIONS: Bounds = { min: 1, max: 1000 };
export const RETENTION_HOURS: Bounds = { min: 1, max: 8760 };
export const REPLICAS: Bounds = { min: 1, max: 100 };
export const MAINTENANCE_HOURS: Bounds = { min: 4, max: 24 };
export const PERCENT: Bounds = { min: 10, max: 100 };
export const PORT: Bounds = { min: 1024, max: 65535 };
export const GPUS: Bounds = { min: 1, max: 16 };
export const SURGE: Bounds = { min: 0, max: 20 };
export const LOCAL_CPUS: Bounds = { min: 1, max: 512 };
export const LOCAL_MEMORY_GIB: Bounds = { min: 1, max: 4096 };
export const LOCAL_NODES: Bounds = { min: 1, max: 100 };
export const QUOTA: Bounds = { min: 0, max: 1_000_000 };

export const describe = ({ min, max }: Bounds): string => `${min}-${max}`;
