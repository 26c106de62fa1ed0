import { isPlinthError, type SourceRange } from '../core/index.js';
import { readFolder } from './folder/read-folder.js';
import { keyOf, labelOf, type Migration, type ScriptSource } from './migration.js';
import type { MigrateOptions } from './options.js';
import { irreversibleReason, parseScript } from './run/script.js';

export interface ValidationFinding {
  readonly severity: 'error' | 'warning';
  /** A stable name for the kind of finding, e.g. `down-missing`. */
  readonly rule: 'script-invalid' | 'not-parsed' | 'down-missing';
  readonly message: string;
  readonly version: string;
  readonly source: SourceRange | undefined;
}

/** What is wrong with the files of a folder, found without a database. */
export interface Validation {
  readonly folder: string;
  readonly format: string;
  /** How many migrations were looked at. */
  readonly checked: number;
  readonly findings: readonly ValidationFinding[];
}

/**
 * Reads and parses every script of a folder. The server is not asked: `plinth plan` does that.
 * @throws MIGRATE_FOLDER_NOT_FOUND, MIGRATE_FILE_MISPLACED, MIGRATE_VERSION_DUPLICATE
 */
export async function validate(options: Pick<MigrateOptions, 'folder'>): Promise<Validation> {
  const folder = readFolder(options.folder);
  const findings: ValidationFinding[] = [];
  for (const migration of folder.migrations) {
    findings.push(...(await checkMigration(migration)));
  }
  return { folder: folder.path, format: folder.format, checked: folder.migrations.length, findings };
}

async function checkMigration(migration: Migration): Promise<ValidationFinding[]> {
  const version = keyOf(migration);
  const up = await checkScript(version, migration.up);
  if (migration.down) {
    return [...up, ...(await checkScript(version, migration.down))];
  }
  const isInvalid = up.some(({ rule }) => rule === 'script-invalid');
  if (isInvalid || migration.kind === 'repeatable' || irreversibleReason(migration.up.read()) !== undefined) {
    return up;
  }
  const message = `${labelOf(migration)} has no down script: write one, or say why not with -- plinth: irreversible reason="…"`;
  return [...up, { severity: 'warning', rule: 'down-missing', message, version, source: undefined }];
}

async function checkScript(version: string, source: ScriptSource): Promise<ValidationFinding[]> {
  try {
    const text = source.read();
    const script = await parseScript({
      file: source.file,
      text,
      withoutTransaction: source.withoutTransaction ?? false,
    });
    return script.statements.flatMap((statement): ValidationFinding[] => {
      const { outcome } = statement;
      if (outcome.kind === 'parsed') {
        return [];
      }
      const start = statement.start + outcome.position;
      const message = `${outcome.message}: not known to PostgreSQL 18's grammar; a newer server may accept it`;
      const range = { file: source.file, text, start, end: start + 1 };
      return [{ severity: 'error', rule: 'not-parsed', message, version, source: range }];
    });
  } catch (error) {
    if (!isPlinthError(error, 'MIGRATE_SCRIPT_INVALID')) {
      throw error;
    }
    return [
      { severity: 'error', rule: 'script-invalid', message: error.message, version, source: error.source },
    ];
  }
}
