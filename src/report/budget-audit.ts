/** Budgets beside what usage has cost, as a person reads it. */
import type { Style } from './style.js';
import { table } from './table.js';
import { formatMoney, formatTime, plural } from './units.js';

export interface BudgetAuditView {
  readonly budgets: readonly {
    readonly organizationId: string;
    readonly name: string;
    readonly period: string;
    readonly currency: string;
    readonly periodStart: Date;
    readonly spentNanos: bigint;
    readonly usageNanos: bigint;
    readonly costUnknown: bigint;
    readonly unpaid: number;
    readonly verdict: 'equal' | 'under-way' | 'differs';
  }[];
  readonly isExact: boolean;
  readonly repaired: { readonly requests: number; readonly alerts: number };
}

/** A row a period, and what is known about each that differs. */
export function budgetAuditText({ budgets, isExact, repaired }: BudgetAuditView, style: Style): string {
  if (budgets.length === 0) {
    return '  Nothing is spent of any budget.';
  }
  const paint = { equal: style.good, 'under-way': style.accent, differs: style.bad };
  const rows = budgets.map((one) => [
    `  ${one.organizationId}`,
    one.name,
    `${one.period} from ${formatTime(one.periodStart).slice(0, 16)}`,
    formatMoney(one.spentNanos, one.currency),
    formatMoney(one.usageNanos, one.currency),
    difference(one.spentNanos - one.usageNanos, one.currency),
    paint[one.verdict](one.verdict === 'under-way' ? 'under way' : one.verdict),
  ]);
  const notes = budgets.flatMap(({ name, verdict, unpaid, costUnknown }) =>
    verdict === 'differs'
      ? [
          ...(unpaid > 0 ? [`${name}: ${plural(unpaid, 'reservation')} given back and never paid`] : []),
          ...(costUnknown > 0n ? [`${name}: ${plural(Number(costUnknown), 'request')} of unknown cost`] : []),
        ]
      : [],
  );
  return [
    table(
      [
        { title: '  organization' },
        { title: 'budget' },
        { title: 'period (UTC)' },
        { title: 'spent', align: 'right' },
        { title: 'usage', align: 'right' },
        { title: 'difference', align: 'right' },
        { title: '' },
      ],
      rows,
      style.faint,
    ),
    ...notes.map((note) => `  ${note}`),
    ...(repaired.requests > 0
      ? [`  ${plural(repaired.requests, 'request')} paid for, ${plural(repaired.alerts, 'alert')} raised`]
      : []),
    isExact
      ? style.good('  ✓ budgets have counted what usage has cost')
      : style.bad('  ✗ budgets have not counted what usage has cost'),
  ].join('\n');
}

function difference(nanos: bigint, currency: string): string {
  return nanos === 0n
    ? '·'
    : `${nanos < 0n ? '-' : '+'}${formatMoney(nanos < 0n ? -nanos : nanos, currency)}`;
}
