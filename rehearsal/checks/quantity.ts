const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** The number that a Kubernetes quantity stands for (`250m` is 0.25, `1Gi` is 1073741824). Throws on anything else. */
export function parseQuantity(quantity: string | number): number {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(quantity));
  const factor = match ? FACTORS[match[2] ?? ''] : undefined;
  const value = match ? Number(match[1]) : Number.NaN;
  if (factor === undefined || Number.isNaN(value)) throw new Error(`'${quantity}' is not a Kubernetes quantity`);
  return value * factor;
}

export const GIB = 2 ** 30;

/** Two decimals: enough for cores and GiB in a report. */
export const round = (value: number): number => Math.round(value * 100) / 100;
