import type { Session } from '../../database/index.js';
import type { StatementOutcome } from './context.js';
import type { ScriptStatement } from './script.js';

/**
 * What is done around the statements of one transaction, to keep what they destroy and to put back what the opposite
 * script destroyed. A transaction that has one is sent in several messages; most have none.
 */
export interface Keeping {
  /** At the start of the transaction. */
  begin(session: Session): Promise<void>;
  /** Whether something is to be done before or after the statement. */
  concerns(statement: ScriptStatement): boolean;
  /** Calls `send` once, or again after a savepoint was rolled back. @returns what the last call returned */
  around(
    session: Session,
    statement: ScriptStatement,
    send: () => Promise<StatementOutcome[]>,
  ): Promise<StatementOutcome[]>;
  /** Before the record and the commit. */
  end(session: Session): Promise<void>;
  /** After the commit. */
  committed(): void;
}
