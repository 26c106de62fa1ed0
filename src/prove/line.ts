/**
 * The database that moves along the history: every migration is applied to it once, and it is copied where one is to be
 * proven. It has rows in every table, which go through the migrations like those of a real database.
 */
import { type ScratchDatabase, type ScratchServer, withSession } from '../database/index.js';
import { keyOf, type Migration } from '../migrate/index.js';
import type { Filler, Unfilled } from './filler.js';
import { saying } from './reasons.js';
import type { ScratchEngine } from './scratch-engine.js';

export interface Line {
  /**
   * Brings the database to just before the migration at `index`, with rows in every table; back, too, by starting over.
   * @returns what could not be filled, and the earlier migrations that it has to do without
   */
  moveBefore(index: number): Promise<LineState>;
  /** A copy of the database as it stands. */
  copy(): Promise<ScratchDatabase>;
  /** Work goes on on a copy, after the line or another copy was worked on. */
  goOnWith(copy: ScratchDatabase): Promise<void>;
  /** A copy of the database as it stands, without rows but those that the migrations write. */
  emptyCopy(): Promise<ScratchDatabase>;
  /** Removes the database. */
  close(): Promise<void>;
}

export interface LineState {
  readonly unfilled: readonly Unfilled[];
  /** Migrations that did not run, and were left out. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly version: string;
  readonly reason: string;
}

export interface LineParts {
  readonly server: ScratchServer;
  readonly engine: ScratchEngine;
  readonly filler: Filler;
  /** The whole history, in order. */
  readonly migrations: readonly Migration[];
  /** What the database must have before the first migration. */
  readonly prepare: (database: ScratchDatabase) => Promise<void>;
}

export async function openLine(parts: LineParts): Promise<Line> {
  const { server, engine, filler, migrations } = parts;
  const leftOut: LeftOut[] = [];
  let database = await freshDatabase(parts);
  let at = 0;
  let hasRows = false;
  let unfilled: readonly Unfilled[] = [];
  let empty: { readonly at: number; readonly database: ScratchDatabase } | undefined;

  const applyUpTo = async (index: number): Promise<void> => {
    while (at < index) {
      const skipped = new Set(leftOut.map(({ version }) => version));
      const ahead = migrations.slice(at, index).filter((one) => !skipped.has(keyOf(one)));
      const failure = await engine.apply(database.database, ahead).then(
        () => undefined,
        (error: unknown) => error ?? new Error('it failed'),
      );
      if (failure === undefined) {
        at = index;
        return;
      }
      const progress = await progressOf(database, migrations, at);
      if (hasRows) {
        // Rows that a migration refuses: the history goes on without them, and gets new ones behind it.
        await startOver();
        await applyUpTo(progress.next + 1);
      } else {
        leftOut.push({ version: keyOf(migrations[progress.next]!), reason: saying(failure) });
        at = progress.next + 1;
        if (progress.isHalfDone) {
          await startOver();
        }
      }
    }
  };

  const startOver = async (): Promise<void> => {
    await database.drop();
    database = await freshDatabase(parts);
    hasRows = false;
    at = 0;
  };

  const emptyDatabase = async (index: number): Promise<ScratchDatabase> => {
    const skipped = new Set(leftOut.map(({ version }) => version));
    const empty = await freshDatabase(parts);
    await engine.apply(
      empty.database,
      migrations.slice(0, index).filter((one) => !skipped.has(keyOf(one))),
    );
    return empty;
  };

  return {
    async moveBefore(index) {
      await server.useDatabase(database);
      if (index < at) {
        await startOver();
      }
      await applyUpTo(index);
      unfilled = await withSession(database.database, (session) => filler.fill(session));
      hasRows = true;
      const before = new Set(migrations.slice(0, index).map(keyOf));
      return { unfilled, leftOut: leftOut.filter(({ version }) => before.has(version)) };
    },
    copy: () => server.createDatabase(database),
    goOnWith: (copy) => server.useDatabase(copy),
    async emptyCopy() {
      if (empty?.at !== at) {
        await empty?.database.drop();
        empty = { at, database: await emptyDatabase(at) };
      }
      return await server.createDatabase(empty.database);
    },
    async close() {
      await database.drop();
      await empty?.database.drop();
    },
  };
}

async function freshDatabase({ server, prepare }: LineParts): Promise<ScratchDatabase> {
  const database = await server.createDatabase();
  await prepare(database);
  return database;
}

/** The first migration that is not applied, and whether a part of it is. */
async function progressOf(
  { database }: ScratchDatabase,
  migrations: readonly Migration[],
  from: number,
): Promise<{ readonly next: number; readonly isHalfDone: boolean }> {
  const rows = await withSession(database, (session) =>
    session.query<{ version: string; state: string }>('select version, state from plinth.migrations'),
  );
  const applied = new Set(rows.filter(({ state }) => state === 'applied').map(({ version }) => version));
  const next = migrations.findIndex((one, index) => index >= from && !applied.has(keyOf(one)));
  return { next: next === -1 ? migrations.length : next, isHalfDone: applied.size < rows.length };
}
