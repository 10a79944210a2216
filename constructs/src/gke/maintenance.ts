import type { ContainerClusterMaintenancePolicy } from '@cdktf/provider-google/lib/container-cluster/index.js';
import type { IConstruct } from 'constructs';
import { distinct, ensure, length, oneOf, type Pattern, pattern, range } from '../validation.ts';
import { TIMESTAMP } from './managed-secret.ts';

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const EXCLUSION_SCOPES = ['NO_UPGRADES', 'NO_MINOR_UPGRADES', 'NO_MINOR_OR_NODE_UPGRADES'] as const;

export const TIME_OF_DAY: Pattern = { regex: /^([01]\d|2[0-3]):[0-5]\d$/, means: 'a UTC time such as 02:00' };
/** https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions: four hours without a break. */
export const WINDOW_HOURS = { min: 4, max: 24 };
export const EXCLUSIONS = { min: 0, max: 20 };

/** GKE wants this many hours of maintenance in any 32 days. */
const HOURS_IN_32_DAYS = 48;
/** A Monday. The window's date only anchors the weekly recurrence; a fixed one keeps the plan the same every day. */
const MONDAY = '2026-01-05';
const HOUR = 3_600_000;

export interface MaintenanceOptions {
  /** When the window opens, in UTC, `HH:MM`. @default '02:00' */
  readonly startTime?: string;
  /** How long it stays open, 4-24 hours. @default 6 */
  readonly durationHours?: number;
  /** Days of the week on which it opens. Together at least 48 hours in 32 days. @default ['SA', 'SU'] */
  readonly days?: readonly Weekday[];
  /** Times without upgrades, at most 20. @default - none */
  readonly exclusions?: readonly MaintenanceExclusion[];
}

export interface MaintenanceExclusion {
  /** Unique among the exclusions. */
  readonly name: string;
  /** UTC, e.g. `2026-12-20T00:00:00Z`. */
  readonly from: string;
  /** UTC, after `from`. */
  readonly to: string;
  /** What is held back. @default 'NO_MINOR_OR_NODE_UPGRADES' */
  readonly scope?: (typeof EXCLUSION_SCOPES)[number];
}

export function maintenancePolicy(scope: IConstruct, options: MaintenanceOptions): ContainerClusterMaintenancePolicy {
  const { startTime = '02:00', durationHours = 6, days = ['SA', 'SU'], exclusions = [] } = options;
  pattern(scope, 'maintenance.startTime', startTime, TIME_OF_DAY);
  range(scope, 'maintenance.durationHours', durationHours, WINDOW_HOURS);
  length(scope, 'maintenance.days', days, { min: 1, max: 7 });
  for (const day of days) oneOf(scope, 'maintenance.days', day, WEEKDAYS);
  distinct(scope, 'maintenance.days', days);
  // Four whole weeks and four days: counted without the four, which may fall beside the window.
  const hours = 4 * days.length * durationHours;
  const rule = `must leave at least ${HOURS_IN_32_DAYS} hours in 4 weeks (days x durationHours x 4)`;
  ensure(scope, hours >= HOURS_IN_32_DAYS, 'maintenance', rule, hours);
  length(scope, 'maintenance.exclusions', exclusions, EXCLUSIONS);
  distinct(scope, 'maintenance.exclusions', exclusions, ({ name }) => name);

  const open = WEEKDAYS.filter((day) => days.includes(day));
  // The first window must itself lie on one of the days.
  const start = Date.parse(`${MONDAY}T${startTime}:00Z`) + WEEKDAYS.indexOf(open[0]!) * 24 * HOUR;
  return {
    recurringWindow: {
      startTime: instant(start),
      endTime: instant(start + durationHours * HOUR),
      recurrence: `FREQ=WEEKLY;BYDAY=${open.join(',')}`,
    },
    maintenanceExclusion:
      exclusions.length === 0
        ? undefined
        : exclusions.map((exclusion) => {
            const { name, from, to } = exclusion;
            pattern(scope, `maintenance.exclusions.${name}.from`, from, TIMESTAMP);
            pattern(scope, `maintenance.exclusions.${name}.to`, to, TIMESTAMP);
            ensure(scope, from < to, `maintenance.exclusions.${name}.to`, `must be after ${from}`, to);
            const held = exclusion.scope ?? 'NO_MINOR_OR_NODE_UPGRADES';
            oneOf(scope, `maintenance.exclusions.${name}.scope`, held, EXCLUSION_SCOPES);
            return { exclusionName: name, startTime: from, endTime: to, exclusionOptions: { scope: held } };
          }),
  };
}

const instant = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
