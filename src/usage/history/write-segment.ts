/** A day of events as a Parquet file, made and checked by DuckDB. */
import { join } from 'node:path';
import { openDuckDb } from '../../database/index.js';
import { quoteLiteral } from '../../sql/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { areEqual, DUCKDB_SUMS, type EventSums, FROM_CSV } from './columns.js';
import { csvSql } from './open-history.js';

/** What a file of the history is made of. */
export interface SegmentWriting {
  readonly csv: string;
  readonly parquet: string;
  /** The file with what was sealed of the day before. */
  readonly earlier: string | undefined;
  readonly folder: string;
  readonly exported: EventSums;
  readonly day: string;
  /** Awaited before the file is read back. */
  beforeVerifying(): Promise<void>;
}

/**
 * Writes the events that were copied out, and those of the earlier file, into one Parquet file sorted by organization and
 * time, and reads it back. Returns what its events come to.
 * @throws USAGE_SEGMENT_DIFFERS when the copy or the file comes to something else
 */
export async function writeSegment(writing: SegmentWriting): Promise<EventSums> {
  const { csv, parquet, earlier, folder, exported, day } = writing;
  const duckdb = await openDuckDb({ path: join(folder, 'work.duckdb'), spillFolder: folder });
  try {
    await duckdb.run(`create table late as select ${FROM_CSV} from ${csvSql(csv)}`);
    checkSums(day, 'what was copied out', await one(`select ${DUCKDB_SUMS} from late`), exported);
    // An event that is in the history already was kept then: the first one counts.
    const all = earlier
      ? `select * from read_parquet(${quoteLiteral(earlier)})
         union all
         select * from late as l
         where not exists (
           select 1 from read_parquet(${quoteLiteral(earlier)}) as h
           where h.organization_id = l.organization_id and h.event_id = l.event_id
         )`
      : 'select * from late';
    await duckdb.run(`create table sealed as ${all}`);
    const wanted = await one(`select ${DUCKDB_SUMS} from sealed`);
    await duckdb.run(segmentCopySql('sealed', parquet));
    await writing.beforeVerifying();
    checkSums(
      day,
      'the file',
      await one(`select ${DUCKDB_SUMS} from read_parquet(${quoteLiteral(parquet)})`),
      wanted,
    );
    return wanted;
  } finally {
    duckdb.close();
  }

  async function one(sql: string): Promise<EventSums> {
    const [row] = await duckdb.query<EventSums & object>(sql);
    return row!;
  }
}

/** The statement of DuckDB that writes rows with the columns of a file: a table, or a query in parentheses. */
export function segmentCopySql(rows: string, parquet: string): string {
  return `copy (select * from ${rows} order by organization_id, event_time, event_id)
    to ${quoteLiteral(parquet)} (format parquet, compression zstd, row_group_size 122880)`;
}

function checkSums(day: string, what: string, found: EventSums, wanted: EventSums): void {
  if (!areEqual(found, wanted)) {
    throw USAGE_ERRORS.SEGMENT_DIFFERS({
      message: `Cannot move ${day} to the history: ${what} comes to ${found.events} events and hash ${found.row_hash} (${wanted.events} and ${wanted.row_hash} were wanted)`,
      details: { day },
    });
  }
}
