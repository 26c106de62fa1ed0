/** A proof for people at a terminal. */
import type { MigrationProof, Proof, ProvenScript, Verdict } from '../../prove/index.js';
import type { Style } from '../style.js';
import { table } from '../table.js';
import { formatCount, formatDuration, plural } from '../units.js';
import { countsText, cutOffText, heldUpText, lockText, reasonLines, workText } from './words.js';

/** Fewer migrations than this are told statement by statement. */
const DETAILED_UP_TO = 3;

export function proofText(proof: Proof, style: Style): string {
  const isDetailed = proof.migrations.length <= DETAILED_UP_TO;
  const labels = proof.migrations.map(labelOf);
  const width = Math.max(0, ...labels.map(({ length }) => length));
  const lines = proof.migrations.flatMap((migration, index) => [
    `  ${markOf(migration.verdict, style)} ${labels[index]!.padEnd(width)}  ${paintVerdict(migration.verdict, style)}  ${style.faint(formatDuration(migration.durationMs))}`,
    ...reasonText(migration, style),
    ...(isDetailed ? details(migration, style) : []),
    ...migration.remarks.map((remark) => style.faint(`      ${remark}`)),
    ...disagreementLines(migration, style),
  ]);
  return [
    `${style.strong(proof.target)}  ${style.faint(`${proof.folder}, on PostgreSQL ${proof.serverVersion || '–'}`)}`,
    ...lines,
    ...proof.notices.map((notice) => style.warn(`  note: ${notice}`)),
    `  ${countsText(proof.counts)} in ${formatDuration(proof.durationMs)}`,
  ].join('\n');
}

function labelOf({ version, name }: MigrationProof): string {
  return [version, name].filter(Boolean).join(' ');
}

function markOf(verdict: Verdict, style: Style): string {
  switch (verdict) {
    case 'broken':
      return style.bad('✗');
    case 'unproven':
      return style.warn('?');
    default:
      return style.good('✓');
  }
}

function paintVerdict(verdict: Verdict, style: Style): string {
  return verdict === 'broken'
    ? style.bad(verdict)
    : verdict === 'unproven'
      ? style.warn(verdict)
      : style.good(verdict);
}

function reasonText(migration: MigrationProof, style: Style): readonly string[] {
  return [
    ...migration.reasons.flatMap((reason) => [
      `      ${reason.breaks ? style.bad(reason.message) : style.warn(reason.message)}`,
      ...reasonLines(reason).map((line) => `        ${line}`),
    ]),
    ...(migration.proposedDown
      ? [
          `      A down that works (${migration.proposedDown.verdict})${migration.proposedDown.written ? `, written to ${migration.proposedDown.file}` : '; --write-down writes it'}:`,
          ...migration.proposedDown.sql
            .trimEnd()
            .split('\n')
            .map((line) => style.accent(`        ${line}`)),
        ]
      : []),
  ];
}

function details(migration: MigrationProof, style: Style): readonly string[] {
  const { data } = migration;
  const heldUp = heldUpText(migration);
  return [
    `      ${style.faint(
      [
        `${plural(data.rows, 'row')} in ${plural(data.tables, 'table')}`,
        `${formatCount(data.rowsWritten)} more written`,
        `${plural(data.cellsCompared, 'cell')} compared`,
        cutOffText(migration),
      ].join(', '),
    )}`,
    ...(heldUp ? [`      ${style.faint(`held up: ${heldUp}`)}`] : []),
    ...scriptTable('up', migration.up, style),
    ...scriptTable('down', migration.down, style),
  ];
}

function scriptTable(direction: string, script: ProvenScript | undefined, style: Style): readonly string[] {
  if (!script || script.statements.length === 0) {
    return [];
  }
  const rows = script.statements.map((statement) => [
    `      ${direction} ${statement.number}`,
    statement.tag,
    statement.measured ? formatDuration(statement.measured.durationMs) : 'not run',
    workText(statement),
    lockText(statement),
  ]);
  const columns = [
    { title: `      ` },
    { title: 'statement' },
    { title: 'took', align: 'right' as const },
    { title: 'wrote' },
    { title: 'locks' },
  ];
  return [table(columns, rows, style.faint)];
}

function disagreementLines({ up, down }: MigrationProof, style: Style): readonly string[] {
  return [up, down].flatMap((script) =>
    (script?.statements ?? []).flatMap((statement) =>
      statement.disagreements.map((text) => style.warn(`      ${script!.file}:${statement.line}: ${text}`)),
    ),
  );
}
