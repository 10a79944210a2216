import { bytes, type ContainerResources, milliCpus } from '../values/quantity.ts';

const BINARY: [string, number][] = [
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
];
const DECIMAL: [string, number][] = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
];

function cpu(quantity: string): string {
  const millis = milliCpus(quantity);
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

function memory(quantity: string): string {
  const value = bytes(quantity);
  const units = quantity.endsWith('i') ? BINARY : DECIMAL;
  const unit = value === 0 ? undefined : units.find(([, size]) => value % size === 0);
  return unit ? `${value / unit[1]}${unit[0]}` : String(value);
}

const figures = (list: { cpu?: string; memory?: string }) => ({
  ...(list.cpu === undefined ? {} : { cpu: cpu(list.cpu) }),
  ...(list.memory === undefined ? {} : { memory: memory(list.memory) }),
});

/** The API server writes 1000m as 1 and 1024Mi as 1Gi, and Terraform would see a change in that. */
export const canonical = ({ requests, limits }: ContainerResources) => ({
  requests: figures(requests),
  ...(limits ? { limits: figures(limits) } : {}),
});
