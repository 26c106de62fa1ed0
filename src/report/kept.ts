/** Kept data as a person reads it. */
import type { KeptEntry, KeptReport, RestoredByHand, ShownKept } from '../migrate/index.js';
import type { Style } from './style.js';
import { type Column, table } from './table.js';
import { formatBytes, formatCount, formatTime, plural } from './units.js';

const COLUMNS: readonly Column[] = [
  { title: 'id', align: 'right' },
  { title: 'migration' },
  { title: 'kind' },
  { title: 'of' },
  { title: 'class' },
  { title: 'rows', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'age limit' },
  { title: 'state' },
];

export function keptText(report: KeptReport, style: Style): string {
  if (report.entries.length === 0) {
    return `${style.strong(report.target)}  nothing is kept`;
  }
  const isFleet = report.entries.some(({ member }) => member !== undefined);
  const [id, ...others] = COLUMNS;
  const columns = isFleet ? [id!, { title: 'member' }, ...others] : COLUMNS;
  const rows = report.entries.map((entry) => [
    String(entry.id),
    ...(isFleet ? [entry.member ?? ''] : []),
    `${entry.version} ${entry.direction}`,
    entry.kind,
    entry.columns.length > 0 && entry.columns.length < 4
      ? `${entry.relation} (${entry.columns.join(', ')})`
      : entry.relation,
    entry.class ?? '',
    formatCount(entry.rows),
    formatBytes(entry.bytes),
    entry.isExpired ? 'expired' : `until ${formatTime(entry.expiresAt)}`,
    stateOf(entry),
  ]);
  return [
    style.strong(report.target),
    table(columns, rows, style.faint),
    `  ${plural(report.entries.length, 'entry', 'entries')}, ${formatBytes(report.bytes)}, ${report.expired} expired`,
  ].join('\n');
}

function stateOf({ state, unplaced, reason }: KeptEntry): string {
  const left = unplaced > 0 ? `, ${plural(unplaced, 'row')} not placed` : '';
  return `${state}${left}${reason ? `: ${reason}` : ''}`;
}

export function shownKeptText({ entry, columns, rows }: ShownKept, style: Style): string {
  const classes = Object.entries(entry.classes).map(([column, name]) => `${column} ${name}`);
  const head = [
    `${style.strong(entry.relation)}  ${entry.kind} of ${entry.version} ${entry.direction}, ${plural(entry.rows, 'row')}`,
    ...(classes.length > 0 ? [`  class: ${entry.class} (${classes.join(', ')})`] : []),
  ].join('\n');
  return columns.length === 0
    ? `${head}\n  it lies in the ledger: there are no rows to show`
    : [
        head,
        table(
          columns.map((title) => ({ title })),
          rows.map((row) => row.map((cell) => cell ?? '')),
        ),
      ].join('\n');
}

export function restoredKeptText(
  { entry, into, placed, unplaced, reason }: RestoredByHand,
  style: Style,
): string {
  const left = unplaced > 0 ? `, ${plural(unplaced, 'row')} not placed: ${reason ?? 'no reason given'}` : '';
  return `${style.strong(into ?? entry.relation)}  ${plural(placed, 'row')} put ${into ? 'into the new table' : 'back'}${left}`;
}

export function purgedText(report: KeptReport, style: Style): string {
  const what = plural(report.entries.length, 'entry', 'entries');
  return `${style.strong(report.target)}  ${what} purged, ${formatBytes(report.bytes)}`;
}
