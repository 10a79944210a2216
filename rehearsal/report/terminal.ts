import type { Report } from './report.ts';

type Row = (string | number)[];

function table(head: string[], rows: Row[]): string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const numeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  return all.map((row) =>
    `  ${row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')}`.trimEnd(),
  );
}

const section = (title: string, lines: string[]): string[] => (lines.length > 0 ? ['', title, ...lines] : []);
const bullets = (items: string[]): string[] => items.map((item) => `  - ${item}`);

/** The report as a person reads it, most important last: the verdict stands where the cursor is. */
export function renderReport(report: Report): string {
  const { pods, secondPlan, drift, destroy } = report;
  const pools = table(
    [
      'pool',
      'nodes',
      'machine',
      'cpu asked',
      'of',
      'GiB asked',
      'of',
      'pods',
      'cpu left',
      'at max',
      'GiB left',
      'at max',
    ],
    report.pools.map((pool) => [
      pool.name,
      pool.nodes,
      pool.machineType,
      pool.cpu.requested,
      pool.cpu.allocatable,
      pool.memory.requested,
      pool.memory.allocatable,
      pool.pods,
      pool.headroomNow.cpu,
      pool.headroomAtMax.cpu,
      pool.headroomNow.memoryGib,
      pool.headroomAtMax.memoryGib,
    ]),
  );
  const lines = [
    ...section(
      'Engines',
      table(
        ['engine', 'version', 'kind'],
        Object.entries(report.engines).map(([name, engine]) => [name, engine.version, engine.kind]),
      ),
    ),
    ...section(
      'Charts',
      table(
        ['chart', 'version', 'evidence', ''],
        report.charts.map((chart) => [chart.name, chart.version, chart.evidence, chart.detail]),
      ),
    ),
    ...section('Pools', pools),
    ...section(
      'Quotas',
      table(
        ['metric', 'used', 'limit', ''],
        report.quotas.map((quota) => [
          quota.metric,
          quota.used,
          quota.limit,
          quota.declared ? 'declared' : "Google's default",
        ]),
      ),
    ),
    ...section(
      'Pending pods',
      pods.pending.map((pod) => `  ${pod.name}: ${pod.reason}`),
    ),
    ...section(
      'Pending pods with every autoscaler at its maximum',
      pods.pendingAtMax.map((pod) => `  ${pod.name}: ${pod.reason}`),
    ),
    ...section('Warnings', bullets(report.warnings)),
    ...section('Not exercised', bullets(report.notExercised)),
    ...section(
      'Problems',
      report.problems.flatMap((problem) => [
        `  ${problem.path}: ${problem.message}`,
        `    rule ${problem.rule}, evidence ${problem.evidence}; fix: ${problem.fix}`,
      ]),
    ),
    '',
    `resources    ${report.resources.applied} applied, ${report.resources.simulated} simulated, ${report.resources.outlined} outlined`,
    `pods         ${pods.running} running, ${pods.pending.length} pending`,
    `second plan  ${secondPlan.add} to add, ${secondPlan.change} to change, ${secondPlan.destroy} to destroy`,
    ...(drift ? [`drift        ${drift.injected}: ${drift.seen ? 'seen' : 'NOT seen'}`] : []),
    `destroy      ${destroy.outcome}${destroy.detail ? `: ${destroy.detail}` : ''}`,
    ...(report.cost
      ? [`cost         about $${Math.round(report.cost.monthlyUsd)} a month (${report.cost.basis})`]
      : []),
    `verdict      ${report.verdict} in ${report.seconds.toFixed(1)} s`,
  ];
  return lines.join('\n').replace(/^\n/, '');
}
