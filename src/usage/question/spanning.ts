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
  return withSegments(session, spanning, async (segments) => {
    const hot = await askDatabase<Row>(session, spanning, query, segments);
    return segments.length === 0
      ? { rows: hot, files: 0 }
      : {
          rows: [...(await askHistory<Row>(session, spanning, query, segments)), ...hot],
          files: segments.length,
        };
  });
}

export interface NewestEvents extends Spanning {
  /** How many are wanted: `query` returns the newest so many of what it is given, with their `event_time`. */
  readonly limit: number;
}

/**
 * The rows of both places among which are the newest `limit`. Files are read from the newest hour or day on, as far back as
 * it takes to have so many; everything is as of one moment.
 * @throws USAGE_HISTORY_UNREACHABLE when one of these events may be in the history and nobody says where that is
 */
export async function askNewestEvents<Row extends { readonly event_time: Date }>(
  session: Session,
  newest: NewestEvents,
  query: EventQuery,
): Promise<Row[]> {
  return withSegments(session, newest, async (segments) => {
    const rows = await askDatabase<Row>(session, newest, query, segments);
    const isEnough = (since: Date): boolean =>
      rows.filter(({ event_time }) => event_time >= since).length >= newest.limit;
    if (segments.length === 0 || isEnough(lastOf(newest.range, segments))) {
      return rows;
    }
    const firstMs = (await isBusy(session, newest, segments)) ? HOUR_MS : DAY_MS;
    for (const span of newestFirst(newest.range, segments, firstMs)) {
      if (isEnough(span.to)) {
        break;
      }
      const touched = segments.filter(({ day }) => {
        const { from, to } = dayRange(day);
        return from < span.to && to > span.from;
      });
      if (touched.length > 0) {
        rows.push(...(await askHistory<Row>(session, { ...newest, range: span }, query, touched)));
      }
    }
    return rows;
  });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** So many events of a day are read at once; to look for the newest of them would take longer. */
const FEW_EVENTS = 50_000;

/**
 * Whether the newest day that has a file holds many of the events: then only its last hours are read. A condition on
 * the time makes DuckDB decode the times of all events of the file, which costs more than some thousand events.
 */
async function isBusy(
  session: Session,
  newest: NewestEvents,
  segments: readonly UsageSegment[],
): Promise<boolean> {
  const last = segments.toSorted((a, b) => (a.day < b.day ? 1 : -1)).slice(0, 1);
  if (last.length === 0 || !newest.history) {
    return false;
  }
  const day = { ...newest, range: dayRange(last[0]!.day) };
  const [count] = await askHistory<{ readonly rows: number }>(
    session,
    day,
    ({ from, where }) => `select count(*)::double as rows from ${from} as e where ${where}`,
    last,
  );
  return count!.rows > FEW_EVENTS;
}

/**
 * The part of a span that files may hold, from its end back, each time four times as long. A busy organization has what
 * is asked in the first hour; one with an event a week is found in few steps.
 */
function* newestFirst(
  range: TimeRange,
  segments: readonly UsageSegment[],
  firstMs: number,
): Generator<TimeRange> {
  let toMs = lastOf(range, segments).getTime();
  const starts = segments.map(({ day }) => dayRange(day).from.getTime());
  const fromMs = Math.max(range.from.getTime(), Math.min(...starts));
  for (let lengthMs = firstMs; toMs > fromMs; lengthMs *= 4) {
    const next = Math.max(toMs - lengthMs, fromMs);
    yield { from: new Date(next), to: new Date(toMs) };
    toMs = next;
  }
}

/** The end of what files may hold of a span. */
function lastOf(range: TimeRange, segments: readonly UsageSegment[]): Date {
  const ends = segments.map(({ day }) => dayRange(day).to.getTime());
  return new Date(Math.min(range.to.getTime(), Math.max(...ends)));
}

/** The days of a span that have a file, and whatever is asked in `ask` as of one moment with them. */
function withSegments<Answer>(
  session: Session,
  { range }: Spanning,
  ask: (segments: readonly UsageSegment[]) => Promise<Answer>,
): Promise<Answer> {
  return session.transaction(async () => {
    // Before the snapshot: no day is detached from here on that the manifest does not show.
    await session.run('lock table analytics.usage_events in access share mode');
    return ask(await usageSegments(session, range));
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
    // A condition on the time is tried on every event of several files, whatever they hold.
    const isWhole = segments.every(({ day }) => {
      const { from, to: end } = dayRange(day);
      return from >= range.from && end <= range.to;
    });
    const where = [...(isWhole ? [] : [inRange(range, to)]), filterSql(filter, to)].join(' and ');
    return await events.duckdb.query<Row>(query({ from: events.relation, where, to }), to.values);
  } finally {
    events.close();
  }
}

function inRange({ from, to: until }: TimeRange, to: Statement): string {
  return `e.event_time >= ${to.value(from, 'timestamptz')} and e.event_time < ${to.value(until, 'timestamptz')}`;
}
