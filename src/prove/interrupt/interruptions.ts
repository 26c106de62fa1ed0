/**
 * The script cut off after each of its statements, one after the other, in one database: each run goes on where the
 * one before was ended, and the last gets to the end.
 */
import type { Database } from '../../database/index.js';
import type { Migration, PlannedMigration } from '../../migrate/index.js';
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
  /** In a script that is one transaction, which is undone wherever it is cut off: more are spread over it. */
  readonly mostPlaces: number;
}

export async function interruptEach(work: WorkToInterrupt): Promise<InterruptedScript> {
  const { engine, database, migration, direction, planned, mostPlaces } = work;
  const statements = planned?.statements ?? [];
  let tried = 0;
  const run = async (on: Database): Promise<unknown> => {
    try {
      await (direction === 'up' ? engine.apply(on, [migration]) : engine.rollback(on, migration));
      return undefined;
    } catch (error) {
      return error;
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

function placesOf(planned: PlannedMigration | undefined, most: number): readonly number[] {
  const numbers = planned?.statements.map(({ number }) => number) ?? [];
  if (!planned?.atomic || numbers.length <= most) {
    return numbers;
  }
  const step = (numbers.length - 1) / Math.max(1, most - 1);
  const chosen = Array.from({ length: most }, (_, index) => numbers[Math.round(index * step)]!);
  return [...new Set(chosen)];
}
