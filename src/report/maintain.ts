/** What upkeep has done, and what is late. */
import type { Style } from './style.js';
import { formatCount, formatDuration } from './units.js';

interface MaintainView {
  readonly steps: readonly {
    readonly step: string;
    readonly done: number;
    readonly unit: string;
    readonly failure: { readonly code: string; readonly message: string } | undefined;
    readonly durationMs: number;
  }[];
  readonly late: readonly string[];
}

export function maintainText({ steps, late }: MaintainView, style: Style): string {
  const lines = steps.map(({ step, done, unit, failure, durationMs }) => {
    const title = step.padEnd(18);
    return failure
      ? `  ${style.bad('✗')} ${title}${failure.message} ${style.faint(failure.code)}`
      : `  ${style.good('✓')} ${title}${done === 0 ? style.faint('nothing due') : `${formatCount(done)} ${unit}`}  ${style.faint(formatDuration(durationMs))}`;
  });
  return [
    ...lines,
    ...(late.length === 0
      ? [`  ${style.good('nothing is late')}`]
      : late.map((what) => `  ${style.bad(`late: ${what}`)}`)),
  ].join('\n');
}
