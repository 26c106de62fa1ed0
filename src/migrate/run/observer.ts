import type { ScriptStatement } from './script.js';
import type { Blocker } from './watch.js';

/** Told, while a migration runs, what becomes of its statements and its tries. Must not throw. */
export interface MigrationObserver {
  /** It wants to know how long each statement takes: the server is then asked for the time between them. */
  wantsTimes(): boolean;
  statementEnded(ended: EndedStatement): void;
  tryEnded(ended: EndedTry): void;
}

/** A statement that has run, or was refused. Times are milliseconds of `performance.now()`. */
export interface EndedStatement {
  readonly statement: ScriptStatement;
  readonly startedMs: number;
  readonly endedMs: number;
  /** Rows returned or changed, where the command counts them. */
  readonly rows: number | undefined;
  /** What the server refused it with. */
  readonly failure: unknown;
}

/** A try of a transaction, or of a statement that stands alone. */
export interface EndedTry {
  /** Why it is tried again; `undefined` when it succeeded. */
  readonly sqlstate: string | undefined;
  readonly lockWaitMs: number;
  readonly blockers: readonly Blocker[];
}

export const NO_OBSERVER: MigrationObserver = {
  wantsTimes: () => false,
  statementEnded: () => {},
  tryEnded: () => {},
};
