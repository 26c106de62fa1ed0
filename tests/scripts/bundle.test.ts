import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';

const FOLDER = join(PACKAGE_ROOT, 'dist/cli');

describe('the built command line', () => {
  const files = readdirSync(FOLDER).filter((name) => /^(run|part-.*)\.js$/.test(name));
  const texts = files.map((name) => readFileSync(join(FOLDER, name), 'utf8'));

  test('is in a few files, which import no package that every command needs', () => {
    expect(files).toContain('run.js');
    expect(files.length).toBeGreaterThan(10);
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/^import\b.*? from "([^"]+)";$|\bimport\("([^"]+)"\)/gm)].map(
        ([, one, other]) => one ?? other,
      ),
    );
    expect(imported).toContain('libpg-query');
    expect(
      imported.filter((name) => /^(zod|yaml|commander|pg|@opentelemetry\/api)(\/|$)/.test(name!)),
    ).toEqual([]);
  });

  test('comes with the licenses of what was taken in', () => {
    const licenses = readFileSync(join(FOLDER, 'LICENSES.txt'), 'utf8');
    for (const name of ['commander', 'pg', 'yaml', 'zod']) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, 'm'));
    }
    expect(licenses).toContain('Permission is hereby granted');
  });
});
