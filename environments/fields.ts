import { z } from 'zod';
import { type Bounds, describe } from './bounds.ts';

/** Building blocks of the schema: each refuses with `must be ...`, to which the path and the value are added. */

/** A whole number within bounds. */
export const whole = (bounds: Bounds) =>
  z
    .number({ error: `must be a whole number of ${describe(bounds)}` })
    .int(`must be a whole number of ${describe(bounds)}`)
    .min(bounds.min, `must be ${describe(bounds)}`)
    .max(bounds.max, `must be ${describe(bounds)}`);

/** Text of a form; `means` completes "must be". */
export const text = (pattern: RegExp, means: string) =>
  z.string({ error: `must be ${means}` }).regex(pattern, `must be ${means}`);

/** One of a closed set. */
export const oneOf = <const T extends [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

export const yesNo = z.boolean({ error: 'must be true or false' });

export const cidr = text(
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:\d|[12]\d|3[0-2])$/,
  'an IPv4 range such as 10.0.0.0/22',
);

export const cpuQuantity = text(/^(\d+m|\d+(\.\d{1,3})?)$/, 'CPUs such as 250m, 0.5 or 2');
export const memoryQuantity = text(/^\d+(Mi|Gi)$/, 'memory such as 512Mi or 2Gi');

export const resources = (cpu: string, memory: string) =>
  z
    .strictObject({ cpu: cpuQuantity.default(cpu), memory: memoryQuantity.default(memory) })
    .default({ cpu, memory })
    .describe('Requests per replica; memory is also the limit.');
