/**
 * Puts many events into the table at once, as fast as COPY does. Rows are copied straight in: the key of the table
 * finds a duplicate, the triggers mark the hours. When one of them is there already, the copy is undone and done
 * again by way of a staging table that leaves duplicates out, which costs a fifth more than to begin with it.
 */
import { type Session, sqlstateOf } from '../database/index.js';
import { quoteIdentifier } from '../sql/index.js';
import { explainClosedDay } from './closed-day.js';
import { explainMissingSchema } from './missing-schema.js';

export interface EventRows {
  /** Columns of `analytics.usage_events`, in the order of the lines' fields. */
  readonly columns: readonly string[];
  /** The rows in COPY's text format, with their line endings, in pieces of any size; asked for a second time for duplicates. */
  readonly lines: () => Iterable<string>;
  /** Some rows are likely to be there already: begin with the staging table. */
  readonly expectDuplicates?: boolean;
}

export interface CopiedEvents {
  readonly rowsInserted: number;
  /** Rows whose event was there already, or came twice. */
  readonly rowsDuplicate: number;
}

const WHAT = 'copy usage events';

/** SQLSTATEs of a row that is there, and of two copies that wait for each other's rows. */
const MEETS_ANOTHER = ['23505', '40P01'];

/**
 * Copies events, all of them or none, in a transaction of its own.
 * @throws DATABASE_STATEMENT_FAILED when a row is no valid event or has no partition; USAGE_DAY_CLOSED,
 * USAGE_SCHEMA_MISSING
 */
export async function copyUsageEvents(session: Session, rows: EventRows): Promise<CopiedEvents> {
  const columns = rows.columns.map(quoteIdentifier).join(', ');
  const explained = <T>(work: () => Promise<T>): Promise<T> =>
    explainMissingSchema(WHAT, () => explainClosedDay(WHAT, work));
  return explained(() =>
    session.transaction(async () => {
      if (rows.expectDuplicates) {
        return copyStaged(session, columns, rows);
      }
      await session.run('savepoint plinth_copy');
      try {
        const copied = await session.copyIn(
          `copy analytics.usage_events (${columns}) from stdin`,
          rows.lines(),
        );
        return { rowsInserted: copied, rowsDuplicate: 0 };
      } catch (error) {
        if (!MEETS_ANOTHER.includes(sqlstateOf(error) ?? '')) {
          throw error;
        }
        await session.run('rollback to savepoint plinth_copy');
        return copyStaged(session, columns, rows);
      }
    }),
  );
}

async function copyStaged(session: Session, columns: string, { lines }: EventRows): Promise<CopiedEvents> {
  await session.run(
    `create temp table usage_copy on commit drop as select ${columns} from analytics.usage_events with no data`,
  );
  const copied = await session.copyIn(`copy pg_temp.usage_copy (${columns}) from stdin`, lines());
  await session.run('analyze pg_temp.usage_copy');
  const [span] = await session.query<{ first: Date | null; last: Date | null }>(
    'select min(event_time) as first, max(event_time) as last from pg_temp.usage_copy',
  );
  await session.run('savepoint plinth_insert');
  let rowsInserted: number;
  try {
    rowsInserted = await insertMissing(session, columns, span!);
  } catch (error) {
    if (!MEETS_ANOTHER.includes(sqlstateOf(error) ?? '')) {
      throw error;
    }
    await session.run('rollback to savepoint plinth_insert');
    rowsInserted = await insertAll(session, columns);
  }
  return { rowsInserted, rowsDuplicate: copied - rowsInserted };
}

/**
 * Looks first which rows are there: half as dear as to have the insert meet them. Another copy may bring one of them
 * meanwhile; the key finds that.
 */
async function insertMissing(
  session: Session,
  columns: string,
  { first, last }: { readonly first: Date | null; readonly last: Date | null },
): Promise<number> {
  const [row] = await session.query<{ inserted: bigint }>(
    `with inserted as (
       insert into analytics.usage_events (${columns})
       select distinct on (organization_id, event_time, event_id) ${columns}
         from pg_temp.usage_copy as c
        where not exists (
          select from analytics.usage_events as e
           where e.organization_id = c.organization_id and e.event_time = c.event_time and e.event_id = c.event_id
             and e.event_time >= $1::timestamptz and e.event_time <= $2::timestamptz
        )
        order by organization_id, event_time, event_id
       returning 1
     )
     select count(*) as inserted from inserted`,
    [first, last],
  );
  return Number(row!.inserted);
}

/** In the order of the key: two copies of the same events wait for each other and never lock up. */
async function insertAll(session: Session, columns: string): Promise<number> {
  const [row] = await session.query<{ inserted: bigint }>(
    `with inserted as (
       insert into analytics.usage_events (${columns})
       select ${columns} from pg_temp.usage_copy order by organization_id, event_time, event_id
       on conflict do nothing
       returning 1
     )
     select count(*) as inserted from inserted`,
  );
  return Number(row!.inserted);
}
