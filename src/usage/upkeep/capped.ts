import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';
import { CAPS_TABLE } from '../rollup/cap.js';

/** A cap that has bitten lately. */
export interface CappedDimension {
  readonly rollup: string;
  readonly dimension: string;
  readonly atMost: number;
  /** The organizations with more values than that, those with the most events first; at most ten. */
  readonly organizations: readonly string[];
  readonly organizationCount: number;
  /** Events whose value is folded. */
  readonly events: bigint;
  /** The newest bucket. */
  readonly lastBucketStart: Date;
}

/** Caps that have bitten in buckets from a time on. @throws USAGE_SCHEMA_MISSING */
export async function cappedSince(session: Session, since: Date): Promise<CappedDimension[]> {
  const rows = await explainMissingSchema('read which caps have bitten', () =>
    session.query<{
      rollup: string;
      dimension: string;
      at_most: number;
      organizations: readonly string[];
      organization_count: bigint;
      events: string;
      last_bucket_start: Date;
    }>(CAPPED, [since]),
  );
  return rows.map((row) => ({
    rollup: row.rollup,
    dimension: row.dimension,
    atMost: row.at_most,
    organizations: row.organizations,
    organizationCount: Number(row.organization_count),
    events: BigInt(row.events),
    lastBucketStart: row.last_bucket_start,
  }));
}

const CAPPED = `
  with by_organization as (
    select rollup, dimension, organization_id, max(at_most) as at_most, sum(folded_events) as events,
           max(bucket_start) as last_bucket_start
      from ${CAPS_TABLE}
     where bucket_start >= $1
     group by rollup, dimension, organization_id
  )
  select rollup, dimension, max(at_most) as at_most, count(*) as organization_count, sum(events)::text as events,
         (array_agg(organization_id::text order by events desc, organization_id))[1:10] as organizations,
         max(last_bucket_start) as last_bucket_start
    from by_organization
   group by rollup, dimension
   order by rollup, dimension`;
