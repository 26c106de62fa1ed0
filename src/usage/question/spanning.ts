/**
 * Events wherever they are: in PostgreSQL, and in the files of the history. Days that have a file are asked in DuckDB,
 * together with what came late for them; all others in PostgreSQL.
 */
import type { Session } from '../../database/index.js';
import type { TimeRange } from '../grain.js';
import { openHistory } from '../history/open-history.js';
import { dayRange, type HistoryFiles, type UsageSegment, usageSegments } from '../history/segments.js';
import { type ColumnFilter, filterSql } from './filter.js';
import { literals, type Statement, statement } from './statement.js';

export interface Spanning {
  readonly range: TimeRange;
  readonly filter: ColumnFilter;
  /** Without it, events that are in the history cannot be read. */
  readonly history?: HistoryFiles | undefined;
}

/** What is asked of events: `from` holds rows with the columns of events, `where` says which of them as `e`. */
export type EventQuery = (source: {
  readonly from: string;
  readonly where: string;
  readonly to: Statement;
}) => string;

export interface SpanningRows<Row> {
  readonly rows: readonly Row[];
  /** How many files of the history were read. */
  readonly files: number;
}

/**
 * Asks both places and returns the rows of both, one after the other. Everything is as of one moment.
 * @throws USAGE_HISTORY_UNREACHABLE when events of the span are in the history and nobody says where that is
 */
export async function askEvents<Row extends object>(
  session: Session,
  spanning: Spanning,
  query: EventQuery,
): Promise<SpanningRows<Row>> {
  return session.transaction(async () => {
    // Before the snapshot: no day is detached from here on that the manifest does not show.
    await session.run('lock table analytics.usage_events in access share mode');
    const segments = await usageSegments(session, spanning.range);
    const hot = await askDatabase<Row>(session, spanning, query, segments);
    return segments.length === 0
      ? { rows: hot, files: 0 }
      : {
          rows: [...(await askHistory<Row>(session, spanning, query, segments)), ...hot],
          files: segments.length,
        };
  }, 'repeatable read');
}

/** The days that have no file. */
async function askDatabase<Row extends object>(
  session: Session,
  { range, filter }: Spanning,
  query: EventQuery,
  segments: readonly UsageSegment[],
): Promise<Row[]> {
  const to = statement('postgresql');
  const others = segments.map(({ day }) => `not (${inRange(dayRange(day), to)})`);
  const where = [inRange(range, to), filterSql(filter, to), ...others].join(' and ');
  return session.query<Row>(query({ from: 'analytics.usage_events', where, to }), to.values);
}

/** The days that have one. */
async function askHistory<Row extends object>(
  session: Session,
  { range, filter, history }: Spanning,
  query: EventQuery,
  segments: readonly UsageSegment[],
): Promise<Row[]> {
  const inDays = segments.map(({ day }) => inRange(dayRange(day), literals));
  const events = await openHistory(session, {
    segments,
    range,
    where: `(${inDays.join(' or ')}) and ${filterSql(filter, literals)}`,
    history,
  });
  try {
    const to = statement('duckdb');
    const where = `${inRange(range, to)} and ${filterSql(filter, to)}`;
    return await events.duckdb.query<Row>(query({ from: events.relation, where, to }), to.values);
  } finally {
    events.close();
  }
}

function inRange({ from, to: until }: TimeRange, to: Statement): string {
  return `e.event_time >= ${to.value(from, 'timestamptz')} and e.event_time < ${to.value(until, 'timestamptz')}`;
}
