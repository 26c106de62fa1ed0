/** What a proof found, in words that all the reports share. */
import type {
  MeasuredLock,
  MigrationProof,
  ProofReason,
  ProvenStatement,
  RowLoss,
  SchemaDifference,
  Verdict,
} from '../../prove/index.js';
import { formatBytes, formatCount, formatDuration, plural } from '../units.js';

/** One line a difference: `left behind: index public.stray`. */
function differenceText({ change, object, properties }: SchemaDifference): string {
  const details = properties.map(({ property, was, is }) => `${property} was ${was}, is ${is}`);
  return `${change}: ${object}${details.length > 0 ? ` (${details.join('; ')})` : ''}`;
}

/** `2 rows gone, values of phone gone; for example id=1: phone was 555, is null`. */
function lossText(loss: RowLoss): string {
  const parts = [
    ...(loss.rowsLost > 0 ? [`${plural(loss.rowsLost, 'row')} gone`] : []),
    ...(loss.cellsChanged > 0 ? [`${plural(loss.cellsChanged, 'cell')} other than before`] : []),
    ...(loss.columnsLost.length > 0 ? [`values of ${loss.columnsLost.join(', ')} gone`] : []),
    ...(loss.rowsAdded > 0 ? [`${plural(loss.rowsAdded, 'row')} more`] : []),
  ];
  const example = exampleText(loss);
  return `${loss.table}: ${parts.join(', ')}${example ? `; for example ${example}` : ''}`;
}

function exampleText({ example }: RowLoss): string | undefined {
  if (!example) {
    return undefined;
  }
  const row = Object.entries(example.row)
    .map(([column, value]) => `${column}=${short(value)}`)
    .join(', ');
  return example.column === undefined
    ? row
    : `${row}: ${example.column} was ${short(example.before)}${example.after === undefined ? '' : `, is ${short(example.after)}`}`;
}

const LONGEST_VALUE = 60;

function short(value: string | null | undefined): string {
  const text = value ?? 'null';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** The reason's own sentence, and the lines that show it. */
export function reasonLines(reason: ProofReason): readonly string[] {
  return [...(reason.differences ?? []).map(differenceText), ...(reason.loss ? [lossText(reason.loss)] : [])];
}

/** The locks of a statement that others can meet. Those on indexes come with those on their tables. */
export function sharedLocks({ measured }: ProvenStatement): readonly MeasuredLock[] {
  return (measured?.locks ?? []).filter(
    ({ isShared, kind }) => isShared && kind !== 'index' && kind !== 'sequence',
  );
}

/** `ACCESS EXCLUSIVE on public.users`. */
export function lockText(statement: ProvenStatement): string {
  return sharedLocks(statement)
    .map(({ lock, relation }) => `${lock} on ${relation}`)
    .join(', ');
}

/** What it wrote: rows, a rewrite, bytes of the write-ahead log. */
export function workText({ measured }: ProvenStatement): string {
  if (!measured) {
    return '';
  }
  return [
    ...(measured.rewrites.length > 0 ? [`rewrites ${measured.rewrites.join(', ')}`] : []),
    ...(measured.rows > 0 ? [plural(measured.rows, 'row')] : []),
    formatBytes(measured.walBytes),
  ].join(', ');
}

/** `3 proven, 1 broken`; verdicts that none has are left out. */
export function countsText(counts: Readonly<Record<Verdict, number>>): string {
  const told = (Object.entries(counts) as [Verdict, number][]).filter(([, count]) => count > 0);
  return told.map(([verdict, count]) => `${formatCount(count)} ${verdict}`).join(', ') || 'nothing to prove';
}

/** `cut off at 3 of 5 statements`; a script that does not get through is not cut off. */
export function cutOffText({ interruptions: { tried, statements } }: MigrationProof): string {
  return statements === 0
    ? 'not cut off'
    : `cut off at ${formatCount(tried)} of ${plural(statements, 'statement')}`;
}

/** The longest that others were held up, where anybody was. */
export function heldUpText({ up, down }: MigrationProof): string | undefined {
  const told = [
    ['up', up],
    ['down', down],
  ] as const;
  const parts = told.flatMap(([direction, script]) =>
    script && Math.max(script.load.reader.ms, script.load.writer.ms) >= TOLD_FROM_MS
      ? [
          `${direction}: a reader ${formatDuration(script.load.reader.ms)}, a writer ${formatDuration(script.load.writer.ms)}`,
        ]
      : [],
  );
  return parts.length > 0 ? parts.join('; ') : undefined;
}

/** Shorter waits are the time of the statement itself. */
const TOLD_FROM_MS = 2;
