import { withSession } from '../database/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { type LedgerEntry, readLedger, readTexts } from './ledger/ledger.js';
import type { MigrateOptions } from './options.js';
import { findVersion } from './version.js';

/** A migration as the ledger has it. */
export interface ShownMigration {
  readonly target: string;
  /** The version, or `R__name` for a repeatable migration. */
  readonly version: string;
  readonly name: string;
  readonly kind: LedgerEntry['kind'];
  readonly state: LedgerEntry['state'];
  readonly appliedAt: Date;
  readonly durationMs: number | undefined;
  /** The database role and the client that applied it. */
  readonly appliedBy: string;
  readonly runId: string;
  /** The scripts as they were when it was applied; a baseline has none. */
  readonly up: string;
  readonly down: string | undefined;
}

/**
 * The texts that a migration was applied with, from the ledger: also where its file is gone or was changed.
 * @param version the version, its beginning, or `R__name`
 * @throws MIGRATE_VERSION_UNKNOWN when it is not applied
 */
export async function showMigration(
  options: Pick<MigrateOptions, 'database' | 'target' | 'schema'>,
  version: string,
): Promise<ShownMigration> {
  const scope = { target: options.target, scope: options.schema ?? '' };
  return withSession(options.database, async (session) => {
    const entries = (await readLedger(session, scope)) ?? [];
    const key = findVersion(
      entries.map((entry) => entry.version),
      version,
    );
    const entry = entries.find((candidate) => candidate.version === key);
    if (!entry) {
      throw MIGRATE_ERRORS.VERSION_UNKNOWN({
        message: `Cannot show ${version}: the ledger of '${options.target}' has no such migration`,
        details: { version },
      });
    }
    const { name, kind, state, appliedAt, durationMs, runId } = entry;
    return {
      target: options.target,
      version: entry.version,
      name,
      kind,
      state,
      appliedAt,
      durationMs,
      appliedBy: `${entry.databaseUser}, ${entry.client}`,
      runId,
      ...(await readTexts(session, scope, entry.version)),
    };
  });
}
