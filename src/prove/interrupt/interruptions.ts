/**
 * The script cut off after each of its statements, one after the other, in one database: each run goes on where the
 * one before was ended, and the last gets to the end.
 */
import { isPlinthError } from '../../core/index.js';
import { type Database, withSession } from '../../database/index.js';
import { compareVersions, keyOf, type Migration, type PlannedMigration } from '../../migrate/index.js';
import type { ScratchEngine } from '../scratch-engine.js';
import { interruptingDatabase } from './interrupting-database.js';

export interface InterruptedScript {
  readonly tried: number;
  readonly statements: number;
  /** What kept the runs from getting to the end. */
  readonly failure: unknown;
}

export interface WorkToInterrupt {
  readonly engine: ScratchEngine;
  readonly database: Database;
  readonly migration: Migration;
  readonly direction: 'up' | 'down';
  /** The script as the engine plans it. */
  readonly planned: PlannedMigration | undefined;
  /** In a script that is one transaction, which is undone in the same way wherever it is cut off. */
  readonly mostPlaces: number;
}

export async function interruptEach(work: WorkToInterrupt): Promise<InterruptedScript> {
  const { engine, database, migration, direction, planned, mostPlaces } = work;
  const statements = planned?.statements ?? [];
  // A run that finishes what was cut off goes on to what else it was asked for: here, nothing.
  const to = direction === 'down' ? await versionBefore(database, migration) : undefined;
  let tried = 0;
  const run = async (on: Database): Promise<unknown> => {
    try {
      await (direction === 'up' ? engine.apply(on, [migration]) : engine.rollback(on, migration, to));
      return undefined;
    } catch (error) {
      return isPlinthError(error, 'MIGRATE_NOTHING_TO_ROLL_BACK') ? undefined : error;
    }
  };
  for (const after of placesOf(planned, mostPlaces)) {
    const interrupting = interruptingDatabase(database, statements, after);
    const failure = await run(interrupting.database);
    if (!interrupting.hasInterrupted()) {
      // It was done before that statement came: nothing is left to be cut off.
      return { tried, statements: statements.length, failure };
    }
    tried += 1;
  }
  return { tried, statements: statements.length, failure: await run(database) };
}

/** The newest other version that is applied; `0` where there is none. */
async function versionBefore(database: Database, migration: Migration): Promise<string> {
  const rows = await withSession(database, (session) =>
    session.query<{ version: string }>('select version from plinth.migrations where version <> $1', [
      keyOf(migration),
    ]),
  );
  return (
    rows
      .map(({ version }) => version)
      .sort(compareVersions)
      .at(-1) ?? '0'
  );
}

/** The last ones of a transaction have the most behind them. */
function placesOf(planned: PlannedMigration | undefined, most: number): readonly number[] {
  const numbers = planned?.statements.map(({ number }) => number) ?? [];
  return planned?.atomic && numbers.length > most ? numbers.slice(numbers.length - most) : numbers;
}
