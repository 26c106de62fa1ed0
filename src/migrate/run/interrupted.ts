/**
 * Finishes what an earlier run left under way, in the direction it was going. The statements that are done
 * stay done; the rest is taken from the file, where it still agrees with them, so that a statement that can
 * never succeed can be mended; else from the ledger.
 */
import { statementDigests } from '../../sql/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { type LedgerEntry, readLedger, readTexts } from '../ledger/ledger.js';
import { keyOf, labelOf, type MigrationFolder } from '../migration.js';
import type { MigrationOutcome } from '../report.js';
import { runOne } from './one.js';
import type { Run } from './with-run.js';

export interface Finished {
  readonly outcomes: readonly MigrationOutcome[];
  /** The ledger as it is now. */
  readonly entries: readonly LedgerEntry[];
}

/** @throws MIGRATE_CHANGED when a statement that is done was changed in the file */
export async function finishInterrupted(run: Run, folder: MigrationFolder): Promise<Finished> {
  const left = run.entries.filter(({ state }) => state !== 'applied');
  const outcomes: MigrationOutcome[] = [];
  for (const entry of left) {
    outcomes.push(await finish(run, folder, entry));
  }
  if (left.length === 0) {
    return { outcomes, entries: run.entries };
  }
  const { connection, scope } = run.context;
  return { outcomes, entries: (await readLedger(connection.session, scope)) ?? [] };
}

/** How many of the steps that were asked for are left, when so many migrations were gone on with: each is a step. */
export function stepsLeft(steps: number, finished: number): number {
  return Math.max(0, steps - finished);
}

async function finish(run: Run, folder: MigrationFolder, entry: LedgerEntry): Promise<MigrationOutcome> {
  const { connection, scope, onProgress } = run.context;
  const direction = entry.state === 'applying' ? 'up' : 'down';
  const migration = folder.migrations.find((candidate) => keyOf(candidate) === entry.version);
  const kept = await readTexts(connection.session, scope, entry.version);
  const source = direction === 'up' ? migration?.up : migration?.down;
  const keptText = direction === 'up' ? kept.up : (kept.down ?? '');
  const text = source?.read() ?? keptText;
  const label = labelOf(entry);
  if (!sameBeginning(keptText, text, entry.statementsDone)) {
    throw MIGRATE_ERRORS.CHANGED({
      message: `Cannot go on with ${label}: one of its first ${entry.statementsDone} statements, which are done, was changed in ${source?.file}`,
      hint: 'Undo that change; the statements that are not done yet may be mended.',
      details: { version: entry.version },
    });
  }
  onProgress({ task: label, message: `  going on with ${label} after statement ${entry.statementsDone}` });
  return runOne(run.context, {
    direction,
    version: entry.version,
    name: entry.name,
    kind: entry.kind,
    scripts:
      direction === 'up'
        ? { up: text, down: migration?.down?.read() ?? kept.down }
        : { up: kept.up, down: text },
    file: source?.file ?? `${label} (from the ledger)`,
    withoutTransaction: source?.withoutTransaction ?? false,
    resumed: entry,
  });
}

function sameBeginning(kept: string, text: string, count: number): boolean {
  const before = statementDigests(kept).slice(0, count);
  const now = statementDigests(text);
  return before.every((digest, index) => digest === now[index]);
}
