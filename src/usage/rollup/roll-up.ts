import type { Session } from '../../database/index.js';
import type { TimeRange } from '../grain.js';
import { wholeExtent } from './extent.js';
import { markUsage } from './marks.js';
import { type Refresh, type RefreshOptions, refreshRollups } from './refresh.js';

export interface RollUpOptions extends Omit<RefreshOptions, 'settling'> {
  /** From when on, widened to whole hours; the first event or rollup unless given. */
  readonly from?: Date;
  /** Until when, excluded and widened likewise; the last event or rollup unless given. */
  readonly to?: Date;
}

/**
 * Recomputes the rollups of a span, whether or not anything has changed: marks its hours and works them off, with
 * all other marks; days of the history from its files. Without `from` and `to` everything: also rows whose events are gone.
 * @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING; USAGE_CANCELLED
 */
export async function rollUpUsage(session: Session, options: RollUpOptions): Promise<Refresh> {
  const range = await rangeOf(session, options);
  if (range) {
    await markUsage(session, range);
  }
  return refreshRollups(session, options);
}

async function rangeOf(
  session: Session,
  { from, to, rollups }: RollUpOptions,
): Promise<TimeRange | undefined> {
  if (from && to) {
    return { from, to };
  }
  const extent = await wholeExtent(session, rollups);
  return extent && { from: from ?? extent.from, to: to ?? extent.to };
}
