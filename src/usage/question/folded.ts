/** What caps have folded of the values that a question is about. */
import type { Session } from '../../database/index.js';
import type { TimeRange } from '../grain.js';
import { CAPS_TABLE } from '../rollup/cap.js';
import { lineage } from '../rollup/dirty.js';
import type { Rollup } from '../rollup/rollup.js';
import type { ColumnFilter } from './filter.js';

/** Values of one dimension that an answer has under `__other__`. */
export interface FoldedValues {
  /** The column, such as `api_key_id`. */
  readonly dimension: string;
  readonly organizations: number;
  /** Buckets of the rollup in which some are folded, each organization's counted. */
  readonly buckets: number;
  /** How many events they have. */
  readonly events: bigint;
}

export interface FoldedWanted {
  readonly range: TimeRange;
  /** Columns that are filtered or grouped by. */
  readonly dimensions: readonly string[];
  readonly filter: ColumnFilter;
}

/** By dimension; none where no cap of the rollup, or of one that it sums, has bitten. */
export async function foldedValues(
  session: Session,
  rollup: Rollup,
  rollups: readonly Rollup[],
  { range, dimensions, filter }: FoldedWanted,
): Promise<FoldedValues[]> {
  const sources = lineage(rollups, rollup);
  const capped = rollups.filter(
    ({ name, caps }) => sources.includes(name) && caps.some(({ column }) => dimensions.includes(column.name)),
  );
  if (capped.length === 0) {
    return [];
  }
  const rows = await session.query<Omit<FoldedValues, 'events'> & { readonly events: string }>(FOLDED, [
    capped.map(({ name }) => name),
    dimensions,
    range.from,
    range.to,
    filter.organization_id ?? null,
  ]);
  return rows.map((row) => ({ ...row, events: BigInt(row.events) }));
}

const FOLDED = `
  select dimension, count(distinct organization_id)::integer as organizations, count(*)::integer as buckets,
         sum(folded_events)::text as events
    from ${CAPS_TABLE}
   where rollup = any ($1::text[])
     and dimension = any ($2::text[])
     and bucket_start >= $3
     and bucket_start < $4
     and ($5::uuid[] is null or organization_id = any ($5::uuid[]))
   group by dimension
   order by dimension`;
