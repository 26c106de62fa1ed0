/** The budgets of an organization: most have a monthly one, some a daily one too, some an old one. */
import { copyLine, copyTime, copyTimes } from './copy-line.js';
import { chance, draw, pick } from './draw.js';
import type { SeededOrganization } from './organization.js';
import { linesOf, type SeedTable } from './seed-table.js';
import { seedUuid } from './seed-uuid.js';
import { DAY_MS, HOUR_MS } from './timeline.js';

/** One seeded budget. Times are Unix milliseconds. */
export interface SeededBudget {
  readonly id: string;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | undefined;
  /** Billionths of the organization's currency unit. */
  readonly limitNanos: number;
  readonly softThresholdPercent: number;
  readonly hardThresholdPercent: number;
  readonly name: string;
  readonly period: 'day' | 'month';
}

/** Monthly limits in whole currency units; larger organizations choose among the later ones. */
const MONTHLY_LIMITS = [20, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000];

const SOFT_PERCENT = [50, 75, 80, 80, 80, 90];
const HARD_PERCENT = [100, 100, 100, 110, 120];

const NANOS_PER_UNIT = 1_000_000_000;

/** What an organization may have, in the order of time. A deleted budget makes way for the one that replaced it. */
const KINDS = [
  { name: 'First monthly budget', period: 'month', percentOfOrganizations: 6, isReplaced: true },
  { name: 'Monthly budget', period: 'month', percentOfOrganizations: 80, isReplaced: false },
  { name: 'Daily brake', period: 'day', percentOfOrganizations: 12, isReplaced: false },
] as const;

/** The budgets of the organization, oldest first. The first organization has each kind. */
function seededBudgets(organization: SeededOrganization): SeededBudget[] {
  const budgets: SeededBudget[] = [];
  for (const [ordinal, kind] of KINDS.entries()) {
    const words = draw(organization.seed, 'budget', organization.index, ordinal);
    if (organization.index === 0 || chance(words.a, kind.percentOfOrganizations)) {
      const id = draw(organization.seed, 'budgetId', organization.index, ordinal);
      const createdAtMs = organization.createdAtMs + ordinal * DAY_MS + (words.b % (12 * HOUR_MS));
      budgets.push({
        id: seedUuid(createdAtMs, 0, id.a, id.b),
        createdAtMs,
        deletedAtMs: kind.isReplaced ? createdAtMs + 12 * HOUR_MS : undefined,
        limitNanos: monthlyLimitNanos(organization, words.c) / (kind.period === 'day' ? 10 : 1),
        softThresholdPercent: pick(SOFT_PERCENT, words.d),
        hardThresholdPercent: pick(HARD_PERCENT, words.d >>> 16),
        name: kind.name,
        period: kind.period,
      });
    }
  }
  return budgets;
}

/** Each tenfold of users moves the choice two steps up the list. */
function monthlyLimitNanos(organization: SeededOrganization, word: number): number {
  const step = 2 * (String(organization.userCount).length - 1);
  return pick(MONTHLY_LIMITS.slice(step, step + 4), word) * NANOS_PER_UNIT;
}

export const BUDGETS: SeedTable = {
  name: 'platform.budgets',
  columns: [
    'organization_id',
    'id',
    'created_at',
    'updated_at',
    'deleted_at',
    'starts_at',
    'limit_nanos',
    'soft_threshold_percent',
    'hard_threshold_percent',
    'name',
    'period',
    'currency',
  ],
  keyColumns: 2,
  lines: (organization) => {
    const budgets = seededBudgets(organization);
    return linesOf(budgets.length, (ordinal) => budgetLine(organization, budgets[ordinal]!));
  },
};

function budgetLine(organization: SeededOrganization, budget: SeededBudget): string {
  return copyLine([
    organization.id,
    budget.id,
    ...copyTimes(budget.createdAtMs, budget.deletedAtMs),
    copyTime(budget.deletedAtMs),
    copyTime(budget.createdAtMs),
    budget.limitNanos,
    budget.softThresholdPercent,
    budget.hardThresholdPercent,
    budget.name,
    budget.period,
    organization.currency,
  ]);
}
