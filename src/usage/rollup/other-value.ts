/**
 * What stands in a dimension for the values beyond its cap. Each is a value that no event has: the highest UUID
 * (RFC 9562, 5.10), a number below all numbers of models and statuses, a text with more than letters.
 */
import type { SourceColumn } from './source-columns.js';

/** What people and answers are shown in its place. */
export const OTHER = '__other__';

const VALUES: Readonly<Partial<Record<SourceColumn['type'], string | number>>> = {
  uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  integer: -1,
  smallint: -1,
  text: OTHER,
};

/** The value of a column that stands for those beyond its cap; `undefined` where a column cannot be capped. */
export function otherValue({ type }: SourceColumn): string | number | undefined {
  return VALUES[type];
}
