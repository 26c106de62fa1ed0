/**
 * What a question is answered from: a rollup that the project declares, with its live tail, or the events themselves
 * where no rollup has the dimensions or the buckets.
 */
import { TOKEN_BUCKETS } from '../event.js';
import { bucketStart, GRAINS } from '../grain.js';
import { parseCondition } from '../rollup/condition.js';
import { isSameMeasure, type Measure, type Rollup } from '../rollup/rollup.js';

const named = (name: string) => ({ name, meaning: name });
const counted = (name: string, where: string): Measure => ({
  kind: 'count',
  ...named(name),
  where: parseCondition(where),
});

const PERCENTILES: Measure = { kind: 'percentiles', ...named('latency'), column: 'latency_us' };

/** What an answer shows, by the names that a rollup must have it under. */
const ANSWER_MEASURES: readonly Measure[] = [
  { kind: 'count', ...named('requests'), where: undefined },
  counted('errors', 'status >= 400 or error_type is not null'),
  counted('usage_unknown', 'not usage_known'),
  counted('cost_unknown', 'cost_nanos is null'),
  ...TOKEN_BUCKETS.map(([, column]): Measure => ({ kind: 'sum', ...named(column), column })),
  { kind: 'cost', ...named('cost_nanos'), column: 'cost_nanos' },
  PERCENTILES,
];

export interface SourceNeeds {
  /** Columns that are filtered or grouped by. */
  readonly dimensions: readonly string[];
  /** Where buckets begin and end. */
  readonly bounds: readonly Date[];
  /** Only a source that has percentiles will do. */
  readonly wantsPercentiles: boolean;
  /** From when on rollups are whole, by name; rows before it have left by their retention. */
  readonly horizons: ReadonlyMap<string, Date>;
}

export interface ChosenRollup {
  readonly rollup: Rollup;
  readonly hasPercentiles: boolean;
}

/** A rollup that can answer, or why none can. */
export type Choice = ChosenRollup | { readonly rollup: undefined; readonly why: string };

/**
 * The coarsest rollup that can answer, and still has the whole span. One with percentiles comes before one without, and one whose rows are not
 * divided by tenants, keys or people that nobody asked for before one whose rows are: it has fewer of them.
 */
export function chosenRollup(rollups: readonly Rollup[], needs: SourceNeeds): Choice {
  const complete = rollups.filter((rollup) =>
    ANSWER_MEASURES.every((m) => m === PERCENTILES || has(rollup, m)),
  );
  const withDimensions = complete.filter(({ dimensions }) =>
    ['currency', ...needs.dimensions].every((name) => dimensions.some((one) => one.name === name)),
  );
  const withPercentiles = withDimensions.filter((one) => !needs.wantsPercentiles || has(one, PERCENTILES));
  const fitting = withPercentiles.filter(({ grain }) =>
    needs.bounds.every((bound) => bucketStart(grain, bound).getTime() === bound.getTime()),
  );
  const best = fitting.sort(
    (a, b) =>
      Number(has(b, PERCENTILES)) - Number(has(a, PERCENTILES)) ||
      tenantColumns(a, needs) - tenantColumns(b, needs) ||
      GRAINS.indexOf(b.grain) - GRAINS.indexOf(a.grain) ||
      a.dimensions.length - b.dimensions.length,
  );
  const horizon = ({ name }: Rollup): Date => needs.horizons.get(name) ?? needs.bounds[0]!;
  const rollup = best.find((one) => horizon(one) <= needs.bounds[0]!);
  if (rollup) {
    return { rollup, hasPercentiles: has(rollup, PERCENTILES) };
  }
  const what = needs.dimensions.join(' and ') || 'everything that is shown';
  return {
    rollup: undefined,
    why:
      withDimensions.length === 0
        ? `no rollup has ${what}`
        : withPercentiles.length === 0
          ? `no rollup has percentiles by ${what}`
          : best[0]
            ? `${best[0].name} keeps nothing before ${horizon(best[0]).toISOString()}`
            : `no rollup of ${what} has buckets that begin and end when those of the question do`,
  };
}

function has(rollup: Rollup, measure: Measure): boolean {
  return rollup.measures.some((one) => isSameMeasure(one, measure));
}

const TENANT_COLUMNS = ['organization_id', 'api_key_id', 'user_id'];

function tenantColumns({ dimensions }: Rollup, needs: SourceNeeds): number {
  return dimensions.filter(({ name }) => TENANT_COLUMNS.includes(name) && !needs.dimensions.includes(name))
    .length;
}

/** The measures of an answer that a rollup has. */
export function answerMeasures(hasPercentiles: boolean): readonly Measure[] {
  return ANSWER_MEASURES.filter((measure) => hasPercentiles || measure !== PERCENTILES);
}
