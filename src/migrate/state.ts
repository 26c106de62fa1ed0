/**
 * Where a target stands: the folder and the ledger laid side by side. Pure: nothing is read or changed here
 * but the files' bytes, which are digested.
 */
import { sha256 } from '../core/index.js';
import type { LedgerEntry } from './ledger/ledger.js';
import { keyOf, type Migration, type MigrationFolder } from './migration.js';
import { compareVersions } from './version.js';

export type MigrationState =
  /** In the folder, not in the database. */
  | 'pending'
  /** In both, alike. */
  | 'applied'
  /** Applied; the file's bytes differ since. Whether its meaning does is looked at only then. */
  | 'edited'
  /** Applied; the folder has no such file. */
  | 'missing'
  /** A repeatable migration whose file changed since it was applied: it will run again. */
  | 'outdated'
  /** Under way in statements that no transaction can hold: the next run goes on with it. */
  | 'interrupted'
  /** Taken as applied when the database was adopted. */
  | 'baseline';

export interface MigrationStanding {
  /** The version, or `R__name` for a repeatable migration. */
  readonly key: string;
  readonly name: string;
  readonly state: MigrationState;
  readonly migration: Migration | undefined;
  readonly entry: LedgerEntry | undefined;
  /** Pending, though a newer version is applied. */
  readonly outOfOrder: boolean;
}

/** Every migration of the folder and of the ledger, in the order of versions, repeatable ones last. */
export function standings(
  folder: MigrationFolder,
  entries: readonly LedgerEntry[],
): readonly MigrationStanding[] {
  const byKey = new Map(entries.map((entry) => [entry.version, entry]));
  const inFolder = new Set(folder.migrations.map(keyOf));
  const newestApplied = entries
    .filter((entry) => entry.kind !== 'repeatable')
    .map((entry) => entry.version)
    .sort(compareVersions)
    .at(-1);
  const baseline = entries.find((entry) => entry.kind === 'baseline')?.version;
  const fromFolder = folder.migrations.map((migration): MigrationStanding => {
    const entry = byKey.get(keyOf(migration));
    const covered = !entry && migration.kind === 'versioned' && isCovered(migration.version, baseline);
    return {
      key: keyOf(migration),
      name: migration.name,
      state: covered ? 'baseline' : stateOf(migration, entry),
      migration,
      entry,
      outOfOrder:
        !entry &&
        !covered &&
        migration.kind === 'versioned' &&
        newestApplied !== undefined &&
        compareVersions(migration.version, newestApplied) < 0,
    };
  });
  const onlyInLedger = entries
    .filter((entry) => !inFolder.has(entry.version))
    .map(
      (entry): MigrationStanding => ({
        key: entry.version,
        name: entry.name,
        state: entry.kind === 'baseline' ? 'baseline' : entry.state === 'applied' ? 'missing' : 'interrupted',
        migration: undefined,
        entry,
        outOfOrder: false,
      }),
    );
  return [...fromFolder, ...onlyInLedger].sort(byKind);
}

function stateOf(migration: Migration, entry: LedgerEntry | undefined): MigrationState {
  if (!entry) {
    return 'pending';
  }
  if (entry.state !== 'applied') {
    return 'interrupted';
  }
  if (entry.kind === 'baseline' && entry.upBytes === '') {
    return 'baseline';
  }
  if (sha256(migration.up.read()) === entry.upBytes) {
    return 'applied';
  }
  return migration.kind === 'repeatable' ? 'outdated' : 'edited';
}

/** A migration that is no newer than the baseline is part of what was there when it was taken. */
function isCovered(version: string, baseline: string | undefined): boolean {
  return baseline !== undefined && compareVersions(version, baseline) <= 0;
}

function byKind(a: MigrationStanding, b: MigrationStanding): number {
  const repeatable = Number(a.key.startsWith('R__')) - Number(b.key.startsWith('R__'));
  return repeatable || compareVersions(a.key, b.key);
}
