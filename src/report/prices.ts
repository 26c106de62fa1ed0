/** Prices and budgets as a person reads them. */
import { bar } from './chart.js';
import type { Style } from './style.js';
import { table } from './table.js';
import { formatCount, formatMoney, formatTime } from './units.js';

interface PriceView {
  readonly provider: string;
  readonly model: string;
  readonly version: string;
  readonly kind: string;
  readonly currency: string;
  readonly priceNanos: bigint;
  readonly aboveInputTokens: number;
  readonly validFrom: Date;
  readonly validTo: Date | undefined;
}

/** The prices that are in force at a time. */
export function priceListText(list: readonly PriceView[], at: Date, style: Style): string {
  const inForce = list.filter(({ validFrom, validTo }) => validFrom <= at && (!validTo || at < validTo));
  if (inForce.length === 0) {
    return '  The price list is empty.';
  }
  const rows = inForce.map((price) => [
    `  ${price.provider} ${price.model} ${style.faint(price.version)}`,
    kindText(price),
    formatMoney(price.priceNanos, price.currency),
    style.faint(formatTime(price.validFrom).slice(0, 10)),
  ]);
  return table(
    [
      { title: '  model' },
      { title: 'for' },
      { title: 'a million, or each', align: 'right' },
      { title: 'since' },
    ],
    rows,
    style.faint,
  );
}

function kindText({
  kind,
  aboveInputTokens,
}: {
  readonly kind: string;
  readonly aboveInputTokens: number;
}): string {
  return aboveInputTokens === 0 ? kind : `${kind} above ${formatCount(aboveInputTokens)} input tokens`;
}

interface PriceSyncView {
  readonly changes: readonly (Omit<PriceView, 'priceNanos' | 'currency' | 'validTo'> & {
    readonly oldNanos: bigint | undefined;
    readonly newNanos: bigint;
  })[];
  readonly unknown: readonly NamedVersion[];
  readonly notCovered: readonly (NamedVersion & { readonly what: readonly string[] })[];
  readonly ownPrices: readonly NamedVersion[];
}

interface NamedVersion {
  readonly provider: string;
  readonly model: string;
  readonly version: string;
}

/** What has changed in the published prices, and which models are left as they are. */
export function priceSyncText(
  { changes, unknown, notCovered, ownPrices }: PriceSyncView,
  { isDryRun }: { readonly isDryRun: boolean },
  style: Style,
): string {
  const rows = changes.map((change) => [
    `  ${change.provider} ${change.model} ${style.faint(change.version)}`,
    kindText(change),
    change.oldNanos === undefined ? '–' : formatMoney(change.oldNanos, 'USD'),
    formatMoney(change.newNanos, 'USD'),
    style.faint(formatTime(change.validFrom).slice(0, 10)),
  ]);
  const named = (versions: readonly NamedVersion[]): string =>
    versions.map(({ provider, model, version }) => `${provider} ${model} ${version}`).join(', ');
  return [
    ...(changes.length === 0
      ? ['  Nothing has changed in the published prices of the catalogue’s models.']
      : [
          table(
            [
              { title: '  model' },
              { title: 'for' },
              { title: 'was', align: 'right' },
              { title: isDryRun ? 'would be' : 'is', align: 'right' },
              { title: 'from' },
            ],
            rows,
            style.faint,
          ),
        ]),
    ...(ownPrices.length > 0
      ? [style.faint(`  Left alone, with prices of another source: ${named(ownPrices)}`)]
      : []),
    ...(unknown.length > 0 ? [style.faint(`  Not in the published list: ${named(unknown)}`)] : []),
    ...notCovered.map((version) =>
      style.faint(
        `  Left alone, with prices of other kinds (${version.what.join(', ')}): ${named([version])}`,
      ),
    ),
  ].join('\n');
}

interface RepricedView {
  readonly events: number;
  readonly corrected: number;
  readonly unknown: number;
  readonly before: readonly MoneyView[];
  readonly after: readonly MoneyView[];
}

interface MoneyView {
  readonly currency: string;
  readonly nanos: bigint;
}

export function repricedText(
  { events, corrected, unknown, before, after }: RepricedView,
  { isDryRun }: { readonly isDryRun: boolean },
  style: Style,
): string {
  const money = (sums: readonly MoneyView[]): string =>
    sums.map(({ nanos, currency }) => formatMoney(nanos, currency)).join(' + ') || 'nothing';
  return [
    `  ${formatCount(events)} events, ${formatCount(corrected)} ${isDryRun ? 'would be' : 'are'} corrected`,
    ...(corrected > 0 ? [`  from ${money(before)} to ${money(after)}`] : []),
    ...(unknown > 0 ? [style.faint(`  ${formatCount(unknown)} have no price`)] : []),
  ].join('\n');
}

interface BudgetView {
  readonly name: string;
  readonly period: string;
  readonly currency: string;
  readonly periodStart: Date;
  readonly limitNanos: bigint;
  readonly spentNanos: bigint;
  readonly reservedNanos: bigint;
  readonly spentPercent: number;
  readonly softThresholdPercent: number;
  readonly hardThresholdPercent: number;
}

const BAR_COLUMNS = 20;

/** Each budget with a bar of what is spent of it. */
export function budgetsText(budgets: readonly BudgetView[], style: Style): string {
  if (budgets.length === 0) {
    return '  The organization has no budget.';
  }
  const rows = budgets.map((budget) => {
    const { spentPercent, softThresholdPercent, hardThresholdPercent } = budget;
    const colour =
      spentPercent >= hardThresholdPercent
        ? style.bad
        : spentPercent >= softThresholdPercent
          ? style.accent
          : style.good;
    return [
      `  ${budget.name}`,
      `${budget.period} from ${formatTime(budget.periodStart).slice(0, 16)}`,
      formatMoney(budget.spentNanos, budget.currency),
      budget.reservedNanos === 0n ? '·' : formatMoney(budget.reservedNanos, budget.currency),
      formatMoney(budget.limitNanos, budget.currency),
      colour(`${spentPercent.toFixed(1)} %`),
      colour(bar(Math.min(spentPercent, 100), 100, BAR_COLUMNS)),
    ];
  });
  return table(
    [
      { title: '  budget' },
      { title: 'period (UTC)' },
      { title: 'spent', align: 'right' },
      { title: 'reserved', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: '', align: 'right' },
      { title: '' },
    ],
    rows,
    style.faint,
  );
}
