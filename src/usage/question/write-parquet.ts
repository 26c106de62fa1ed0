import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '../../database/index.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { type AnswerTable, tableCsv } from './table.js';

/**
 * Writes a table into a Parquet file (zstd), over one that is there.
 * @throws DATABASE_STATEMENT_FAILED when the file cannot be written; DATABASE_DUCKDB_UNAVAILABLE
 */
export async function writeParquet(table: AnswerTable, path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plinth-parquet-'));
  const duckdb = await openDuckDb();
  try {
    const csv = join(folder, 'table.csv');
    writeFileSync(csv, tableCsv(table));
    const types = table.columns.map(({ name, type }) => `'${name}': '${type}'`);
    await duckdb.run(
      `copy (
         select ${table.columns.map(({ name }) => quoteIdentifier(name)).join(', ')}
         from read_csv(${quoteLiteral(csv)}, header = true, nullstr = '', allow_quoted_nulls = false, auto_detect = false,
                       delim = ',', quote = '"', escape = '"', columns = {${types.join(', ')}})
       ) to ${quoteLiteral(path)} (format parquet, compression zstd)`,
    );
  } finally {
    duckdb.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
