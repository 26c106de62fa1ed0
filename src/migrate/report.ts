import type { ScriptOutcome } from './run/context.js';

/** What a run did to one migration. */
export interface MigrationOutcome extends ScriptOutcome {
  readonly version: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
  /** It had been interrupted, and this run went on with it. */
  readonly resumed: boolean;
}

/** What a run did. */
export interface RunReport {
  readonly target: string;
  readonly action: 'apply' | 'rollback';
  /** The run's id in the ledger; its events are there too. */
  readonly runId: string;
  /** The newest version applied before and after. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly migrations: readonly MigrationOutcome[];
  readonly durationMs: number;
  /** Worth knowing, but no reason to stop: a file whose layout changed, a database ahead of this checkout. */
  readonly notices: readonly string[];
}
