/** What a run would do, as a person reads it. */
import { approvalLines, type VerdictView } from './approvals.js';
import type { Style } from './style.js';
import { formatBytes, formatDuration, plural } from './units.js';

export interface PlanView {
  readonly target: string;
  readonly direction: 'up' | 'down';
  readonly migrations: readonly {
    readonly version: string;
    readonly name: string;
    readonly atomic: boolean;
    readonly statements: readonly PlannedStatementView[];
    readonly restores: readonly RestoreView[];
    readonly approval?: VerdictView;
  }[];
  readonly notices: readonly string[];
}

interface RestoreView {
  readonly kind: 'table' | 'column' | 'rows' | 'sequence';
  readonly relation: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

interface PlannedStatementView {
  readonly number: number;
  readonly sql: string;
  readonly alone: boolean;
  readonly impact: {
    readonly locks: readonly {
      readonly relation: string;
      readonly lock: string;
      readonly blocksReads: boolean;
      readonly blocksWrites: boolean;
      readonly rewrites: 'yes' | 'no' | 'maybe';
      readonly scans: 'yes' | 'no' | 'maybe';
      readonly rows: number | undefined;
      readonly bytes: number | undefined;
    }[];
    readonly destroys: readonly {
      readonly kind: string;
      readonly relation: { readonly schema?: string | undefined; readonly name: string };
      readonly columns?: readonly string[];
      readonly certainty: 'yes' | 'maybe';
    }[];
    readonly keeps: readonly {
      readonly how: 'moved' | 'copied' | 'captured' | 'noted' | 'watched' | 'nothing';
      readonly relation: string;
      readonly columns?: readonly string[];
      readonly rows?: number | undefined;
      readonly bytes?: number | undefined;
      readonly durationMs?: number | undefined;
      readonly reason?: string;
    }[];
    readonly isOpaque: boolean;
    readonly isUnknown: boolean;
  };
}

/** What a run would do, statement by statement. */
export function planText(plan: PlanView, style: Style, columns: number): string {
  const notices = plan.notices.map((text) => style.warn(`  note: ${text}`));
  if (plan.migrations.length === 0) {
    return [style.strong(plan.target), ...notices, '  nothing to do'].join('\n');
  }
  const migrations = plan.migrations.flatMap((migration) => [
    `  ${style.accent(plan.direction === 'up' ? '↑' : '↓')} ${style.strong(`${migration.version}_${migration.name}`)}  ${style.faint(migration.atomic ? 'one transaction' : 'in steps, each recorded')}`,
    ...migration.statements.flatMap((statement) => plannedStatementLines(statement, style, columns)),
    ...migration.restores.map((restore) => `          ${restoreText(restore, style)}`),
    ...(migration.approval ? approvalLines(migration.approval, style) : []),
  ]);
  return [style.strong(plan.target), ...notices, ...migrations].join('\n');
}

function plannedStatementLines(statement: PlannedStatementView, style: Style, columns: number): string[] {
  const text = statement.sql.replace(/\s+/g, ' ');
  const room = Math.max(20, columns - 14);
  const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  const { locks, destroys, keeps, isOpaque, isUnknown } = statement.impact;
  const notes = [
    ...(statement.alone ? [style.warn('outside a transaction')] : []),
    ...(isUnknown ? [style.warn('newer than the parser: only the server knows what it does')] : []),
    ...(isOpaque && !isUnknown ? [style.warn('runs code that was not looked into')] : []),
    ...locks.filter(isWorthTelling).map((lock) => lockText(lock, style)),
    ...destroys.map((loss) => destroyedText(loss, style)),
    ...keeps.map((kept) => keptText(kept, style)),
  ];
  return [
    `${style.faint(String(statement.number).padStart(6))}  ${shown}`,
    ...notes.map((note) => `          ${note}`),
  ];
}

type LockView = PlannedStatementView['impact']['locks'][number];

/** Reading and writing rows as any service does needs no mention. */
function isWorthTelling(lock: LockView): boolean {
  return lock.blocksWrites || lock.rewrites !== 'no';
}

function lockText(lock: LockView, style: Style): string {
  const size =
    lock.bytes === undefined
      ? ''
      : ` (${lock.rows === undefined ? '' : `about ${plural(lock.rows, 'row')}, `}${formatBytes(lock.bytes)})`;
  const held = lock.blocksReads ? 'nobody else reads or writes' : 'nobody else writes';
  const work =
    lock.rewrites === 'no'
      ? lock.scans === 'no'
        ? []
        : [`${certainly(lock.scans, 'read')} every row`]
      : [`${certainly(lock.rewrites, 'rewrite')} every row`];
  const line = `${lock.lock.toLowerCase()} lock on ${lock.relation}${size}: ${[held, ...work].join(', ')}`;
  return lock.blocksReads && work.length > 0 ? style.bad(line) : style.warn(line);
}

function destroyedText(loss: PlannedStatementView['impact']['destroys'][number], style: Style): string {
  const name = [loss.relation.schema, loss.relation.name].filter(Boolean).join('.');
  const columns = loss.columns ? ` (${loss.columns.join(', ')})` : '';
  return style.bad(`${loss.certainty === 'yes' ? 'destroys' : 'may destroy'} ${loss.kind} ${name}${columns}`);
}

type KeepView = PlannedStatementView['impact']['keeps'][number];

function keptText(
  { how, relation, columns, rows, bytes, durationMs, reason }: KeepView,
  style: Style,
): string {
  const name = columns ? `${relation} (${columns.join(', ')})` : relation;
  const size =
    bytes === undefined
      ? ''
      : ` (${rows === undefined ? '' : `about ${plural(rows, 'row')}, `}${formatBytes(bytes)}${durationMs === undefined ? '' : `, about ${formatDuration(durationMs)}`})`;
  switch (how) {
    case 'moved':
      return style.good(`keeps ${name} whole: it is moved, whatever its size`);
    case 'copied':
      return style.good(`keeps a copy of ${name}${size}`);
    case 'captured':
      return style.good(
        `keeps the rows of ${name} that it writes${size && `, at most${size.replace(' (', ' ').replace(/\)$/, '')}`}; others wait to write it until the commit`,
      );
    case 'noted':
      return style.good(`keeps the position of ${name}`);
    case 'watched':
      return style.good('keeps what its code turns out to destroy');
    case 'nothing':
      return style.warn(`keeps nothing, declared: ${reason ?? ''}`);
  }
}

function restoreText({ kind, relation, columns, rows }: RestoreView, style: Style): string {
  const what = {
    table: `${relation}: ${plural(rows, 'row')}`,
    column: `${relation} (${columns.join(', ')}): ${plural(rows, 'row')}`,
    rows: `what it keeps of ${relation}: ${plural(rows, 'row')}`,
    sequence: `the position of ${relation}`,
  }[kind];
  return style.good(`then puts back ${what}`);
}

function certainly(certainty: 'yes' | 'no' | 'maybe', verb: string): string {
  return certainty === 'maybe' ? `may ${verb}` : `${verb}s`;
}
