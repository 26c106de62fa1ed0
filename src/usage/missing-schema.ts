import { sqlstateOf } from '../database/index.js';
import { USAGE_ERRORS } from './errors.js';

/** SQLSTATEs of a schema, table, column or function that is not there. */
const MISSING = ['3F000', '42P01', '42703', '42883'];

/** Runs `work` and says what to do when the tables it needs are not there. @throws USAGE_SCHEMA_MISSING */
export async function explainMissingSchema<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (MISSING.includes(sqlstateOf(cause) ?? '')) {
      throw USAGE_ERRORS.SCHEMA_MISSING({
        message: `Cannot ${what}: the database does not have the tables for it (those of the migrations were wanted)`,
        cause,
      });
    }
    throw cause;
  }
}
