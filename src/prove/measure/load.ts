/**
 * What others would feel: one connection that reads and one that writes, in short statements, over the tables that a
 * script touches, while it runs. The longest that either had to wait is by the server's own clock, so that it does not
 * grow with what else this process has to do. Writing is a writer's locks, on the table and on one row, let go of at
 * once: nothing is changed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, type Session, sqlstateOf, withSession } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';

export interface LoadedTable {
  readonly schema: string;
  readonly name: string;
}

/** The longest that one statement took, and on which table. */
export interface HeldUp {
  readonly ms: number;
  readonly table: string | undefined;
  /** How many statements were run. */
  readonly statements: number;
}

export interface LoadResult {
  readonly reader: HeldUp;
  readonly writer: HeldUp;
}

export interface Load {
  stop(): Promise<LoadResult>;
}

const PAUSE_MS = 1;

/** Starts both, and returns once they are at work. */
export async function startLoad(database: Database, tables: readonly LoadedTable[]): Promise<Load> {
  const stopped = new AbortController();
  if (tables.length === 0) {
    return { stop: async () => ({ reader: NOBODY, writer: NOBODY }) };
  }
  const reader = startLoop(database, tables, readStatement, stopped.signal);
  const writer = startLoop(database, tables, writeStatement, stopped.signal);
  await Promise.all([reader.started, writer.started]);
  return {
    async stop() {
      stopped.abort();
      return { reader: await reader.ended, writer: await writer.ended };
    },
  };
}

const NOBODY: HeldUp = { ms: 0, table: undefined, statements: 0 };

interface Loop {
  readonly started: Promise<void>;
  readonly ended: Promise<HeldUp>;
}

function startLoop(
  database: Database,
  tables: readonly LoadedTable[],
  statement: (table: LoadedTable) => string,
  signal: AbortSignal,
): Loop {
  let tellStarted = (): void => {};
  const started = new Promise<void>((settle) => {
    tellStarted = settle;
  });
  const ended = withSession(
    database,
    async (session) => {
      await session.run(SETTINGS).catch(() => {});
      // The first statements of a session fill its caches.
      for (const table of tables) {
        await timed(session, statement(table));
      }
      tellStarted();
      return await loop(session, tables, statement, signal);
    },
    { applicationName: 'plinth prove load' },
  ).finally(tellStarted);
  return { started, ended };
}

/**
 * Who meets a deadlock first gives way: that must be the load, and not what is being measured. It waits for less than
 * PostgreSQL's second, after which the other would look for deadlocks, and then begins anew.
 */
const SETTINGS = `set deadlock_timeout = '10ms'; set lock_timeout = '300ms'; set row_security = off`;

async function loop(
  session: Session,
  tables: readonly LoadedTable[],
  statement: (table: LoadedTable) => string,
  signal: AbortSignal,
): Promise<HeldUp> {
  let longest: HeldUp = NOBODY;
  let statements = 0;
  for (let turn = 0; !signal.aborted; turn += 1) {
    const table = tables[turn % tables.length]!;
    const ms = await timed(session, statement(table));
    statements += 1;
    longest = ms > longest.ms ? { ms, table: `${table.schema}.${table.name}`, statements } : longest;
    await sleep(PAUSE_MS);
  }
  return { ...longest, statements };
}

const CLOCK = `select pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000`;

/** Milliseconds until the statement was through, over as many tries as it took; the table may be gone by then. */
async function timed(session: Session, sql: string): Promise<number> {
  let waitedMs = 0;
  for (;;) {
    const { ms, isToBeTriedAgain } = await timedOnce(session, sql);
    waitedMs += ms;
    if (!isToBeTriedAgain) {
      return waitedMs;
    }
  }
}

async function timedOnce(
  session: Session,
  sql: string,
): Promise<{ readonly ms: number; readonly isToBeTriedAgain: boolean }> {
  const clocks: number[] = [];
  let isToBeTriedAgain = false;
  const startedMs = performance.now();
  let waitedMs = 0;
  try {
    await session.run(`${CLOCK};${sql};${CLOCK}`, (_, value) => {
      if (value !== undefined && /^\d{12,}/.test(value)) {
        clocks.push(Number(value));
      }
    });
  } catch (error) {
    isToBeTriedAgain = session.isOpen && sqlstateOf(error) === LOCK_NOT_AVAILABLE;
    waitedMs = performance.now() - startedMs;
    if (session.isOpen) {
      await session.run('rollback').catch(() => {});
    }
  }
  return { ms: clocks.length === 2 ? clocks[1]! - clocks[0]! : waitedMs, isToBeTriedAgain };
}

const LOCK_NOT_AVAILABLE = '55P03';

function readStatement(table: LoadedTable): string {
  return `select from ${qualifiedName(table.schema, table.name)} limit 1`;
}

function writeStatement(table: LoadedTable): string {
  const name = qualifiedName(table.schema, table.name);
  return `begin; lock table ${name} in row exclusive mode; select from ${name} limit 1 for no key update; rollback`;
}
