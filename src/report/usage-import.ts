/** What an import of usage events did, as a person reads it. */
import type { Style } from './style.js';
import { formatCount, formatDuration, formatTime, plural } from './units.js';
import { type Money, moneyText, type Range } from './usage-sums.js';

export interface ImportView {
  readonly format: string;
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsDuplicate: number;
  readonly rowsRejected: number;
  readonly rejects: readonly { readonly line: number; readonly column: number; readonly reason: string }[];
  readonly rowsPerSecond: number;
  readonly durationMs: number;
  readonly totals: {
    readonly tokens: Readonly<
      Record<
        'inputUncached' | 'inputCacheRead' | 'inputCacheWrite' | 'outputText' | 'outputReasoning',
        bigint
      >
    >;
    readonly usageUnknown: number;
    readonly costs: readonly Money[];
    readonly costUnknown: number;
    readonly range: Range | undefined;
  };
}

/** What an import read and kept. */
export function importText(result: ImportView, style: Style): string {
  const { tokens, costs, range, costUnknown, usageUnknown } = result.totals;
  const input = tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite;
  const output = tokens.outputText + tokens.outputReasoning;
  const cached =
    tokens.inputCacheRead > 0n ? `, ${formatCount(tokens.inputCacheRead)} of them read from cache` : '';
  const unknown = [
    ...(usageUnknown > 0 ? [`${formatCount(usageUnknown)} without tokens`] : []),
    ...(costUnknown > 0 ? [`${formatCount(costUnknown)} without a known cost`] : []),
  ].join(', ');
  const lines = [
    `${plural(result.rowsRead, 'row')} (${result.format}), ${formatCount(result.rowsInserted)} new, ${formatCount(result.rowsDuplicate)} there already  ${style.faint(`${formatDuration(result.durationMs)}, ${formatCount(result.rowsPerSecond)} rows/s`)}`,
    ...(range ? [`${formatTime(range.from)} to ${formatTime(range.to)} UTC`] : []),
    `${formatCount(input)} input tokens${cached}`,
    `${formatCount(output)} output tokens`,
    `${moneyText(costs, 'no known cost')}${unknown ? `  ${style.faint(unknown)}` : ''}`,
  ];
  return [...lines, ...rejectLines(result, style)].map((line) => `  ${line}`).join('\n');
}

const SHOWN_REJECTS = 3;

function rejectLines({ rowsRejected, rejects }: ImportView, style: Style): string[] {
  if (rowsRejected === 0) {
    return [];
  }
  const shown = rejects.slice(0, SHOWN_REJECTS);
  const more = rowsRejected - shown.length;
  return [
    style.bad(
      `${formatCount(rowsRejected)} ${rowsRejected === 1 ? 'row is' : 'rows are'} no valid ${rowsRejected === 1 ? 'event' : 'events'} and set aside in analytics.usage_rejects:`,
    ),
    ...shown.map(({ line, column, reason }) => `  line ${line}, column ${column} has ${reason}`),
    ...(more > 0 ? [style.faint(`  and ${formatCount(more)} more`)] : []),
  ];
}
