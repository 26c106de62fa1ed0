/**
 * The script cut off after each of its statements, one after the other, in one database: each run goes on where the
 * one before was ended, and the last gets to the end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../../core/index.js';
import type { Database, Session } from '../../database/index.js';
import { compareVersions, keyOf, type Migration, type PlannedMigration } from '../../migrate/index.js';
import { namedSessions } from '../named-sessions.js';
import type { ScratchEngine } from '../scratch-engine.js';
import { interruptingDatabase } from './interrupting-database.js';
import { openedAhead } from './opened-ahead.js';

export interface InterruptedScript {
  readonly tried: number;
  readonly statements: number;
  /** The script got to its end before one of the statements came: nothing is left to be finished. */
  readonly isDone: boolean;
  /** What kept the runs from getting to the end. */
  readonly failure: unknown;
}

export interface WorkToInterrupt {
  readonly engine: ScratchEngine;
  readonly database: Database;
  /** The same, with a session of its own for whoever connects. */
  readonly unpooled: Database;
  /** On the same database, for looking. */
  readonly session: Session;
  readonly migration: Migration;
  readonly direction: 'up' | 'down';
  /** The script as the engine plans it. */
  readonly planned: PlannedMigration | undefined;
  /** In a script that is one transaction, which is undone in the same way wherever it is cut off. */
  readonly mostPlaces: number;
}

/** Cuts the script off and leaves it so: the next run is to finish it. */
export async function interruptEach(work: WorkToInterrupt): Promise<InterruptedScript> {
  const { unpooled, session, planned, mostPlaces } = work;
  const statements = ownStatements(planned);
  const run = await runOf(work);
  const places = placesOf(planned, mostPlaces);
  const ahead = openedAhead(namedSessions(unpooled, 'plinth prove cut off'), places.length);
  let tried = 0;
  try {
    for (const after of places) {
      const { database, ended } = interruptingDatabase(ahead.database, statements, after);
      const failure = await run(database);
      const processId = ended();
      if (processId === undefined) {
        return { tried, statements: statements.length, isDone: true, failure };
      }
      await untilGone(session, processId);
      tried += 1;
    }
  } finally {
    await ahead.close();
  }
  return { tried, statements: statements.length, isDone: false, failure: undefined };
}

/** Cuts the script off, and finishes it. */
export async function interruptAndFinish(work: WorkToInterrupt): Promise<InterruptedScript> {
  const interrupted = await interruptEach(work);
  return interrupted.isDone
    ? interrupted
    : { ...interrupted, isDone: true, failure: await (await runOf(work))(work.database) };
}

/** Runs the script on a database. @returns why it did not get to its end */
async function runOf(work: WorkToInterrupt): Promise<(on: Database) => Promise<unknown>> {
  const { engine, session, migration, direction } = work;
  // A run that finishes what was cut off goes on to what else it was asked for: here, nothing.
  const to = direction === 'down' ? await versionBefore(session, migration) : undefined;
  return async (on) => {
    try {
      await (direction === 'up' ? engine.apply(on, [migration]) : engine.rollback(on, migration, to));
      return undefined;
    } catch (error) {
      return isPlinthError(error, 'MIGRATE_NOTHING_TO_ROLL_BACK') ? undefined : error;
    }
  };
}

/** A process that ends holds its lock on the target until it is gone. */
async function untilGone(session: Session, processId: number): Promise<void> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  const look = () => session.query('select from pg_catalog.pg_stat_get_activity($1) as a', [processId]);
  while ((await look()).length > 0 && performance.now() < deadline) {
    await sleep(1);
  }
}

const GONE_WITHIN_MS = 5000;

/** The newest other version that is applied; `0` where there is none. */
async function versionBefore(session: Session, migration: Migration): Promise<string> {
  const rows = await session.query<{ version: string }>(
    'select version from plinth.migrations where version <> $1',
    [keyOf(migration)],
  );
  return (
    rows
      .map(({ version }) => version)
      .sort(compareVersions)
      .at(-1) ?? '0'
  );
}

/** Without the begin and commit of a script that has its own: the engine writes these. */
function ownStatements(planned: PlannedMigration | undefined): PlannedMigration['statements'] {
  return planned?.statements.filter(({ tag }) => !/^(BEGIN|START TRANSACTION|COMMIT)$/.test(tag)) ?? [];
}

/** The last ones of a transaction have the most behind them. */
function placesOf(planned: PlannedMigration | undefined, most: number): readonly number[] {
  const numbers = ownStatements(planned).map(({ number }) => number);
  return planned?.atomic && numbers.length > most ? numbers.slice(numbers.length - most) : numbers;
}
