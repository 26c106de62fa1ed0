/** A proof as a comment on a pull request: the verdicts first, what was measured folded away. */
import type { MigrationProof, Proof, ProofReason, ProvenScript, Verdict } from '../../prove/index.js';
import { formatCount, formatDuration, plural } from '../units.js';
import { countsText, cutOffText, heldUpText, lockText, reasonLines, sharedLocks, workText } from './words.js';

/** A longer comment is refused by GitHub. */
const MOST_CHARACTERS = 65_536;

/** What is told, where all of it is too much for a comment. */
interface Extent {
  readonly measurements: boolean;
  readonly proven: boolean;
  /** How many of those that are not proven the table has. */
  readonly rows: number;
  /** Of how many migrations it is told why they are not proven. */
  readonly reasons: number;
}

const ALL = Number.POSITIVE_INFINITY;

const EXTENTS: readonly Extent[] = [
  { measurements: true, proven: true, rows: ALL, reasons: ALL },
  { measurements: false, proven: true, rows: ALL, reasons: ALL },
  { measurements: false, proven: false, rows: ALL, reasons: ALL },
  ...[50, 20, 5, 0].map((reasons) => ({ measurements: false, proven: false, rows: 200, reasons })),
];

export function proofMarkdown(proofs: readonly Proof[]): string {
  const texts = EXTENTS.map((extent) => () => textOf(proofs, extent));
  const fitting = texts.find((text) => text().length < MOST_CHARACTERS);
  return (fitting ?? texts.at(-1)!)();
}

function textOf(proofs: readonly Proof[], extent: Extent): string {
  const parts = ['## Proof of migrations', ...proofs.flatMap((proof) => targetSection(proof, extent))];
  const isWhole = extent === EXTENTS[0];
  return [...parts, ...(isWhole ? [] : [SHORTENED])].join('\n\n');
}

const SHORTENED =
  'The rest is left out, as a comment has room for 65,536 characters: `--format html` has all of it.';

const SIGNS: Readonly<Record<Verdict, string>> = {
  proven: '✅',
  'proven with kept data': '✅',
  unproven: '⚠️',
  broken: '❌',
};

function targetSection(proof: Proof, extent: Extent): readonly string[] {
  const unproven = proof.migrations.filter(({ reasons }) => reasons.length > 0);
  const rows = (extent.proven ? proof.migrations : unproven.slice(0, extent.rows)).map((migration) => [
    `${SIGNS[migration.verdict]} ${migration.verdict}`,
    code([migration.version, migration.name].filter(Boolean).join(' ')),
    longestLock(migration),
    cell(heldUpText(migration) ?? ''),
  ]);
  return [
    `**${cell(proof.target)}**: ${countsText(proof.counts)}, on PostgreSQL ${proof.serverVersion || '–'} in ${formatDuration(proof.durationMs)}.`,
    ...(rows.length > 0 ? [markdownTable(['verdict', 'migration', 'strongest lock', 'held up'], rows)] : []),
    ...unproven.slice(0, extent.reasons).map(whyNot),
    ...proof.notices.map((notice) => `> ${cell(notice)}`),
    ...(extent.measurements ? proof.migrations.map(measurements) : []),
  ];
}

function whyNot(migration: MigrationProof): string {
  return [
    `### ${SIGNS[migration.verdict]} ${code([migration.version, migration.name].filter(Boolean).join(' '))}`,
    ...migration.reasons.map(reasonText),
    ...(migration.proposedDown
      ? [`A down that works (${migration.proposedDown.verdict}):`, fenced(migration.proposedDown.sql, 'sql')]
      : []),
  ].join('\n\n');
}

function reasonText(reason: ProofReason): string {
  const lines = reasonLines(reason);
  return [cell(reason.message), ...(lines.length > 0 ? [fenced(lines.join('\n'), 'text')] : [])].join('\n\n');
}

function measurements(migration: MigrationProof): string {
  const { data } = migration;
  const label = [migration.version, migration.name].filter(Boolean).join(' ');
  const summary = `${plural(data.rows, 'row')} in ${plural(data.tables, 'table')}, ${formatCount(data.rowsWritten)} more written, ${plural(data.cellsCompared, 'cell')} compared; ${cutOffText(migration)}.`;
  return [
    `<details><summary>${html(label)}: what was measured</summary>`,
    summary,
    ...migration.remarks.map(cell),
    ...scriptSection('up', migration.up),
    ...scriptSection('down', migration.down),
    '</details>',
  ].join('\n\n');
}

function scriptSection(direction: string, script: ProvenScript | undefined): readonly string[] {
  if (!script || script.statements.length === 0) {
    return [];
  }
  const rows = script.statements.map((statement) => [
    `${direction} ${statement.number}`,
    code(statement.tag),
    statement.measured ? formatDuration(statement.measured.durationMs) : 'not run',
    cell(workText(statement)),
    cell(lockText(statement)),
  ]);
  const notes = script.statements.flatMap(({ line, disagreements }) =>
    disagreements.map((text) => `- line ${line}: ${cell(text)}`),
  );
  return [
    markdownTable(['', 'statement', 'took', 'wrote', 'locks on what was there'], rows),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ];
}

function longestLock({ up, down }: MigrationProof): string {
  const locks = [up, down].flatMap((script) => (script?.statements ?? []).flatMap(sharedLocks));
  const strongest =
    locks.find(({ blocksReads }) => blocksReads) ?? locks.find(({ blocksWrites }) => blocksWrites);
  return strongest ? cell(`${strongest.lock} on ${strongest.relation}`) : '';
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that Markdown leaves as it is, on one line and inside a table. */
function cell(text: string): string {
  return html(text)
    .replace(/[\\`*_[\]|~#]/g, '\\$&')
    .replace(/@/g, '&#64;')
    .replace(/\s*\n\s*/g, ' ');
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function code(text: string): string {
  const clean = text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
  const ticks = clean.includes('`') ? '``' : '`';
  return `${ticks}${clean}${ticks}`;
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
