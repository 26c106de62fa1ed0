import { sha256 } from '../../core/index.js';
import type { LedgerEntry } from '../ledger/ledger.js';
import { keyOf, type MigrationFolder } from '../migration.js';
import type { MigrateOptions } from '../options.js';
import { requireApprovals } from './require.js';

/**
 * The folder to finish interrupted migrations from. One that goes on with the text that it began with was approved
 * when it began; one whose file was mended since needs approvals of what it says now.
 * @throws MIGRATE_APPROVALS_MISSING
 */
export async function approveInterrupted(
  { approvals: policy, target }: Pick<MigrateOptions, 'approvals' | 'target'>,
  folder: MigrationFolder,
  entries: readonly LedgerEntry[],
): Promise<MigrationFolder> {
  const begun = new Map(entries.map((entry) => [entry.version, entry]));
  const mended = (direction: 'up' | 'down', state: LedgerEntry['state']) =>
    folder.migrations.filter((migration) => {
      const entry = begun.get(keyOf(migration));
      const began = direction === 'up' ? entry?.upBytes : entry?.downBytes;
      const text = entry?.state === state ? migration[direction]?.read() : undefined;
      return text !== undefined && sha256(text) !== began;
    });
  if (policy === undefined || entries.every(({ state }) => state === 'applied')) {
    return folder;
  }
  const approved = [
    ...(await requireApprovals({ policy, target, direction: 'up' }, mended('up', 'applying'))),
    ...(await requireApprovals({ policy, target, direction: 'down' }, mended('down', 'rolling-back'))),
  ];
  const judged = new Map(approved.map(({ migration }) => [keyOf(migration), migration]));
  return {
    ...folder,
    migrations: folder.migrations.map((migration) => judged.get(keyOf(migration)) ?? migration),
  };
}
