/**
 * Events wherever they are: in PostgreSQL, and in the files of the history. While a day moves, and when an event comes
 * again after its day has moved, the same event is in both; it counts once, as the file has it.
 */
import { type DuckDb, openDuckDb, type Session } from '../../database/index.js';
import { quoteLiteral } from '../../sql/index.js';
import { USAGE_ERRORS } from '../errors.js';
import type { TimeRange } from '../grain.js';
import { type UsageSegment, usageSegments } from '../history/segments.js';
import { type ColumnFilter, filterSql } from './filter.js';
import { type Statement, statement } from './statement.js';

/** Where the files of the history can be read. */
export interface HistoryFiles {
  /** The path of a file on this machine, brought here if need be. */
  pathOf(segment: UsageSegment): Promise<string>;
}

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
    if (segments.length === 0) {
      return { rows: await askDatabase<Row>(session, spanning, query), files: 0 };
    }
    const paths = await pathsOf(segments, spanning);
    const duckdb = await openDuckDb();
    try {
      const closed = await closedDays(session, segments);
      const open = segments.filter(({ day }) => !closed.includes(day));
      const twice = await eventsInBoth(session, duckdb, spanning, open, paths);
      const hot = await askDatabase<Row>(session, spanning, query, { events: twice, days: closed });
      return {
        rows: [...(await askFiles<Row>(duckdb, spanning, query, paths)), ...hot],
        files: paths.length,
      };
    } finally {
      duckdb.close();
    }
  }, 'repeatable read');
}

async function pathsOf(segments: readonly UsageSegment[], { history }: Spanning): Promise<string[]> {
  if (!history) {
    throw USAGE_ERRORS.HISTORY_UNREACHABLE({
      message: `Cannot read the events of ${segments[0]!.day}: they are in the history, and where that is was not said`,
      details: { day: segments[0]!.day },
    });
  }
  const paths: string[] = [];
  for (const segment of segments) {
    paths.push(await history.pathOf(segment));
  }
  return paths;
}

async function askDatabase<Row extends object>(
  session: Session,
  { range, filter }: Spanning,
  query: EventQuery,
  without: { readonly events: readonly string[]; readonly days: readonly string[] } = {
    events: [],
    days: [],
  },
): Promise<Row[]> {
  const to = statement('postgresql');
  const conditions = [inRange(range, to), filterSql(filter, to)];
  if (without.events.length > 0) {
    conditions.push(`not ${to.isOneOf('e.event_id', without.events, 'uuid')}`);
  }
  for (const day of without.days) {
    const from = new Date(`${day}T00:00:00Z`);
    conditions.push(`not (${inRange({ from, to: new Date(from.getTime() + 86_400_000) }, to)})`);
  }
  const sql = query({ from: 'analytics.usage_events', where: conditions.join(' and '), to });
  return session.query<Row>(sql, to.values);
}

async function askFiles<Row extends object>(
  duckdb: DuckDb,
  { range, filter }: Spanning,
  query: EventQuery,
  paths: readonly string[],
): Promise<Row[]> {
  const to = statement('duckdb');
  const where = `${inRange(range, to)} and ${filterSql(filter, to)}`;
  return duckdb.query<Row>(query({ from: filesSql(paths), where, to }), to.values);
}

function filesSql(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quoteLiteral).join(', ')}])`;
}

function inRange({ from, to: until }: TimeRange, to: Statement): string {
  return `e.event_time >= ${to.value(from, 'timestamptz')} and e.event_time < ${to.value(until, 'timestamptz')}`;
}

/** Days on their way out: everything that their partition still holds is in their file. */
async function closedDays(session: Session, segments: readonly UsageSegment[]): Promise<string[]> {
  const rows = await session.query<{ day: string }>(CLOSED_DAYS, [segments.map(({ day }) => day)]);
  return rows.map(({ day }) => day);
}

const CLOSED_DAYS = `
  select d.day::text as day
    from unnest($1::date[]) as d (day)
   where exists (
     select
       from pg_catalog.pg_trigger as t
      where t.tgrelid = to_regclass('analytics.usage_events_' || to_char(d.day, 'YYYYMMDD'))
        and t.tgname = 'usage_sealed'
   )`;

/** The ids of the events of days with a file that are in the database, too, and also in the file. */
async function eventsInBoth(
  session: Session,
  duckdb: DuckDb,
  { filter, range }: Spanning,
  segments: readonly UsageSegment[],
  paths: readonly string[],
): Promise<string[]> {
  const to = statement('postgresql');
  const days = `e.event_time >= d.day::timestamp at time zone 'UTC' and e.event_time < (d.day + 1)::timestamp at time zone 'UTC'`;
  const hot = await session.query<{ id: string }>(
    `select e.event_id as id
     from unnest(${to.list(
       segments.map(({ day }) => day),
       'date',
     )}) as d (day)
     join analytics.usage_events as e on ${days}
     where ${inRange(range, to)} and ${filterSql(filter, to)}`,
    to.values,
  );
  if (hot.length === 0) {
    return [];
  }
  const files = statement('duckdb');
  const ids = files.list(
    hot.map(({ id }) => id),
    'uuid',
  );
  const both = await duckdb.query<{ id: string }>(
    `select e.event_id::varchar as id from ${filesSql(paths)} as e
     where e.event_id in (select unnest(${ids})) and ${filterSql(filter, files)}`,
    files.values,
  );
  return both.map(({ id }) => id);
}
