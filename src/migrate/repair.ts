/**
 * Mends the ledger where a person knows better: it says what is wrong and what it would do about each, and does
 * it only for the versions that are named. No statement of a migration is ever run here.
 */
import { type Session, withSession } from '../database/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import { type LedgerEntry, type LedgerScope, readLedger } from './ledger/ledger.js';
import {
  deleteMigration,
  eventExists,
  insertEvent,
  type LedgerRecord,
  updateProgress,
} from './ledger/writes.js';
import { keyOf, type MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import { findProblems, type Problem, type ProblemKind } from './repair/find-problems.js';
import { recorded } from './run/prepare.js';
import { recordOnly } from './run/record.js';
import { withRun } from './run/with-run.js';
import { standings } from './state.js';
import { findVersion } from './version.js';

export interface RepairOptions extends MigrateOptions {
  /** Versions whose changed file is right: the ledger takes its text. */
  readonly accept?: readonly string[];
  /** Versions without a file whose down was run by hand: their row is removed. */
  readonly forget?: readonly string[];
  /** Half-done versions whose interrupted step was done by hand: the next run goes on after it. */
  readonly done?: readonly string[];
  /** Do it. Without this, nothing is changed. */
  readonly execute?: boolean;
}

export interface RepairReport {
  readonly target: string;
  readonly problems: readonly RepairedProblem[];
  /** The run that did it, where something was done. */
  readonly runId: string | undefined;
}

export interface RepairedProblem extends Problem {
  /** The version was named for this repair. */
  readonly chosen: boolean;
  readonly repaired: boolean;
}

/**
 * Says what is wrong with a target's ledger, and with `execute` does what was asked of it.
 * @throws MIGRATE_NOT_REPAIRABLE when a named version does not have that problem
 */
export async function repair(options: RepairOptions): Promise<RepairReport> {
  const folder = readFolder(options.folder);
  if (!options.execute) {
    const scope = { target: options.target, scope: options.schema ?? '' };
    const problems = await withSession(options.database, async (session) =>
      choose(await problemsOf(session, scope, folder, (await readLedger(session, scope)) ?? []), options),
    );
    return { target: options.target, problems, runId: undefined };
  }
  return withRun(options, 'repair', folder.path, async ({ context, entries }) => {
    const { connection, scope, run } = context;
    const problems = choose(await problemsOf(connection.session, scope, folder, entries), options);
    for (const problem of problems.filter(({ chosen }) => chosen)) {
      const change = changeFor(problem, scope, folder);
      await recordOnly(context, `the repair of ${problem.version}`, {
        sql: [...change, insertEvent(run.id, 'repaired', problem.version, undefined, eventDetails(problem))],
        proof: eventExists(run.id, 'repaired', problem.version),
      } satisfies LedgerRecord);
    }
    const isAny = problems.some(({ chosen }) => chosen);
    return {
      target: options.target,
      problems: problems.map((problem) => ({ ...problem, repaired: problem.chosen })),
      runId: isAny ? run.id : undefined,
    };
  });
}

function problemsOf(
  session: Session,
  scope: LedgerScope,
  folder: MigrationFolder,
  entries: readonly LedgerEntry[],
): Promise<readonly Problem[]> {
  return findProblems(session, scope, standings(folder, entries));
}

/** The option that chooses a repair, by the kind of problem. */
const CHOICES = {
  changed: 'accept',
  layout: 'accept',
  missing: 'forget',
  interrupted: 'done',
} as const satisfies Record<ProblemKind, 'accept' | 'forget' | 'done'>;

function choose(problems: readonly Problem[], options: RepairOptions): RepairedProblem[] {
  const chosen = new Set(
    (['accept', 'forget', 'done'] as const).flatMap((choice) =>
      (options[choice] ?? []).map((wanted) => {
        const repairable = problems.filter(({ kind }) => CHOICES[kind] === choice);
        return chosenVersion(repairable, wanted, choice);
      }),
    ),
  );
  return problems.map((problem) => ({ ...problem, chosen: chosen.has(problem.version), repaired: false }));
}

const CLAIMS = {
  accept: 'has no changed file',
  forget: 'is not an applied migration without a file',
  done: 'is not half-done',
} as const;

function chosenVersion(
  repairable: readonly Problem[],
  wanted: string,
  choice: 'accept' | 'forget' | 'done',
): string {
  const versions = repairable.map(({ version }) => version);
  const version = findVersion(versions, wanted);
  if (version === undefined) {
    throw MIGRATE_ERRORS.NOT_REPAIRABLE({
      message: `Cannot ${choice} ${wanted}: it ${CLAIMS[choice]}${versions.length > 0 ? ` (${versions.join(', ')} was wanted)` : ''}`,
      details: { version: wanted },
    });
  }
  return version;
}

function changeFor(problem: Problem, scope: LedgerScope, folder: MigrationFolder): string[] {
  const { kind, version, step } = problem;
  const migration = folder.migrations.find((candidate) => keyOf(candidate) === version);
  switch (kind) {
    case 'changed':
    case 'layout': {
      const scripts = recorded({ up: migration!.up.read(), down: migration!.down?.read() });
      return [updateProgress(scope, version, { scripts })];
    }
    case 'missing':
      return [deleteMigration(scope, version)];
    case 'interrupted': {
      if (step && step.doneAfter < step.of) {
        return [updateProgress(scope, version, { statementsDone: step.doneAfter, statementStarted: null })];
      }
      return problem.direction === 'down'
        ? [deleteMigration(scope, version)]
        : [updateProgress(scope, version, { state: 'applied', statementStarted: null })];
    }
  }
}

function eventDetails({ kind, step }: Problem): Readonly<Record<string, unknown>> {
  return {
    repaired: kind,
    ...(step ? { statementsTakenAsDone: step.statements.map(({ number }) => number) } : {}),
  };
}
