/** The case folders: `cases/<format>/<case>/input` is a folder of migrations, `expected.txt` how it is read. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isPlinthError, lineColumnAt } from '../../src/core/index.js';
import { readFolder } from '../../src/migrate/folder/read-folder.js';
import type { Migration, MigrationFolder, ScriptSource } from '../../src/migrate/migration.js';
import { splitStatements } from '../../src/sql/index.js';

const CASES = join(import.meta.dirname, 'cases');

export interface FolderCase {
  /** `<format>/<case>` */
  readonly name: string;
  readonly input: string;
  readonly expected: string;
}

export function folderCases(): readonly FolderCase[] {
  return readdirSync(CASES)
    .flatMap((format) => readdirSync(join(CASES, format)).map((name) => `${format}/${name}`))
    .map((name) => ({
      name,
      input: join(CASES, name, 'input'),
      expected: join(CASES, name, 'expected.txt'),
    }));
}

export function readCase({ input }: FolderCase): MigrationFolder {
  return readFolder({ path: input, displayPath: 'migrations' });
}

/** What was read, as a person checks it: order, flags, and each statement with its line in the file. */
export function describeCase(folderCase: FolderCase): string {
  try {
    const { format, notices, migrations } = readCase(folderCase);
    return [
      `format: ${format}`,
      ...notices.map((text) => `note: ${text}`),
      ...migrations.flatMap(describeMigration),
      '',
    ].join('\n');
  } catch (error) {
    return `${describeError(error)}\n`;
  }
}

function describeMigration({ version, name, kind, up, down }: Migration): string[] {
  const title = [kind === 'repeatable' ? 'repeatable' : version, name].filter(Boolean).join('  ');
  return [
    '',
    title,
    ...describeScript('up', up),
    ...(down ? describeScript('down', down) : ['  no way down']),
  ];
}

function describeScript(direction: string, script: ScriptSource): string[] {
  const flag = script.withoutTransaction ? '  (without a transaction)' : '';
  return [`  ${direction}  ${script.file}${flag}`, ...statementsOf(script).map((line) => `    ${line}`)];
}

function statementsOf(script: ScriptSource): string[] {
  try {
    return splitStatements(script.read()).map(({ line, text }) => `${line}: ${text.split('\n')[0]}`);
  } catch (error) {
    return [describeError(error)];
  }
}

function describeError(error: unknown): string {
  if (!isPlinthError(error)) {
    throw error;
  }
  const place = error.source && lineColumnAt(error.source.text, error.source.start);
  const where = place ? ` [line ${place.line}, column ${place.column}]` : '';
  return `error ${error.code}: ${error.message}${where}`;
}
