import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';

const FOLDER = join(PACKAGE_ROOT, 'dist/cli');

describe('the built command line', () => {
  const files = readdirSync(FOLDER).filter((name) => /^(run|part-.*)\.js$/.test(name));
  const texts = files.map((name) => readFileSync(join(FOLDER, name), 'utf8'));

  test('is in a few files, which import dependencies only, and none that every command needs', () => {
    expect(files).toContain('run.js');
    expect(files.length).toBeGreaterThan(10);
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/^import\b.*? from "([^"]+)";$|\bimport\("([^"]+)"\)/gm)].map(
        ([, one, other]) => one ?? other,
      ),
    );
    const packages = new Set(
      imported.flatMap((name) =>
        /^[.]|^node:/.test(name!) ? [] : (/^(@[^/]+\/)?[^/]+/.exec(name!)?.[0] ?? []),
      ),
    );
    const { dependencies } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
    const taken = ['zod', 'yaml', 'commander', 'pg', '@opentelemetry/api'];
    const known = [...Object.keys(dependencies).filter((name) => !taken.includes(name)), ...builtinModules];
    expect(packages).toContain('libpg-query');
    expect([...packages].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('comes with the licenses of what was taken in', () => {
    const licenses = readFileSync(join(FOLDER, 'LICENSES.txt'), 'utf8');
    for (const name of ['commander', 'pg', 'yaml', 'zod']) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, 'm'));
    }
    expect(licenses).toContain('Permission is hereby granted');
  });
});
