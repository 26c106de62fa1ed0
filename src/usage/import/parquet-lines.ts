/** The rows of a Parquet file as JSON lines, some thousand at a time: then they are read as those of any JSON file. */
import { closeSync, openSync, readSync } from 'node:fs';
import { openDuckDb } from '../../database/index.js';

/** The four bytes that every Parquet file begins with. */
const MAGIC = 'PAR1';

/** @throws the system's error when the file cannot be read */
export function isParquet(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    return readSync(file, head) === MAGIC.length && head.toString('latin1') === MAGIC;
  } finally {
    closeSync(file);
  }
}

const ROWS_AT_A_TIME = 8192;

/** Whole lines, in the order of the file. @throws DATABASE_STATEMENT_FAILED when it is no whole Parquet file */
export async function* parquetLines(path: string): AsyncGenerator<string> {
  const duckdb = await openDuckDb();
  try {
    const [file] = await duckdb.query<{ rows: bigint }>(
      'select sum(num_rows)::bigint as rows from parquet_file_metadata($1)',
      [path],
    );
    for (let first = 0; first < Number(file?.rows ?? 0); first += ROWS_AT_A_TIME) {
      const rows = await duckdb.query<{ line: string }>(
        `select to_json(r)::varchar as line
         from (
           select * exclude (file_row_number)
           from read_parquet($1, file_row_number = true)
           where file_row_number >= ${first} and file_row_number < ${first + ROWS_AT_A_TIME}
           order by file_row_number
         ) as r`,
        [path],
      );
      yield `${rows.map(({ line }) => line).join('\n')}\n`;
    }
  } finally {
    duckdb.close();
  }
}
