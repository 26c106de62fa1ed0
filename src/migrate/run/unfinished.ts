/**
 * What a statement outside a transaction leaves behind when it is cut off, found in the catalogue and put
 * right before the statement is tried again:
 *
 * - `create index concurrently`: an invalid index is dropped; a valid one that was not there before means
 *   that the statement had finished and only its record is missing.
 * - `reindex concurrently`: invalid indexes named `…_ccnew` or `…_ccold` are dropped. Source: PostgreSQL
 *   manual, REINDEX, "Rebuilding Indexes Concurrently".
 * - `alter table … detach partition … concurrently`: a pending detach is finalized.
 * - `drop index concurrently`, `create database`, `drop database`: done when the object is gone, or there.
 *
 * Anything else (`vacuum`, `alter system`, a procedure that commits) is simply run again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';
import type { StartedStatement } from '../ledger/ledger.js';
import type { RunContext } from './context.js';
import type { ScriptStatement } from './script.js';

const POLL_MS = 500;

/** The object ids to remember before the statement starts: the indexes of the table that it works on. */
export async function tracesBefore(session: Session, statement: ScriptStatement): Promise<number[]> {
  const { concurrent } = statement;
  return concurrent?.kind === 'create-index'
    ? (await indexesOf(session, concurrent.table)).map(({ oid }) => oid)
    : [];
}

/**
 * Looks for what an interrupted try left behind and removes it.
 * @param resumed whether the statement was started before
 * @returns `done` when the statement turns out to have finished
 */
export async function settleUnfinished(
  session: Session,
  statement: ScriptStatement,
  started: StartedStatement,
  resumed: boolean,
  context: RunContext,
): Promise<'done' | 'run it'> {
  const { concurrent } = statement;
  switch (concurrent?.kind) {
    case 'create-index':
      return settleIndexBuild(session, concurrent, started, resumed, context);
    case 'reindex':
      return resumed ? settleReindex(session, context) : 'run it';
    case 'drop-index':
      return resumed && !(await relationExists(session, concurrent.index)) ? 'done' : 'run it';
    case 'detach-partition':
      return resumed ? settleDetach(session, concurrent.table, concurrent.partition) : 'run it';
    case undefined:
      return 'run it';
  }
}

async function settleIndexBuild(
  session: Session,
  build: { readonly index: string | undefined; readonly table: string },
  started: StartedStatement,
  resumed: boolean,
  context: RunContext,
): Promise<'done' | 'run it'> {
  await whileBuilding(session, build.table, context);
  const indexes = await indexesOf(session, build.table);
  const isOurs = (index: TableIndex): boolean =>
    resumed &&
    !started.before.includes(index.oid) &&
    (build.index === undefined || index.name === build.index);
  for (const index of indexes) {
    if (!index.isValid && (isOurs(index) || index.name === build.index)) {
      await dropInvalid(session, index, context);
    }
  }
  return indexes.some((index) => index.isValid && isOurs(index)) ? 'done' : 'run it';
}

async function settleReindex(session: Session, context: RunContext): Promise<'run it'> {
  const leftovers = await session.query<TableIndex>(
    `${SELECT_INDEXES} where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' order by c.oid`,
  );
  for (const index of leftovers) {
    await dropInvalid(session, index, context);
  }
  return 'run it';
}

async function settleDetach(session: Session, table: string, partition: string): Promise<'done' | 'run it'> {
  const [row] = await session.query<{ pending: boolean }>(
    `select inhdetachpending as pending
       from pg_catalog.pg_inherits
      where inhparent = to_regclass($1) and inhrelid = to_regclass($2)`,
    [table, partition],
  );
  if (row?.pending) {
    await session.run(`alter table ${table} detach partition ${partition} finalize`);
  }
  return !row || row.pending ? 'done' : 'run it';
}

interface TableIndex {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly isValid: boolean;
}

const SELECT_INDEXES = `
  select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name, i.indisvalid as "isValid"
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indexrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace`;

/** @param table the table's name, quoted and qualified as the statement has it */
async function indexesOf(session: Session, table: string): Promise<TableIndex[]> {
  return session.query<TableIndex>(`${SELECT_INDEXES} where i.indrelid = to_regclass($1) order by c.oid`, [
    table,
  ]);
}

async function relationExists(session: Session, name: string): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>('select to_regclass($1) is not null as found', [
    name,
  ]);
  return row?.found === true;
}

/** An index that is still being built is invalid too: a process whose client died may be at work on it. */
async function whileBuilding(session: Session, table: string, context: RunContext): Promise<void> {
  for (;;) {
    const [row] = await session.query<{ pid: number }>(
      'select pid from pg_catalog.pg_stat_progress_create_index where relid = to_regclass($1)',
      [table],
    );
    if (!row) {
      return;
    }
    context.onProgress({ task: `wait for process ${row.pid}, which still builds an index on ${table}` });
    await sleep(POLL_MS, undefined, context.signal ? { signal: context.signal } : {});
  }
}

async function dropInvalid(session: Session, index: TableIndex, context: RunContext): Promise<void> {
  const name = qualifiedName(index.schema, index.name);
  await session.run(`drop index concurrently if exists ${name}`);
  context.onProgress({
    task: name,
    message: `  dropped the invalid index ${name}, left by an interrupted build`,
  });
}
