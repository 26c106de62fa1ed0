/**
 * A script as a picture: a bar for each statement, from when it began to when it ended, coloured by the strongest lock
 * that it took on what others may be using. A lock lasts until its transaction ends: the thin line behind a bar.
 */
import type { ProvenScript, ProvenStatement } from '../../prove/index.js';
import { formatDuration } from '../units.js';
import { escaped } from './escape.js';
import { lockText, sharedLocks, workText } from './words.js';

/** How much a lock keeps others from doing; also the name of its colour. */
type LockWeight = 'none' | 'weak' | 'writes' | 'reads';

function lockWeight(statement: ProvenStatement): LockWeight {
  const locks = sharedLocks(statement);
  if (locks.some(({ blocksReads }) => blocksReads)) {
    return 'reads';
  }
  return locks.some(({ blocksWrites }) => blocksWrites) ? 'writes' : locks.length > 0 ? 'weak' : 'none';
}

const LABEL_WIDTH = 210;
const TIME_WIDTH = 84;
const WIDTH = 960;
const ROW_HEIGHT = 26;
const AXIS_HEIGHT = 26;
const LEAST_BAR = 3;

/** An SVG element whose colours are classes: the page's style has them for light and dark. */
export function timeline(script: ProvenScript, title: string): string {
  const ran = script.statements.filter(({ measured }) => measured);
  const endMs = Math.max(0.1, ...ran.map(({ measured }) => measured!.startMs + measured!.durationMs));
  const plotWidth = WIDTH - LABEL_WIDTH - TIME_WIDTH;
  const x = (ms: number): number => LABEL_WIDTH + (ms / endMs) * plotWidth;
  const height = AXIS_HEIGHT + ran.length * ROW_HEIGHT + 6;
  const rows = ran.map((statement, index) =>
    statementRow(statement, AXIS_HEIGHT + index * ROW_HEIGHT, x, endMs),
  );
  return `<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
${axis(endMs, x, height)}
${rows.join('\n')}
</svg>`;
}

function statementRow(
  statement: ProvenStatement,
  y: number,
  x: (ms: number) => number,
  endMs: number,
): string {
  const { startMs, durationMs, alone } = statement.measured!;
  const weight = lockWeight(statement);
  const left = x(startMs);
  const width = Math.max(LEAST_BAR, x(startMs + durationMs) - left);
  const middle = y + ROW_HEIGHT / 2;
  const held =
    alone || weight === 'none' || weight === 'weak'
      ? ''
      : `<line class="held ${weight}" x1="${fixed(left)}" x2="${fixed(x(endMs))}" y1="${middle}" y2="${middle}"/>`;
  const label = `${statement.number} ${statement.tag.toLowerCase()}`;
  const tooltip = [statement.tag, workText(statement), lockText(statement), firstLines(statement.sql)]
    .filter(Boolean)
    .join('\n');
  return `<g><title>${escaped(tooltip)}</title>
<rect class="row" x="0" y="${y}" width="${WIDTH}" height="${ROW_HEIGHT}"/>
<text x="8" y="${middle}" class="label">${escaped(clipped(label))}</text>
${held}<rect class="bar ${weight}" x="${fixed(left)}" y="${y + 6}" width="${fixed(width)}" height="${ROW_HEIGHT - 12}" rx="2"/>
<text x="${WIDTH - 8}" y="${middle}" class="time">${escaped(formatDuration(durationMs))}</text></g>`;
}

const TICKS = 4;

function axis(endMs: number, x: (ms: number) => number, height: number): string {
  const step = niceStep(endMs / TICKS);
  const marks: string[] = [];
  for (let ms = 0; ms <= endMs * 0.98; ms += step) {
    const at = fixed(x(ms));
    marks.push(
      `<line class="grid" x1="${at}" x2="${at}" y1="${AXIS_HEIGHT - 4}" y2="${height - 6}"/><text class="tick" x="${at}" y="${AXIS_HEIGHT - 10}">${ms === 0 ? '0' : escaped(formatDuration(ms))}</text>`,
    );
  }
  return marks.join('\n');
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = wanted / power;
  return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

const LONGEST_LABEL = 30;

function clipped(text: string): string {
  return text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text;
}

const TOOLTIP_LINES = 12;

function firstLines(sql: string): string {
  const lines = sql.split('\n');
  return lines.length > TOOLTIP_LINES ? [...lines.slice(0, TOOLTIP_LINES), '…'].join('\n') : sql;
}

function fixed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
