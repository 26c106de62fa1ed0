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
    ageLimitOf(entry),
    stateOf(entry),
  ]);
  return [
    style.strong(report.target),
    table(columns, rows, style.faint),
    `  ${plural(report.entries.length, 'entry', 'entries')}, ${formatBytes(report.bytes)}, ${report.expired} expired`,
  ].join('\n');
}

/** Of what holds data; what a script declares not to keep has none. */
function ageLimitOf({ isExpired, expiresAt, kind, state }: KeptEntry): string {
  if (kind === 'declared' || state === 'restored' || state === 'purged') {
    return '';
  }
  return isExpired ? 'expired' : `until ${formatTime(expiresAt)}`;
}

function stateOf({ kind, state, unplaced, reason }: KeptEntry): string {
  if (kind === 'declared') {
    return `keeps nothing: ${reason ?? ''}`;
  }
  const left = unplaced > 0 ? `, ${plural(unplaced, 'row')} not placed` : '';
  return `${state}${left}${reason ? `: ${reason}` : ''}`;
}

export function shownKeptText({ entry, columns, rows, position }: ShownKept, style: Style): string {
  const classes = Object.entries(entry.classes).map(([column, name]) => `${column} ${name}`);
  const head = [
    `${style.strong(entry.relation)}  ${entry.kind} of ${entry.version} ${entry.direction}, ${plural(entry.rows, 'row')}`,
    ...(classes.length > 0 ? [`  class: ${entry.class} (${classes.join(', ')})`] : []),
    ...(columns.length > 0 && entry.unplaced > 0 ? [`  ${stateOf(entry)}`] : []),
  ];
  if (columns.length === 0) {
    return [...head, `  ${withoutRows(entry, position)}`].join('\n');
  }
  const there = entry.unplaced > 0 ? entry.unplaced : entry.rows;
  return [
    ...head,
    table(
      columns.map((title) => ({ title: cellText(title) })),
      rows.map((row) => row.map(cellText)),
      style.faint,
    ),
    ...(rows.length < there
      ? [style.faint(`  ${formatCount(rows.length)} of ${plural(there, 'row')}: --limit shows more`)]
      : []),
  ].join('\n');
}

function withoutRows(entry: KeptEntry, position: string | undefined): string {
  switch (entry.state) {
    case 'restored':
      return 'it was put back: there are no rows to show';
    case 'purged':
      return 'it was purged: there are no rows to show';
    default:
      return position === undefined ? stateOf(entry) : `it stood at ${position}`;
  }
}

const CELL_COLUMNS = 60;

/** A null is blank and an empty text `''`; what would break the line, or command the terminal, is written as in JSON. */
function cellText(cell: string | null): string {
  if (cell === null || cell === '') {
    return cell === null ? '' : "''";
  }
  const start = Array.from(cell.slice(0, 2 * CELL_COLUMNS));
  const shown =
    start.length > CELL_COLUMNS ? `${start.slice(0, CELL_COLUMNS - 1).join('')}…` : start.join('');
  return shown.replace(/\p{Cc}/gu, (control) =>
    control < ' ' ? JSON.stringify(control).slice(1, -1) : `\\u00${control.charCodeAt(0).toString(16)}`,
  );
}

export function restoredKeptText(
  { entry, into, placed, unplaced, reason }: RestoredByHand,
  style: Style,
): string {
  const left = unplaced > 0 ? `, ${plural(unplaced, 'row')} not placed: ${reason ?? 'no reason given'}` : '';
  const told = `${style.strong(into ?? entry.relation)}  ${plural(placed, 'row')} put ${into ? 'into the new table' : 'back'}${left}`;
  const next = `  what is left stays kept: mend that and run it again, or copy it with --into <schema.table>`;
  return unplaced > 0 ? `${told}\n${style.faint(next)}` : told;
}

export function purgedText(report: KeptReport, style: Style): string {
  if (report.entries.length === 0) {
    return `${style.strong(report.target)}  nothing to purge`;
  }
  const what = plural(report.entries.length, 'entry', 'entries');
  return `${style.strong(report.target)}  ${what} purged, ${formatBytes(report.bytes)}`;
}
