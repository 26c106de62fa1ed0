import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';

/** How far the upkeep of the platform's own tables is. */
export interface PlatformUpkeep {
  /** Until when the audit trail has partitions without a gap from now on; `undefined` when this month has none. */
  readonly auditMadeUntil: Date | undefined;
  readonly hasAuditPartitions: boolean;
  /** Reservations that have run out and are still held. */
  readonly expiredReservations: number;
  /** When the first of them ran out. */
  readonly oldestExpiredAt: Date | undefined;
}

/** @throws USAGE_SCHEMA_MISSING */
export async function platformUpkeep(session: Session, now: Date = new Date()): Promise<PlatformUpkeep> {
  const [row] = await explainMissingSchema('read how far the upkeep of the platform is', () =>
    session.query<{
      audit_made_until: Date | null;
      has_audit_partitions: boolean;
      reservations: bigint;
      oldest_expired_at: Date | null;
    }>(readPackageFile('src/usage/upkeep/platform-upkeep.sql'), [now]),
  );
  return {
    auditMadeUntil: row!.audit_made_until ?? undefined,
    hasAuditPartitions: row!.has_audit_partitions,
    expiredReservations: Number(row!.reservations),
    oldestExpiredAt: row!.oldest_expired_at ?? undefined,
  };
}
