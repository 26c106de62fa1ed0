import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as rules from './architecture/rules.js';
import { parseSource, type SourceFile } from './architecture/source-file.js';

const SRC = join(import.meta.dirname, '..', 'src');

function readSources(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseSource(path.split(sep).join('/'), readFileSync(join(SRC, path), 'utf8')));
}

/** A made-up tree, by path. */
function tree(texts: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(texts).map(([path, text]) => parseSource(path, text));
}

describe('the source', () => {
  const files = readSources();

  test('is seen: every rule below has files and imports to judge', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
  });

  test.each([
    ['has every module on a floor', rules.everyModuleHasAFloor],
    ['imports downward only, never upward and never sideways', rules.importsGoDown],
    ['enters other modules by their door', rules.modulesAreEnteredByTheirDoor],
    ['imports files that exist', rules.importedFilesExist],
    ['has doors that only re-export, by name', rules.doorsOnlyReExport],
    ['has no import cycles, types included', rules.importsHaveNoCycles],
    ['keeps each driver and parser in the module that owns it', rules.packagesStayWithTheirOwners],
    ['prints only where results are told', rules.onlyTheTellingPrints],
    ['has file names that name a subject', rules.namesSaySomething],
    ['has file names in kebab-case', rules.namesAreKebabCase],
  ])('%s', (_, rule) => {
    expect(rule(files)).toEqual([]);
  });
});

describe('a rule notices', () => {
  test('a module that no floor names', () => {
    expect(rules.everyModuleHasAFloor(tree({ 'attic/index.ts': '' }))).toHaveLength(1);
  });

  test.each([
    ['a value import', "import { plan } from '../migrate/index.js';"],
    ['a type import', "import type { Plan } from '../migrate/index.js';"],
    ['a re-export', "export { plan } from '../migrate/index.js';"],
    ['a dynamic import', "export const load = () => import('../migrate/index.js');"],
    ['an import type', "export type Plan = import('../migrate/index.js').Plan;"],
  ])('%s upward and sideways', (_, text) => {
    expect(rules.importsGoDown(tree({ 'core/a.ts': text }))).toHaveLength(1);
    expect(rules.importsGoDown(tree({ 'seed/a.ts': text }))).toHaveLength(1);
    expect(rules.importsGoDown(tree({ 'prove/a.ts': text }))).toEqual([]);
  });

  test('an import past a door', () => {
    const files = tree({ 'migrate/a.ts': "import { PlinthError } from '../core/plinth-error.js';" });
    expect(rules.modulesAreEnteredByTheirDoor(files)).toHaveLength(1);
  });

  test('an import of a file that is not there', () => {
    expect(rules.importedFilesExist(tree({ 'core/a.ts': "import './b.js';" }))).toHaveLength(1);
  });

  test.each(['export const a = 1;', "export * from './a.js';", "import { a } from './a.js';\nexport { a };"])(
    'a door with `%s`',
    (text) => {
      expect(rules.doorsOnlyReExport(tree({ 'core/index.ts': text }))).toHaveLength(1);
    },
  );

  test('a cycle through types, once', () => {
    const files = tree({
      'core/b.ts': "import type { C } from './c.js';",
      'core/c.ts': "import { a } from './a.js';",
      'core/a.ts': "export { b } from './b.js';",
    });
    expect(rules.importsHaveNoCycles(files)).toEqual(['core/a.ts → core/b.ts → core/c.ts → core/a.ts']);
  });

  test('a driver outside of its module, also by a path inside the package', () => {
    const files = tree({ 'migrate/a.ts': "import pg from 'pg';\nimport x from 'pg/lib/utils.js';" });
    expect(rules.packagesStayWithTheirOwners(files)).toHaveLength(2);
  });

  test.each(['console.log(1);', 'process.stdout.write("");'])('printing with `%s`', (text) => {
    expect(rules.onlyTheTellingPrints(tree({ 'migrate/a.ts': text }))).toHaveLength(1);
    expect(rules.onlyTheTellingPrints(tree({ 'report/a.ts': text }))).toEqual([]);
  });

  test.each(['core/utils.ts', 'core/string-helpers.ts', 'core/common/text.ts', 'core/lockManager.ts'])(
    'the name %s',
    (path) => {
      const files = tree({ [path]: '' });
      expect([...rules.namesSaySomething(files), ...rules.namesAreKebabCase(files)]).not.toEqual([]);
    },
  );
});
