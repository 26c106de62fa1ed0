/**
 * Rows for every table of a database, made from its catalogue alone: the schema is read, the rows are planned level by
 * level of the foreign keys with the server as the judge of conditions, and all of them are inserted in one round
 * trip. Only a table whose rows are refused after all is worked on by itself.
 */
import type { Session } from '../../database/index.js';
import type { FillOptions } from './fill-options.js';
import type { FilledTable, FillReport } from './fill-report.js';
import { fillAll } from './filling.js';
import type { Outcome } from './outcome.js';
import { readCatalogue } from './read-catalogue.js';

/**
 * Puts rows into every table of the session's database, in one transaction; rows that are there stay as they are,
 * but for those that `touchRows` says. Every write is in the report, but for what triggers write.
 * What could not be filled is in the report, with what stopped it.
 * @throws DATABASE_STATEMENT_FAILED, DATABASE_CONNECTION_LOST
 */
export async function fillTables(session: Session, options: FillOptions = {}): Promise<FillReport> {
  const startedMs = performance.now();
  const tables = await session.transaction(async () => {
    const [{ path }] = (await session.query<{ path: string }>(
      "select current_setting('search_path') as path",
    )) as [{ path: string }];
    await session.run(SETTINGS);
    const catalogue = await readCatalogue(session, options.model);
    return await fillAll(session, catalogue, options, path);
  });
  return reportOf(tables, performance.now() - startedMs);
}

const SETTINGS = `
  set local search_path = '';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local timezone = 'UTC';
  set local bytea_output = 'hex';
  set local extra_float_digits = 1;
  set local lc_monetary = 'C';
  set local jit = off;
  set local client_min_messages = error;
  set constraints all immediate;
`;

function reportOf(outcomes: readonly Outcome[], durationMs: number): FillReport {
  const tables = outcomes.flatMap((outcome) => (outcome.kind === 'filled' ? [outcome.table] : []));
  const sum = (rows: (table: FilledTable) => readonly unknown[]): number =>
    tables.reduce((total, table) => total + rows(table).length, 0);
  return {
    tables,
    unfilled: outcomes.flatMap((outcome) => (outcome.kind === 'unfilled' ? [outcome.table] : [])),
    rowsInserted: sum(({ inserted }) => inserted),
    rowsUpdated: sum(({ updated }) => updated),
    rowsDeleted: sum(({ deleted }) => deleted),
    durationMs,
  };
}
