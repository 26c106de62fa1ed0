/** The rows of one span of a rollup, made anew. */
import type { Session } from '../../database/index.js';
import type { TimeRange } from '../grain.js';
import type { HistoryEvents } from '../history/open-history.js';
import { CAPS_TABLE } from './cap.js';
import { writeFromHistory } from './from-history.js';
import { isFromEvents, type Rollup } from './rollup.js';
import { qualifiedTable } from './table-sql.js';
import { countedInsertSql } from './write-sql.js';

/** @returns how many rows were removed and how many written */
export async function replaceRows(
  session: Session,
  rollup: Rollup,
  range: TimeRange,
): Promise<readonly [number, number]> {
  const removed = await removeRows(session, rollup, range);
  const written = await session.query<{ rows: bigint }>(countedInsertSql(rollup), [range.from, range.to]);
  return [removed, Number(written[0]!.rows)];
}

/** The same, of rows whose events are in the history. */
export async function replaceFromHistory(
  session: Session,
  rollup: Rollup,
  range: TimeRange,
  events: HistoryEvents,
): Promise<readonly [number, number]> {
  const removed = await removeRows(session, rollup, range);
  return [removed, await writeFromHistory(session, rollup, range, events)];
}

/** With what is known of its caps. */
async function removeRows(session: Session, rollup: Rollup, { from, to }: TimeRange): Promise<number> {
  const table = qualifiedTable(rollup);
  const removed = await session.query<{ rows: bigint }>(
    `with removed as (
       delete from ${table} where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz returning 1
     )
     select count(*) as rows from removed`,
    [from, to],
  );
  if (isFromEvents(rollup)) {
    await session.query(FORGET_CAPS, [rollup.name, from, to]);
  }
  return Number(removed[0]!.rows);
}

const FORGET_CAPS = `delete from ${CAPS_TABLE} where rollup = $1 and bucket_start >= $2 and bucket_start < $3`;
