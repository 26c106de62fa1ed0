/**
 * Rows of rollups from the history: computed by DuckDB from files and late events, by the same declarations as in
 * PostgreSQL, and brought to a table there.
 */
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../database/index.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { type Grain, isAtLeastAsFine, type TimeRange } from '../grain.js';
import { type HistoryEvents, openHistory, timeSql } from '../history/open-history.js';
import { type HistoryFiles, usageSegments } from '../history/segments.js';
import { CAPS_TABLE, cappedParts, foldedCountsSql } from './cap.js';
import { rollupColumns } from './compile.js';
import type { Rollup } from './rollup.js';
import { rollupQuery } from './rollup-query.js';
import { qualifiedTable } from './table-sql.js';

/**
 * Opens the events of a span of whole buckets, at least one of which is in the history, and closes them after `work`.
 * As `openHistory` in a transaction of the caller.
 */
export async function withHistory<T>(
  session: Session,
  range: TimeRange,
  history: HistoryFiles | undefined,
  work: (events: HistoryEvents) => Promise<T>,
): Promise<T> {
  const events = await openHistory(session, {
    segments: await usageSegments(session, range),
    range,
    history,
  });
  try {
    return await work(events);
  } finally {
    events.close();
  }
}

/** How many buckets are computed at once: about a day. */
export function bucketsOfHistory(grain: Grain): number {
  return isAtLeastAsFine(grain, 'hour') ? 24 : 1;
}

/** The query of DuckDB for the rows of a span. */
export function historyQuery(
  rollup: Rollup,
  events: HistoryEvents,
  range: TimeRange,
  where?: string,
): string {
  return rollupQuery(rollup, sourceOf(events, range, where));
}

/** What such a query reads. */
export function sourceOf({ relation }: HistoryEvents, { from, to }: TimeRange, where = 'true') {
  return {
    engine: 'duckdb',
    from: relation,
    where: `e.event_time >= ${timeSql(from)} and e.event_time < ${timeSql(to)} and (${where})`,
  } as const;
}

/** Writes the rows of a span into the rollup's table, and what its caps have folded; returns how many rows. */
export async function writeFromHistory(
  session: Session,
  rollup: Rollup,
  range: TimeRange,
  events: HistoryEvents,
): Promise<number> {
  const table = qualifiedTable(rollup);
  const columns = rollupColumns(rollup);
  if (rollup.caps.length === 0) {
    return copyRows(session, events, { query: historyQuery(rollup, events, range), table, columns });
  }
  const { before, rows } = cappedParts(rollup, sourceOf(events, range));
  // What was folded is told by the same parts of the query that fold.
  await copyRows(session, events, {
    query: `with ${before}\nselect ${CAPS_COLUMNS.join(', ')} from (\n${foldedCountsSql(rollup)}\n) as f`,
    table: CAPS_TABLE,
    columns: CAPS_COLUMNS,
  });
  return copyRows(session, events, { query: `with ${before}\n${rows}`, table, columns });
}

const CAPS_COLUMNS = [
  'bucket_start',
  'organization_id',
  'folded_values',
  'folded_events',
  'at_most',
  'rollup',
  'dimension',
];

interface Copying {
  readonly query: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** Writes what a query of DuckDB gives into columns of a table; returns how many rows. */
export async function copyRows(
  session: Session,
  { duckdb, folder }: HistoryEvents,
  { query, table, columns }: Copying,
): Promise<number> {
  const csv = join(folder, 'rows.csv');
  const types = await duckdb.query<{ column_name: string; column_type: string }>(`describe ${query}`);
  // Lists in braces, as PostgreSQL reads them.
  const written = columns.map((name) => {
    const column = `r.${quoteIdentifier(name)}`;
    const isList = types.find((type) => type.column_name === name)!.column_type.endsWith('[]');
    return isList ? `'{' || array_to_string(${column}, ',') || '}'` : column;
  });
  try {
    await duckdb.run(
      `copy (select ${written.join(', ')} from (${query}) as r)
       to ${quoteLiteral(csv)} (format csv, header false, nullstr '\\N')`,
    );
    return await session.copyIn(
      `copy ${table} (${columns.map(quoteIdentifier).join(', ')}) from stdin (format csv, null '\\N')`,
      createReadStream(csv, { highWaterMark: 1 << 20 }),
    );
  } finally {
    rmSync(csv, { force: true });
  }
}
