/** Which buckets of a rollup are not exact at this moment, as SQL over the marks. */
import { quoteLiteral } from '../../sql/index.js';
import { BUCKET_WIDTHS } from './bucket-widths.js';
import { postgresDialect } from './postgres-dialect.js';
import { EVENTS, type Rollup, rollupNamed } from './rollup.js';

/** What a rollup is made of, itself included, the events last. */
export function lineage(rollups: readonly Rollup[], rollup: Rollup): readonly string[] {
  const base = rollupNamed(rollups, rollup.source);
  return [rollup.name, ...(base ? lineage(rollups, base) : [EVENTS])];
}

/** A query of the marked buckets of a rollup, as `bucket_start`: marked itself, or by a mark of what it is made of. */
export function dirtyBucketsSql(rollups: readonly Rollup[], rollup: Rollup): string {
  const subjects = lineage(rollups, rollup).map(quoteLiteral).join(', ');
  const start = postgresDialect.bucketStart(rollup.grain, 'm.bucket_start');
  // A mark of the events is an hour: of a finer rollup it makes every bucket dirty.
  const bucket =
    rollup.grain === 'minute' || rollup.grain === 'quarter-hour'
      ? `generate_series(${start}, m.bucket_start + case m.subject when ${quoteLiteral(EVENTS)} then interval '59 minutes' else interval '0' end, interval '${BUCKET_WIDTHS[rollup.grain]}')`
      : start;
  return `select distinct ${bucket} as bucket_start from analytics.rollup_marks as m where m.subject in (${subjects})`;
}
