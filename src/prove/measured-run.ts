/** One script through the engine, measured, with the small load beside it. */
import type { Database, Session } from '../database/index.js';
import type { Migration, MigrationPlan, PlannedMigration, RunReport } from '../migrate/index.js';
import { disagreements } from './measure/disagreements.js';
import { type LoadedTable, type LoadResult, startLoad } from './measure/load.js';
import { measuredDatabase } from './measure/measured-database.js';
import { type KnownRelation, readRelations } from './measure/relations.js';
import { statementMeasures } from './measure/statement-measure.js';
import type { ProvenScript, ProvenStatement } from './proof.js';
import type { ScratchEngine } from './scratch-engine.js';

export interface MeasuredRun {
  readonly script: ProvenScript;
  /** The script as it was planned; `undefined` where there is none. */
  readonly planned: PlannedMigration | undefined;
  /** What the engine threw, where it did not get through. */
  readonly failure: unknown;
  readonly report: RunReport | undefined;
}

export interface RunToMeasure {
  readonly engine: ScratchEngine;
  readonly database: Database;
  /** On the same database, for looking. */
  readonly session: Session;
  readonly migration: Migration;
  readonly direction: 'up' | 'down';
  /** The script, where it was planned already. */
  readonly planned?: PlannedMigration | undefined;
}

/** Runs it. A failure of the script is part of the result. */
export async function runMeasured(run: RunToMeasure): Promise<MeasuredRun> {
  const { engine, database, session, migration, direction } = run;
  const planned = run.planned ?? (await engine.plan(database, migration, direction)).migrations[0];
  const known = await readRelations(session);
  const statements = planned?.statements ?? [];
  const measured = measuredDatabase(database, statements);
  const load = await startLoad(database, touchedTables(statements, known));
  const startedMs = performance.now();
  let report: RunReport | undefined;
  let failure: unknown;
  let felt: LoadResult;
  try {
    report =
      direction === 'up'
        ? await engine.apply(measured.database, [migration])
        : await engine.rollback(measured.database, migration);
  } catch (error) {
    failure = error ?? new Error('no reason was given');
  } finally {
    felt = await load.stop();
  }
  const durationMs = performance.now() - startedMs;
  const measures = new Map(statementMeasures(measured.statements(), known).map((one) => [one.number, one]));
  return {
    failure,
    report,
    planned,
    script: {
      file: planned?.file ?? migration.up.file,
      durationMs,
      load: felt,
      statements: statements.map((statement): ProvenStatement => {
        const found = measures.get(statement.number);
        return {
          number: statement.number,
          line: statement.line,
          tag: statement.tag,
          sql: statement.sql,
          measured: found,
          disagreements: found ? disagreements(statement, found) : [],
        };
      }),
    },
  };
}

/** More tables than this say no more, and slow the load's round down. */
const MOST_LOADED = 12;

/** The tables of before that the script is said to keep others from; all, where it runs what was not looked into. */
function touchedTables(
  statements: MigrationPlan['migrations'][number]['statements'],
  known: ReadonlyMap<number, KnownRelation>,
): readonly LoadedTable[] {
  const isOpaque = statements.some(({ impact }) => impact.isOpaque);
  const touched = new Set(
    statements.flatMap(({ impact }) =>
      impact.locks.filter(({ blocksWrites }) => blocksWrites).map(({ relation }) => relation),
    ),
  );
  return [...known.values()]
    .filter(
      ({ kind, schema }) => (kind === 'r' || kind === 'p') && schema !== 'plinth' && schema !== 'plinth_kept',
    )
    .filter(({ schema, name }) => isOpaque || touched.has(`${schema}.${name}`) || touched.has(name))
    .slice(0, MOST_LOADED);
}
