/**
 * What a bucket of a rollup comes to: how many rows, every sum, and a hash of all that its rows say. The hash is the
 * exclusive or of 48 bits of SHA-256 over each row as text, so it does not depend on the order, and every engine
 * gives the same.
 */
import { quoteIdentifier } from '../../sql/index.js';
import { dialectOf, measureColumns } from './compile.js';
import type { Dialect, EngineName } from './dialect.js';
import { type Rollup, type StoredMeasure, storedMeasures } from './rollup.js';

/** The measures that are whole numbers and add up. */
export function summedMeasures(rollup: Rollup): readonly StoredMeasure[] {
  return storedMeasures(rollup).filter(({ kind }) => kind === 'count' || kind === 'sum' || kind === 'cost');
}

/** The name of the column of a digest that holds the sum of a measure. */
export function sumColumn(measure: string): string {
  return `sum_${measure}`;
}

/** A query of one row a bucket: `bucket_start`, `rows`, `hash`, and `sum_…` of each measure, as text. */
export function digestQuery(rollup: Rollup, engine: EngineName, rows: string): string {
  const dialect = dialectOf(engine);
  const text = dialect.type('text');
  const sums = summedMeasures(rollup).map(
    ({ name }) => `sum(${quoteIdentifier(name)})::${text} as ${quoteIdentifier(sumColumn(name))}`,
  );
  return `select bucket_start, count(*)::${text} as rows, bit_xor(${dialect.hash48(rowText(rollup, dialect))})::${text} as hash,
  ${sums.join(',\n  ')}
from ${rows} as r
group by bucket_start`;
}

/** A row as text: its dimensions and measures with a bar between, nulls as nothing. */
function rowText(rollup: Rollup, dialect: Dialect): string {
  const text = dialect.type('text');
  const columns = [
    ...rollup.dimensions.map(({ name }) => ({ name, isList: false })),
    ...storedMeasures(rollup).flatMap((measure) =>
      measureColumns(measure).map(({ name, type }) => ({ name, isList: type.endsWith('-list') })),
    ),
  ];
  return `(${columns
    .map(({ name, isList }) => {
      const column = `r.${quoteIdentifier(name)}`;
      return `coalesce(${isList ? dialect.listText(column) : `${column}::${text}`}, '')`;
    })
    .join(" || '|' || ")})`;
}
