/**
 * What a statement outside a transaction leaves behind when it is cut off, found in the catalogue and put
 * right before the statement is tried again:
 *
 * - `create index concurrently`: an invalid index is dropped; a valid one that was not there before means
 *   that the statement had finished and only its record is missing.
 * - `reindex concurrently`: invalid indexes named `…_ccnew` or `…_ccold` that were not there before, on what was
 *   reindexed, are dropped. Source: PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently".
 * - `alter table … detach partition … concurrently`: a pending detach is finalized.
 * - `drop index concurrently`: done when the index was there before and is gone.
 *
 * Anything else (`vacuum`, `alter system`, a procedure that commits) is simply run again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';
import type { StartedStatement } from '../ledger/ledger.js';
import type { ConcurrentWork } from './concurrent-work.js';
import type { RunContext } from './context.js';
import type { ScriptStatement } from './script.js';

const POLL_MS = 500;

/** The object ids to remember before the statement starts: of what is there and would look like its doing. */
export async function tracesBefore(session: Session, { concurrent }: ScriptStatement): Promise<number[]> {
  switch (concurrent?.kind) {
    case 'create-index':
      return (await indexesOf(session, concurrent.table)).map(({ oid }) => oid);
    case 'reindex':
      return (await reindexLeftovers(session, concurrent)).map(({ oid }) => oid);
    case 'drop-index':
      return relationIds(session, concurrent.index);
    case 'detach-partition':
      return (await attachment(session, concurrent)) ? relationIds(session, concurrent.partition) : [];
    case undefined:
      return [];
  }
}

/**
 * Looks for what an interrupted try left behind and removes it.
 * @param resumed whether the statement was started before
 * @returns `done` when the statement turns out to have finished
 */
export async function settleUnfinished(
  session: Session,
  { concurrent }: ScriptStatement,
  started: StartedStatement,
  resumed: boolean,
  context: RunContext,
): Promise<'done' | 'run it'> {
  if (concurrent?.kind === 'create-index') {
    return settleIndexBuild(session, concurrent, started, resumed, context);
  }
  if (!resumed) {
    return 'run it';
  }
  switch (concurrent?.kind) {
    case 'reindex':
      for (const index of await reindexLeftovers(session, concurrent)) {
        if (!started.before.includes(index.oid)) {
          await dropInvalid(session, index, context);
        }
      }
      return 'run it';
    case 'drop-index':
      return started.before.length > 0 && (await relationIds(session, concurrent.index)).length === 0
        ? 'done'
        : 'run it';
    case 'detach-partition':
      return started.before.length > 0 ? settleDetach(session, concurrent) : 'run it';
    case undefined:
      return 'run it';
  }
}

/** Removes the invalid index of a build that has just failed, so that it does not slow writes down meanwhile. */
export async function dropFailedBuild(
  session: Session,
  { concurrent }: ScriptStatement,
  started: StartedStatement,
  context: RunContext,
): Promise<void> {
  if (concurrent?.kind === 'create-index') {
    await settleIndexBuild(session, concurrent, started, true, context);
  }
}

/** The comment that stands before a statement outside any transaction, so that a later run recognizes it. */
export function runMarker(runId: string): string {
  return `/* plinth run ${runId} */`;
}

/** Waits while the server still runs a statement for a run whose client is gone. */
export async function whileRunning(session: Session, runId: string, context: RunContext): Promise<void> {
  await whileFound(
    session,
    `select a.pid
       from pg_catalog.pg_stat_activity as a
      where a.datname = current_database()
        and a.state <> 'idle'
        and a.pid <> pg_catalog.pg_backend_pid()
        and pg_catalog.starts_with(a.query, $1)`,
    runMarker(runId),
    (pid) => `wait for process ${pid}, which still runs the statement that was interrupted`,
    context,
  );
}

type IndexBuild = Extract<ConcurrentWork, { readonly kind: 'create-index' }>;
type Reindex = Extract<ConcurrentWork, { readonly kind: 'reindex' }>;
type Detach = Extract<ConcurrentWork, { readonly kind: 'detach-partition' }>;

async function settleIndexBuild(
  session: Session,
  build: IndexBuild,
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

async function settleDetach(session: Session, detach: Detach): Promise<'done' | 'run it'> {
  const found = await attachment(session, detach);
  if (found?.pending) {
    await session.run(`alter table ${detach.table} detach partition ${detach.partition} finalize`);
  }
  return !found || found.pending ? 'done' : 'run it';
}

async function attachment(
  session: Session,
  { table, partition }: Detach,
): Promise<{ readonly pending: boolean } | undefined> {
  const [row] = await session.query<{ pending: boolean }>(
    `select inhdetachpending as pending
       from pg_catalog.pg_inherits
      where inhparent = to_regclass($1) and inhrelid = to_regclass($2)`,
    [table, partition],
  );
  return row;
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

/** The tables whose indexes a reindex rebuilds; $1 is the name. The table of TOASTed values belongs to each. */
const REINDEXED_TABLES: Readonly<Record<Reindex['of'], string>> = {
  index: 't.oid = (select indrelid from pg_catalog.pg_index where indexrelid = to_regclass($1))',
  table:
    't.oid in (select to_regclass($1) union all select relid from pg_catalog.pg_partition_tree(to_regclass($1)))',
  schema: 't.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = $1)',
  database: "$1 = ''",
};

async function reindexLeftovers(session: Session, { of, name }: Reindex): Promise<TableIndex[]> {
  return session.query<TableIndex>(
    `${SELECT_INDEXES}
      where not i.indisvalid
        and c.relname ~ '_cc(new|old)[0-9]*$'
        and exists (select
                      from pg_catalog.pg_class as t
                     where i.indrelid in (t.oid, t.reltoastrelid) and ${REINDEXED_TABLES[of]})
      order by c.oid`,
    [name],
  );
}

async function relationIds(session: Session, name: string): Promise<number[]> {
  const rows = await session.query<{ oid: number | null }>(
    'select to_regclass($1)::oid::int8::float8 as oid',
    [name],
  );
  return rows.flatMap(({ oid }) => (oid === null ? [] : [oid]));
}

/** An index that is still being built is invalid too: somebody else may be at work on it. */
async function whileBuilding(session: Session, table: string, context: RunContext): Promise<void> {
  await whileFound(
    session,
    'select pid from pg_catalog.pg_stat_progress_create_index where relid = to_regclass($1)',
    table,
    (pid) => `wait for process ${pid}, which still builds an index on ${table}`,
    context,
  );
}

async function whileFound(
  session: Session,
  sql: string,
  value: string,
  task: (pid: number) => string,
  { onProgress, signal }: RunContext,
): Promise<void> {
  for (;;) {
    const [row] = await session.query<{ pid: number }>(sql, [value]);
    if (!row) {
      return;
    }
    onProgress({ task: task(row.pid) });
    await sleep(POLL_MS, undefined, signal ? { signal } : {});
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
