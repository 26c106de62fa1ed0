/** The statements that write the rows of a rollup for a span in PostgreSQL: $1 its beginning, $2 its end. */
import { CAPS_TABLE, cappedParts, foldedCountsSql } from './cap.js';
import { rollupColumns } from './compile.js';
import { isFromEvents, type Rollup } from './rollup.js';
import { rollupQuery } from './rollup-query.js';
import { qualifiedTable } from './table-sql.js';

/** The statement by itself. */
export function insertSql(rollup: Rollup): string {
  const { before, insert } = parts(rollup);
  return `${before === '' ? '' : `with ${before}\n`}${insert}`;
}

/** The same, with an answer of one row: `rows`, how many were written. */
export function countedInsertSql(rollup: Rollup): string {
  const { before, insert } = parts(rollup);
  return `with ${before === '' ? '' : `${before},\n`}written as (\n${insert}\nreturning 1\n)\nselect count(*) as rows from written`;
}

function parts(rollup: Rollup): { readonly before: string; readonly insert: string } {
  const isEvents = isFromEvents(rollup);
  const time = isEvents ? 'e.event_time' : 'e.bucket_start';
  const options = {
    engine: 'postgresql',
    from: isEvents ? 'analytics.usage_events' : qualifiedTable({ name: rollup.source }),
    where: `${time} >= $1::timestamptz and ${time} < $2::timestamptz`,
  } as const;
  const into = `insert into ${qualifiedTable(rollup)} (${rollupColumns(rollup).join(', ')})`;
  if (rollup.caps.length === 0) {
    return { before: '', insert: `${into}\n${rollupQuery(rollup, options)}` };
  }
  const { before, rows } = cappedParts(rollup, options);
  return {
    before: `${before},
recorded as (
insert into ${CAPS_TABLE} (bucket_start, organization_id, folded_values, folded_events, at_most, rollup, dimension)
${foldedCountsSql(rollup)}
)`,
    insert: `${into}\n${rows}`,
  };
}
