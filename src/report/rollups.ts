/** Rollups as a person reads them: what was done, whether they are right, what they are. */
import type { Style } from './style.js';
import { table } from './table.js';
import { formatCount, formatDuration, formatTime, plural } from './units.js';

export interface RollUpView {
  readonly rollup: string;
  readonly rowsWritten: number;
  readonly durationMs: number;
}

/** One line: what was rolled up, and how long it took. */
export function rollUpText(rollUps: readonly RollUpView[]): string {
  return rollUps.length === 0
    ? 'nothing has changed'
    : rollUps
        .map(
          ({ rollup, rowsWritten, durationMs }) =>
            `${rollup} ${formatCount(rowsWritten)} rows in ${formatDuration(durationMs)}`,
        )
        .join(', ');
}

export interface RollUpReportView {
  readonly rollups: readonly (RollUpView & { readonly buckets: number })[];
  readonly marks: number;
  readonly left: number;
  readonly withoutSource: number;
  readonly durationMs: number;
}

export function rollUpReportText(report: RollUpReportView, style: Style): string {
  const { rollups, marks, left, withoutSource, durationMs } = report;
  const notes = [
    ...(left > 0 ? [`${plural(left, 'marked bucket')} settle or are another worker's`] : []),
    ...(withoutSource > 0
      ? [`${plural(withoutSource, 'marked bucket')} stay as they are: their source has left`]
      : []),
  ];
  if (rollups.length === 0) {
    return ['  nothing to do: no bucket is marked', ...notes.map((note) => `  ${note}`)].join('\n');
  }
  const rows = rollups.map((one) => [
    `  ${one.rollup}`,
    formatCount(one.buckets),
    formatCount(one.rowsWritten),
    formatDuration(one.durationMs),
  ]);
  return [
    table(
      [
        { title: '  rollup' },
        { title: 'spans', align: 'right' },
        { title: 'rows', align: 'right' },
        { title: 'time', align: 'right' },
      ],
      rows,
      style.faint,
    ),
    style.faint(`  ${plural(marks, 'mark')} worked off in ${formatDuration(durationMs)}`),
    ...notes.map((note) => style.faint(`  ${note}`)),
  ].join('\n');
}

export interface ReconciliationView {
  readonly isExact: boolean;
  readonly rollups: readonly {
    readonly rollup: string;
    readonly source: string;
    readonly buckets: number;
    readonly pending: number;
    readonly withoutSource: number;
    readonly fromHistory: number;
    readonly mismatches: readonly Date[];
    readonly totals: Readonly<Record<string, { readonly source: bigint; readonly rollup: bigint }>>;
  }[];
  readonly levels: readonly {
    readonly finer: string;
    readonly coarser: string;
    readonly mismatches: readonly {
      readonly bucketStart: Date;
      readonly measure: string;
      readonly finer: string | undefined;
      readonly coarser: string | undefined;
    }[];
  }[];
  readonly history:
    | {
        readonly days: number;
        readonly events: bigint;
        readonly mismatches: readonly { readonly objectKey: string; readonly found: string }[];
      }
    | undefined;
  readonly differences: readonly {
    readonly rollup: string;
    readonly bucketStart: Date;
    readonly dimensions: Readonly<Record<string, unknown>>;
    readonly measure: string;
    readonly source: string | undefined;
    readonly rollupValue: string | undefined;
  }[];
  readonly before?: { readonly isExact: boolean };
}

const MOST_DIFFERENCES = 10;

/** Whether rollups equal their source, and where they do not. */
export function reconciliationText(result: ReconciliationView, style: Style): string {
  if (result.rollups.length === 0) {
    return '  no usage yet: plinth usage import <file>';
  }
  const rows = result.rollups.flatMap((one) => {
    const requests = one.totals.requests ?? Object.values(one.totals)[0];
    const tokens = (side: 'source' | 'rollup'): bigint =>
      Object.entries(one.totals).reduce(
        (sum, [name, both]) => (name.endsWith('_tokens') ? sum + both[side] : sum),
        0n,
      );
    const cells = (side: 'source' | 'rollup', title: string): string[] => [
      title,
      requests ? formatCount(requests[side]) : '',
      formatCount(tokens(side)),
      side === 'source' ? '' : bucketsText(one),
    ];
    return [cells('source', `  ${one.source}`), cells('rollup', `  ${one.rollup}`)];
  });
  const verdict = result.isExact
    ? style.good(
        `✓ every rollup equals its source${result.before && !result.before.isExact ? ', after the repair' : ''}`,
      )
    : style.bad('✗ rollups differ from their source');
  const differences = result.differences
    .slice(0, MOST_DIFFERENCES)
    .map(
      (one) =>
        `  ${formatTime(one.bucketStart)}  ${one.rollup}  ${dimensionsText(one.dimensions)}  ${one.measure}: ${one.source ?? 'no row'} in the source, ${one.rollupValue ?? 'no row'} in the rollup`,
    );
  const levels = result.levels.flatMap(({ finer, coarser, mismatches }) =>
    mismatches
      .slice(0, MOST_DIFFERENCES)
      .map(
        (one) =>
          `  ${formatTime(one.bucketStart)}  ${one.measure}: ${one.finer ?? 'nothing'} in ${finer}, ${one.coarser ?? 'nothing'} in ${coarser}`,
      ),
  );
  const comparison = table(
    [
      { title: '  ' },
      { title: 'requests', align: 'right' },
      { title: 'tokens', align: 'right' },
      { title: 'buckets', align: 'right' },
    ],
    rows,
    style.faint,
  );
  const files = result.history ? historyLines(result.history, style) : [];
  return [comparison, `  ${verdict}`, ...files, ...differences, ...levels].join('\n');
}

