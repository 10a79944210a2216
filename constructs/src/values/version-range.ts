type Version = [number, number, number];

/** `1.34`, `v1.34.1` and `1.34.1-gke.1829001` alike: a build's suffix says nothing about the API it serves. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

function compare(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

const operators: Record<string, (order: number) => boolean> = {
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
};

/** Whether a version meets every bound of a range such as `>=1.32 <1.37`. An unreadable version or range is an error. */
export function inRange(version: string, range: string): boolean {
  const parsed = parseVersion(version);
  if (!parsed) throw new Error(`${JSON.stringify(version)} is not a version such as 1.34 or 1.34.1-gke.100`);
  return range
    .trim()
    .split(/\s+/)
    .every((part) => {
      const [, operator = '', bound = ''] = /^(>=|<=|>|<)(.+)$/.exec(part) ?? [];
      const limit = parseVersion(bound);
      if (!limit) throw new Error(`${JSON.stringify(range)} is not a range such as ">=1.32 <1.37"`);
      return operators[operator]!(compare(parsed, limit));
    });
}
