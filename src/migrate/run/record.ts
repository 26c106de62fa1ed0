import { sqlstateOf } from '../../database/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import type { LedgerRecord } from '../ledger/writes.js';
import type { RunContext } from './context.js';
import { PartFailure } from './message.js';
import type { Script } from './script.js';
import { runTransaction } from './transaction.js';

const NO_SCRIPT: Script = {
  file: '',
  text: '',
  statements: [],
  segments: [],
  directives: [],
  changesSession: false,
};

/**
 * Changes the ledger, and nothing else, in one transaction of a run.
 * @param label how progress and messages call the change
 * @throws MIGRATE_LOCK_LOST when another run has taken over
 */
export async function recordOnly(context: RunContext, label: string, record: LedgerRecord): Promise<void> {
  try {
    await runTransaction(context, { label, script: NO_SCRIPT, begin: 'begin', statements: [], record });
  } catch (failure) {
    const cause = failure instanceof PartFailure ? failure.cause : failure;
    throw sqlstateOf(cause) === 'PL001'
      ? MIGRATE_ERRORS.LOCK_LOST({
          message: `Stopped before ${label}: another run has taken the migration lock over`,
          cause,
        })
      : cause;
  }
}
