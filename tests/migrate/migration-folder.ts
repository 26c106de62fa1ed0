/** Folders of migrations that a test writes itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** File names and their texts. */
export type MigrationFiles = Readonly<Record<string, string>>;

/** A maker of folders with the files given; they are removed when the test file ends. */
export function migrationFolders(): (files: MigrationFiles) => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made.splice(0)) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (files) => {
    const folder = mkdtempSync(join(tmpdir(), 'plinth-test-migrations-'));
    made.push(folder);
    writeMigrations(folder, files);
    return folder;
  };
}

export function writeMigrations(folder: string, files: MigrationFiles): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
}
