import { keyOf, type Migration, type MigrationFolder } from '../migration.js';
import { compareVersions, findVersion } from '../version.js';
import type { ForeignEntry, ForeignTool } from './foreign-tool.js';

/** A file, and what the other tool has recorded of it. */
export interface MatchedMigration {
  readonly migration: Migration;
  readonly entry: ForeignEntry;
}

/** What the other tool has applied, laid beside the folder. */
export interface HistoryMatch {
  /** Applied by the tool and in the folder, in the order in which they are applied. */
  readonly matched: readonly MatchedMigration[];
  /** Applied by the tool, and without a file. */
  readonly missing: readonly string[];
  /** Applied by the tool, and a program, which the ledger has no row for. */
  readonly programs: readonly string[];
  /** In the folder, and not applied by the tool. */
  readonly pending: readonly string[];
  /** Those of `matched` whose file is not the one that was applied, by the tool's own checksum. */
  readonly changed: readonly string[];
}

/** Pure: only the files of matched migrations are read, where the tool keeps checksums. */
export function matchHistory(
  tool: ForeignTool,
  applied: readonly ForeignEntry[],
  folder: MigrationFolder,
): HistoryMatch {
  const keys = folder.migrations.map(keyOf);
  const byKey = new Map<string, ForeignEntry>();
  const unknown: string[] = [];
  for (const entry of applied) {
    const key = findVersion(keys, entry.version);
    for (const covered of entry.isBaseline ? upTo(folder, entry.version) : []) {
      byKey.set(covered, { version: covered });
    }
    if (key !== undefined) {
      byKey.set(key, entry);
    } else if (!entry.isBaseline) {
      unknown.push(entry.version);
    }
  }
  const matched = folder.migrations.flatMap((migration) => {
    const entry = byKey.get(keyOf(migration));
    return entry ? [{ migration, entry }] : [];
  });
  return {
    matched,
    missing: unknown.filter((version) => !isProgram(folder, version)),
    programs: unknown.filter((version) => isProgram(folder, version)),
    pending: keys.filter((key) => !byKey.has(key)),
    changed: matched.filter((match) => isChanged(tool, match)).map(({ migration }) => keyOf(migration)),
  };
}

function upTo(folder: MigrationFolder, version: string): string[] {
  return folder.migrations
    .filter((migration) => migration.kind === 'versioned' && compareVersions(migration.version, version) <= 0)
    .map(keyOf);
}

function isProgram(folder: MigrationFolder, version: string): boolean {
  const stems = folder.programs.map((path) =>
    path.slice(path.lastIndexOf('/') + 1).replace(/^V|\.\w+$/g, ''),
  );
  return stems.includes(version) || findVersion(stems.map(numberOf), version) !== undefined;
}

/** `00004` of `00004_rehash`, `1.2` of `1_2__in_code`. */
function numberOf(stem: string): string {
  return /^\d+(?:[._]\d+)*/.exec(stem)![0].replaceAll('_', '.');
}

function isChanged(tool: ForeignTool, { migration, entry }: MatchedMigration): boolean {
  return (
    entry.checksum !== undefined &&
    tool.checks !== undefined &&
    !tool.checks(entry.checksum, migration.up.read())
  );
}
