/**
 * The events of days that are in the history, as one relation in DuckDB: those of the files, and those that the
 * database has besides, because they came late. While a day moves, and when an event comes again after its day has
 * moved, the same event is in both; it counts once, as the file has it.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DuckDb, openDuckDb, type Session } from '../../database/index.js';
import { quoteLiteral } from '../../sql/index.js';
import { USAGE_ERRORS } from '../errors.js';
import type { TimeRange } from '../grain.js';
import { COPIED, CSV_COLUMNS, FROM_CSV, WITH_MODELS } from './columns.js';
import { dayRange, type HistoryFiles, type UsageSegment } from './segments.js';

export interface HistoryEvents {
  readonly duckdb: DuckDb;
  /** SQL of the relation, with the columns of a file. */
  readonly relation: string;
  /** SQL of the files alone, and how many they are. */
  readonly files: string;
  readonly fileCount: number;
  /** A folder for files on the way between the two engines; goes with `close`. */
  readonly folder: string;
  close(): void;
}

export interface OpenHistoryOptions {
  /** The files. */
  readonly segments: readonly UsageSegment[];
  /** The span of which events of the database belong to it. */
  readonly range: TimeRange;
  /** Which of these events, as a condition on `e` without parameters; all of them unless given. */
  readonly where?: string;
  /** Where the files are. */
  readonly history: HistoryFiles | undefined;
}

/**
 * In a transaction of the caller, of one snapshot, that has locked `analytics.usage_events` before: then no day leaves
 * the database that the manifest does not show.
 * @throws USAGE_HISTORY_UNREACHABLE without `history`; USAGE_SEGMENT_DIFFERS, STORAGE_… when a file cannot be had
 */
export async function openHistory(session: Session, options: OpenHistoryOptions): Promise<HistoryEvents> {
  const paths = await pathsOf(options);
  const folder = mkdtempSync(join(tmpdir(), 'plinth-history-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const duckdb = await openDuckDb({ spillFolder: folder });
    const close = (): void => {
      duckdb.close();
      remove();
    };
    try {
      const files = `read_parquet([${paths.map(quoteLiteral).join(', ')}])`;
      const hasLate = await loadLate(session, duckdb, { ...options, files, folder });
      const relation = hasLate ? `(select * from ${files} union all select * from late)` : files;
      return { duckdb, relation, files, fileCount: paths.length, folder, close };
    } catch (error) {
      close();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  }
}

async function pathsOf({ segments, history }: OpenHistoryOptions): Promise<string[]> {
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

interface Loading extends OpenHistoryOptions {
  readonly files: string;
  readonly folder: string;
}

/** Brings the events of the database into the table `late`, without those of the files; false when there are none. */
async function loadLate(session: Session, duckdb: DuckDb, loading: Loading): Promise<boolean> {
  const { segments, range, where = 'true', files, folder } = loading;
  const closed = await closedDays(session, segments);
  const wanted = [inSpan(range), ...closed.map((day) => `not (${inSpan(dayRange(day))})`), `(${where})`];
  const from = `analytics.usage_events as e ${WITH_MODELS} where ${wanted.join(' and ')}`;
  const [found] = await session.query<{ some: boolean }>(`select exists (select from ${from}) as some`);
  if (!found!.some) {
    return false;
  }
  const csv = join(folder, 'late.csv');
  await pipeline(
    session.copyOut(`copy (select ${COPIED} from ${from}) to stdout (format csv)`),
    createWriteStream(csv),
  );
  await duckdb.run(
    `create table late as select ${FROM_CSV} from ${csvSql(csv)};
     delete from late using (
       select f.organization_id, f.event_time, f.event_id
       from late as l
       join ${files} as f
         on f.organization_id = l.organization_id and f.event_time = l.event_time and f.event_id = l.event_id
     ) as sealed
     where late.organization_id = sealed.organization_id and late.event_time = sealed.event_time
       and late.event_id = sealed.event_id`,
  );
  rmSync(csv);
  return true;
}

function inSpan({ from, to }: TimeRange): string {
  return `e.event_time >= ${timeSql(from)} and e.event_time < ${timeSql(to)}`;
}

/** A time as SQL that stands by itself, for both engines. */
export function timeSql(time: Date): string {
  return `timestamptz ${quoteLiteral(time.toISOString().replace('T', ' ').replace('Z', '+00'))}`;
}

/** Copied events as DuckDB reads them. */
export function csvSql(path: string): string {
  return `read_csv(${quoteLiteral(path)}, header = false, nullstr = '', allow_quoted_nulls = false, auto_detect = false,
                     delim = ',', quote = '"', escape = '"', columns = {${CSV_COLUMNS}})`;
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
