/** Migration results as a person reads them. Shapes are the library's own, so `--format json` shows the same. */
import type { SourceRange } from '../core/index.js';
import { sourceExcerpt } from './error.js';
import type { Style } from './style.js';
import { table } from './table.js';
import { formatBytes, formatDuration, formatTime, plural } from './units.js';

export interface StatusView {
  readonly target: string;
  readonly folder: string;
  readonly format: string;
  readonly database: string;
  readonly serverVersion: string;
  readonly version: string | undefined;
  readonly migrations: readonly {
    readonly version: string;
    readonly name: string;
    readonly state: string;
    readonly outOfOrder: boolean;
    readonly reversible: boolean;
    readonly appliedAt: Date | undefined;
    readonly durationMs: number | undefined;
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly notices: readonly string[];
  readonly lockedBy:
    | { readonly client: string; readonly since: Date; readonly processId: number }
    | undefined;
  readonly kept?: KeptNotesView;
}

interface KeptNotesView {
  readonly bytes: number;
  readonly entries: number;
  readonly unplaced: readonly KeptNoteView[];
  readonly declared: readonly KeptNoteView[];
}

interface KeptNoteView {
  readonly id: number;
  readonly version: string;
  readonly statement: number;
  readonly relation: string;
  readonly unplaced: number;
  readonly reason?: string;
}

function keptLines({ bytes, entries, unplaced, declared }: KeptNotesView, style: Style): string[] {
  return [
    ...(entries > 0
      ? [style.faint(`  ${formatBytes(bytes)} of kept data in ${plural(entries, 'entry', 'entries')}`)]
      : []),
    ...unplaced.map((note) =>
      style.warn(
        `  kept ${note.id}: ${plural(note.unplaced, 'row')} of ${note.relation} not put back: ${note.reason ?? ''}`,
      ),
    ),
    ...declared.map((note) =>
      style.warn(
        `  ${note.version}, statement ${note.statement}: keeps nothing, declared: ${note.reason ?? ''}`,
      ),
    ),
  ];
}

/** Where a target stands: a line a migration, and a summary. */
export function statusText(status: StatusView, style: Style): string {
  const { counts, migrations } = status;
  const rows = migrations.map((migration) => [
    `  ${migration.version}`,
    migration.name,
    paintState(migration.state, migration.outOfOrder, style),
    migration.appliedAt ? formatTime(migration.appliedAt) : '',
    migration.durationMs === undefined ? '' : formatDuration(migration.durationMs),
    migration.reversible ? '' : style.faint('no way down'),
  ]);
  const columns = [
    { title: '  version' },
    { title: 'name' },
    { title: 'state' },
    { title: 'applied (UTC)' },
    { title: 'took', align: 'right' as const },
    { title: '' },
  ];
  const summary = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
  return [
    `${style.strong(status.target)}  ${style.faint(`${status.folder} (${status.format}) → ${status.database}, PostgreSQL ${status.serverVersion}`)}`,
    ...(rows.length > 0 ? [table(columns, rows, style.faint)] : []),
    `  ${summary || 'no migrations'}`,
    ...status.notices.map((text) => style.warn(`  note: ${text}`)),
    ...(status.kept ? keptLines(status.kept, style) : []),
    ...(status.lockedBy
      ? [
          style.warn(
            `  being migrated by ${status.lockedBy.client} since ${formatTime(status.lockedBy.since)}`,
          ),
        ]
      : []),
  ].join('\n');
}

function paintState(state: string, outOfOrder: boolean, style: Style): string {
  switch (state) {
    case 'applied':
      return style.good(state);
    case 'pending':
    case 'outdated':
      return outOfOrder ? style.bad('pending, out of order') : style.warn(state);
    case 'baseline':
      return style.faint(state);
    default:
      return style.bad(state);
  }
}

export interface RunView {
  readonly target: string;
  readonly action: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly migrations: readonly {
    readonly version: string;
    readonly name: string;
    readonly direction: 'up' | 'down';
    readonly resumed: boolean;
    readonly durationMs: number;
    readonly retries: number;
    readonly statements: readonly unknown[];
    readonly notices: readonly string[];
    readonly kept?: readonly {
      readonly kind: string;
      readonly schema: string;
      readonly name: string;
      readonly rows: number;
      readonly bytes: number;
    }[];
    readonly restored?: readonly {
      readonly id: number;
      readonly kind: string;
      readonly schema: string;
      readonly name: string;
      readonly placed: number;
      readonly unplaced: number;
      readonly reason?: string;
    }[];
  }[];
  readonly durationMs: number;
  readonly notices: readonly string[];
}

/** What a run did: a line a migration, and a summary. */
export function runText(run: RunView, style: Style): string {
  const lines = run.migrations.flatMap((migration) => [
    [
      `  ${style.good(migration.direction === 'up' ? '↑' : '↓')} ${migration.version}`,
      migration.name,
      formatDuration(migration.durationMs),
      plural(migration.statements.length, 'statement'),
      [
        ...(migration.resumed ? ['resumed'] : []),
        ...(migration.retries > 0 ? [plural(migration.retries, 'retry', 'retries')] : []),
      ].join(', '),
    ],
  ]);
  const columns = [
    { title: '' },
    { title: '' },
    { title: '', align: 'right' as const },
    { title: '', align: 'right' as const },
    { title: '' },
  ];
  const body = lines.length > 0 ? [table(columns, lines).split('\n').slice(1).join('\n')] : [];
  return [
    style.strong(run.target),
    ...body,
    ...run.migrations.flatMap((migration) => keptOutcomeLines(migration, style)),
    ...run.notices.map((text) => style.warn(`  note: ${text}`)),
    `  ${runSummary(run)}`,
  ].join('\n');
}

function keptOutcomeLines(
  { version, kept = [], restored = [] }: RunView['migrations'][number],
  style: Style,
): string[] {
  const name = ({ schema, name: relation }: { schema: string; name: string }): string =>
    `${schema}.${relation}`;
  return [
    ...kept.map((one) =>
      style.faint(
        `    ${version}: kept ${one.kind} ${name(one)}${one.bytes > 0 ? `, ${plural(one.rows, 'row')}, ${formatBytes(one.bytes)}` : ''}`,
      ),
    ),
    ...restored.map((one) =>
      one.unplaced > 0
        ? style.warn(
            `    ${version}: ${plural(one.unplaced, 'row')} of ${name(one)} not put back: ${one.reason ?? ''} (plinth kept show ${one.id})`,
          )
        : style.faint(`    ${version}: put ${one.kind} ${name(one)} back, ${plural(one.placed, 'row')}`),
    ),
  ];
}

function runSummary(run: RunView): string {
  if (run.migrations.length === 0) {
    return run.action === 'apply' ? `up to date${run.to ? ` at ${run.to}` : ''}` : 'nothing to roll back';
  }
  const done = run.action === 'apply' ? 'applied' : 'rolled back';
  return `${done} ${plural(run.migrations.length, 'migration')} in ${formatDuration(run.durationMs)}: ${run.from ?? 'nothing'} → ${run.to ?? 'nothing'}`;
}

export interface ValidationView {
  readonly folder: string;
  readonly format: string;
  readonly checked: number;
  readonly findings: readonly {
    readonly severity: 'error' | 'warning';
    readonly rule: string;
    readonly message: string;
    readonly source: SourceRange | undefined;
  }[];
}

/** The findings of a validation, each with its place. */
export function validationText(validation: ValidationView, style: Style): string {
  const findings = validation.findings.map((finding) => {
    const paint = finding.severity === 'error' ? style.bad : style.warn;
    const head = `${paint(`${finding.severity}[${finding.rule}]`)}: ${finding.message}`;
    return finding.source ? `${head}\n${sourceExcerpt(finding.source, style)}` : head;
  });
  const verdict =
    findings.length === 0 ? style.good('nothing to complain of') : plural(findings.length, 'finding');
  return [
    ...findings,
    `${validation.folder}: ${plural(validation.checked, 'migration')} checked, ${verdict}`,
  ].join('\n');
}
