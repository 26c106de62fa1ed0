import { type Session, sqlstateOf } from '../database/index.js';
import { count, log } from '../telemetry/index.js';
import type { Reconciliation, RepairedReconciliation } from '../usage/index.js';

type OnTarget = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/**
 * Leaves an event in the platform's audit trail, a line in the log and a count in the metrics when rollups differed
 * from their source. A platform without an audit trail has the last two.
 */
export async function auditReconciliation(
  operational: OnTarget,
  result: Reconciliation | RepairedReconciliation,
): Promise<void> {
  const found = 'before' in result ? result.before : result;
  if (found.isExact) {
    return;
  }
  const buckets = found.rollups.flatMap(({ rollup, mismatches }) =>
    mismatches.map((bucket) => ({ rollup, bucket: bucket.toISOString() })),
  );
  const isRepaired = 'before' in result && result.isExact;
  count('plinth.usage.mismatches', buckets.length, {});
  log('error', 'usage.mismatch', { rows: buckets.length });
  const details = {
    buckets: buckets.length,
    first: buckets.slice(0, 50),
    levels: found.levels.reduce((sum, { mismatches }) => sum + mismatches.length, 0),
    files: found.history?.mismatches.map(({ day, objectKey }) => ({ day, objectKey })).slice(0, 50) ?? [],
    repaired: isRepaired,
  };
  try {
    await operational(async (session) => {
      await session.query(
        "select platform.ensure_audit_event_partitions(now(), now() + interval '1 second')",
      );
      await session.query(INSERT, [isRepaired ? 'success' : 'failure', JSON.stringify(details)]);
    });
  } catch (error) {
    if (!MISSING.includes(sqlstateOf(error) ?? '')) {
      throw error;
    }
  }
}

/** SQLSTATEs of a schema, table or function that is not there. */
const MISSING = ['3F000', '42P01', '42883'];

const INSERT = `
  insert into platform.audit_events
    (organization_id, actor_kind, actor_id, action, target_kind, outcome, details)
  values ('00000000-0000-0000-0000-000000000000', 'service', 'plinth', 'usage.reconcile', 'rollup', $1, $2::jsonb)`;
