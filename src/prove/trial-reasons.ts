/** What a trial finds, in words: why a migration is not proven, and what is worth knowing of it. */
import { irreversibleReason, type Migration } from '../migrate/index.js';
import { readDirectives } from '../sql/index.js';
import type { Unfilled } from './filler.js';
import { sequencesSetBack, viewsEmptied } from './fingerprint/beside-rows.js';
import type { CapturedRows } from './fingerprint/capture-rows.js';
import type { MeasuredRun } from './measured-run.js';
import type { ProofReason, ReasonKind, RowLoss } from './proof.js';
import { saying } from './reasons.js';
import type { Snapshot } from './snapshot.js';
import { touchedTables } from './touched-tables.js';

const ROWS = {
  'rows-lost': (table: string) => `After the rollback rows of ${table} are not as they were.`,
  'rows-left': (table: string) => `After the rollback ${table} has rows that it did not have before.`,
  'reapply-rows-lost': (table: string) =>
    `After the second apply rows of ${table} are not as they were before the rollback.`,
  'reapply-rows-doubled': (table: string) =>
    `After the second apply ${table} has rows that it did not have before the rollback.`,
} as const satisfies Partial<Record<ReasonKind, (table: string) => string>>;

/** A reason for each table whose rows are not as they should be. */
export function rowReasons(
  kind: keyof typeof ROWS,
  losses: readonly RowLoss[],
  breaks = true,
): readonly ProofReason[] {
  return losses.map((loss) => ({ kind, breaks, message: ROWS[kind](loss.table), loss }));
}

/**
 * A reason for each sequence that would give out numbers again, and for each materialized view without its contents.
 * @param step what came before, as a sentence begins
 * @param ownSteps sequences that the script is to set back, by `schema.name`
 */
export function besideRowsReasons(
  step: 'After the rollback' | 'After the second apply',
  { beside: before }: CapturedRows,
  { beside: after }: CapturedRows,
  breaks: boolean,
  ownSteps: readonly string[] = [],
): readonly ProofReason[] {
  if (!before || !after) {
    return [];
  }
  const standing = (name: string): string => {
    const last = after.sequences[name]?.last;
    return last === null ? 'has given out nothing' : `stands at ${last}`;
  };
  return [
    ...sequencesSetBack(before, after)
      .filter((name) => !ownSteps.includes(name))
      .map((name) => ({
        kind: 'sequence-set-back' as const,
        breaks,
        message: `${step} the sequence ${name} ${standing(name)}, and had given out numbers up to ${before.sequences[name]!.last}.`,
      })),
    ...viewsEmptied(before, after).map((name) => ({
      kind: 'view-emptied' as const,
      breaks,
      message: `${step} the materialized view ${name} has no contents, and had some.`,
    })),
  ];
}

export function keptRemark({ table }: RowLoss): string {
  return `The second apply does to rows of ${table} that were written in between what the first did to the others: they are in kept data, and come back with the next rollback.`;
}

export function triggerRemark(step: string, { table, rowsAdded }: RowLoss): string {
  return `What the scripts do makes triggers write to ${table}: after ${step} it has ${rowsAdded === 1 ? 'one row' : `${rowsAdded} rows`} more.`;
}

/** @param direction of the script that has destroyed them */
export function displacedRemark(direction: 'up' | 'down', table: string, displaced: number): string {
  const rows = displaced === 1 ? 'One row' : `${displaced} rows`;
  const [step, takers] =
    direction === 'up'
      ? ['the rollback', 'rows that were written since the apply have their keys']
      : ['the second apply', 'rows that it makes anew have their keys'];
  return `${rows} of ${table} had no place after ${step}, as ${takers}: they are in kept data, and told.`;
}

/** PostgreSQL says the same of a column that is new and of one that is made not null. */
export function isNewColumnNotNull(failure: unknown, { schema }: Snapshot): boolean {
  const [, column, table] =
    /^column "(.+)" of relation "(.+)" contains null values/.exec(saying(failure)) ?? [];
  const known = schema.tables.filter(({ name }) => name === table);
  return known.length > 0 && !known.some(({ columns }) => columns.some(({ name }) => name === column));
}

/** What its own lines say need not be kept. */
export function declaredLosses({ up, down }: Migration): readonly ProofReason[] {
  return [up, ...(down ? [down] : [])].flatMap((script) =>
    readDirectives(script.read())
      .map(({ settings }) => new Map(settings.map(({ key, value }) => [key, value])))
      .filter((settings) => settings.get('keep') === 'off')
      .map((settings) => ({
        kind: 'keep-off',
        breaks: false,
        message: `${script.file} declares that it is not kept: ${settings.get('reason') ?? 'no reason given'}.`,
      })),
  );
}

export function wayBackMissing(migration: Migration): ProofReason | undefined {
  const reason =
    irreversibleReason(migration.up.read()) ??
    (migration.down ? irreversibleReason(migration.down.read()) : undefined);
  if (reason !== undefined) {
    return { kind: 'irreversible', breaks: false, message: `It is declared irreversible: ${reason}.` };
  }
  return migration.down ? undefined : { kind: 'no-down', breaks: false, message: 'It has no down.' };
}

/** A table without rows matters to a migration that touches it. */
export function unfilledReasons(
  unfilled: readonly Unfilled[],
  before: Snapshot,
  after: Snapshot,
  up: MeasuredRun,
): readonly ProofReason[] {
  const touched = new Set(touchedTables(before, after, up.script));
  return unfilled
    .filter(({ table }) => touched.has(table))
    .map(({ table, reason }) => ({
      kind: 'not-filled',
      breaks: false,
      message: `${table} could not be given rows: ${reason}.`,
    }));
}