function historyLines(
  { days, events, mismatches }: NonNullable<ReconciliationView['history']>,
  style: Style,
): string[] {
  return mismatches.length === 0
    ? [
        style.faint(
          `  ${plural(days, 'file')} of the history hold ${plural(Number(events), 'event')}, as when they were sealed`,
        ),
      ]
    : mismatches
        .slice(0, MOST_DIFFERENCES)
        .map(({ objectKey, found }) => `  ${style.bad('✗')} ${objectKey}: ${found}`);
}

function bucketsText(one: ReconciliationView['rollups'][number]): string {
  const notes = [
    ...(one.mismatches.length > 0 ? [`${formatCount(one.mismatches.length)} differ`] : []),
    ...(one.fromHistory > 0 ? [`${formatCount(one.fromHistory)} from the history`] : []),
    ...(one.pending > 0 ? [`${formatCount(one.pending)} not yet rolled up`] : []),
    ...(one.withoutSource > 0 ? [`${formatCount(one.withoutSource)} without source`] : []),
  ];
  return `${formatCount(one.buckets)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

function dimensionsText(dimensions: Readonly<Record<string, unknown>>): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name}=${value ?? 'none'}`)
    .join(' ');
}

export interface RollupView {
  readonly name: string;
  readonly source: string;
  readonly grain: string;
  readonly description: string;
  readonly dimensions: readonly { readonly name: string }[];
  readonly measures: readonly { readonly name: string; readonly kind: string }[];
  readonly retentionMs: number | undefined;
}

const DAY_MS = 86_400_000;

/** The rollups that a project declares. */
export function rollupsText(rollups: readonly RollupView[], style: Style): string {
  if (rollups.length === 0) {
    return '  no rollups: declare them in analytics/rollups';
  }
  return rollups
    .map((one) =>
      [
        `  ${style.strong(one.name)}  ${style.faint(`${one.grain}s of ${one.source}, kept ${one.retentionMs === undefined ? 'for good' : plural(Math.round(one.retentionMs / DAY_MS), 'day')}`)}`,
        `    ${one.description}`,
        `    by ${one.dimensions.map(({ name }) => name).join(', ') || 'nothing'}`,
        `    ${one.measures.map(({ name, kind }) => (kind === 'count' || kind === 'sum' ? name : `${name} (${kind})`)).join(', ')}`,
      ].join('\n'),
    )
    .join('\n');
}

export interface RollupsCheckedView {
  readonly isAsDeclared: boolean;
  readonly rollups: readonly {
    readonly rollup: string;
    readonly table: string;
    readonly flaws: readonly string[];
    readonly marked: number;
    readonly oldestMarkMs: number | undefined;
  }[];
  readonly strayMarks: readonly string[];
}

export function rollupsCheckedText(checked: RollupsCheckedView, style: Style): string {
  const lines = checked.rollups.flatMap(({ rollup, table: name, flaws, marked, oldestMarkMs }) => [
    `  ${flaws.length === 0 ? style.good('✓') : style.bad('✗')} ${rollup}  ${style.faint(
      marked === 0
        ? `${name}, up to date`
        : `${name}, ${plural(marked, 'bucket')} marked for ${formatDuration(oldestMarkMs ?? 0)}`,
    )}`,
    ...flaws.map((flaw) => `      ${flaw}`),
  ]);
  const stray = checked.strayMarks.map(
    (subject) => `  ${style.bad('✗')} marks of ${subject}, which is not declared`,
  );
  return [...lines, ...stray].join('\n');
}

export interface QualityView {
  readonly passed: boolean;
  readonly tests: readonly {
    readonly name: string;
    readonly description: string;
    readonly kind: string;
    readonly severity: string;
    readonly outcome: 'passed' | 'failed' | 'broken';
    readonly failing: number;
    readonly rows: readonly Readonly<Record<string, string | null>>[];
    readonly message: string | undefined;
    readonly durationMs: number;
  }[];
}

const MOST_ROWS = 5;

/** The data-quality tests: a line each, and the first rows of those that failed. */
export function qualityText(report: QualityView, style: Style): string {
  const lines = report.tests.flatMap((test) => {
    const isWarning = test.severity === 'warning' && test.outcome === 'failed';
    const mark = test.outcome === 'passed' ? style.good('✓') : isWarning ? style.strong('!') : style.bad('✗');
    const found =
      test.outcome === 'broken'
        ? `  ${test.message}`
        : test.outcome === 'failed'
          ? `  ${plural(test.failing, 'row')}`
          : '';
    return [
      `  ${mark} ${test.name}${found}  ${style.faint(`${test.kind}, ${formatDuration(test.durationMs)}`)}`,
      ...(test.outcome === 'passed' ? [] : [`      ${test.description}`]),
      ...test.rows.slice(0, MOST_ROWS).map((row) => style.faint(`      ${dimensionsText(row)}`)),
    ];
  });
  const failed = report.tests.filter(({ outcome }) => outcome !== 'passed').length;
  return [
    ...lines,
    failed === 0
      ? style.good(`  ${plural(report.tests.length, 'test')} passed`)
      : `  ${plural(report.tests.length, 'test')}, ${formatCount(failed)} not passed`,
  ].join('\n');
}
