import { sqlstateOf } from '../database/index.js';
import { USAGE_ERRORS } from './errors.js';

/** The SQLSTATE with which a partition refuses events while its day moves to the history. */
export const CLOSED = 'PL101';

/** @throws USAGE_DAY_CLOSED when a day of the events is moved to the history at that moment; what `work` throws */
export async function explainClosedDay<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (sqlstateOf(cause) === CLOSED) {
      throw USAGE_ERRORS.DAY_CLOSED({
        message: `Cannot ${what}: a day of its events is being moved to the history; nothing of it was kept`,
        cause,
      });
    }
    throw cause;
  }
}
