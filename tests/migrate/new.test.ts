import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFolder } from '../../src/migrate/folder/read-folder.js';
import { newMigration } from '../../src/migrate/index.js';
import { nextVersion } from '../../src/migrate/next-version.js';
import { compareVersions } from '../../src/migrate/version.js';

const TIME = new Date('2026-11-21T06:05:04.321Z');
const clock = { now: () => TIME, monotonicMs: () => 0 };

describe('The version of a new migration', () => {
  test.each([
    [undefined, '202611210605'],
    ['202611210600', '202611210605'],
    ['202611212359', '202611220000'],
    ['20240826120919', '20261121060504'],
    ['20261121235959', '20261122000000'],
    ['20240304123642_init', '20261121060504'],
    ['20240826120919001', '20261121060504321'],
    ['20261120', '20261121'],
    ['1510262030', '1795241104'],
    ['1700000000000-x', '1795241104321'],
    ['001', '002'],
    ['9', '10'],
    ['1.9', '1.10'],
    ['0_init', '20261121060504'],
    ['00000000000000', '20261121060504'],
  ])('after %s is %s', (newest, expected) => {
    const version = nextVersion(newest, TIME);
    expect(version).toBe(expected);
    expect(compareVersions(version, newest ?? '0')).toBeGreaterThan(0);
  });
});

describe('A new migration', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plinth-test-new-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['pairs/golang-migrate', '11_add_regions.up.sql', '11_add_regions.down.sql'],
    ['flyway/versions', 'V2026.11.22__add_regions.sql', 'U2026.11.22__add_regions.sql'],
    ['dbmate/blocks', '20261121063001_add_regions.sql', '20261121063001_add_regions.sql'],
    ['goose/annotations', '00004_add_regions.sql', '00004_add_regions.sql'],
    ['sql-migrate/sections', '20261123-add_regions.sql', '20261123-add_regions.sql'],
    ['node-pg-migrate/markers', '1795241104321_add_regions.sql', '1795241104321_add_regions.sql'],
    ['sqlx/up-only', '11_add_regions.sql', undefined],
    ['prisma/folders', '20261123_add_regions/migration.sql', '20261123_add_regions/down.sql'],
    ['diesel/folders', '20261122060001_add_regions/up.sql', '20261122060001_add_regions/down.sql'],
  ])('in a folder of %s is its newest, in the same form', (name, up, down) => {
    cpSync(join(import.meta.dirname, 'cases', name, 'input'), folder, { recursive: true });
    const before = readFolder({ path: folder });
    const made = newMigration({ folder, description: 'Add regions', clock });
    const path = (file: string | undefined) => file && relative(folder, file);
    expect([path(made.up), path(made.down)]).toEqual([up, down]);
    const after = readFolder({ path: folder });
    expect(after.format).toBe(before.format);
    const versioned = after.migrations.filter(({ kind }) => kind === 'versioned');
    expect(versioned).toHaveLength(before.migrations.filter(({ kind }) => kind === 'versioned').length + 1);
    expect(versioned.at(-1)!.up.file).toBe(made.up);
  });

  test.each([
    ['goose', '202611210605_add_regions.sql'],
    ['flyway', 'V202611210605__add_regions.sql'],
    ['dbmate', '202611210605_add_regions.sql'],
    ['diesel', '202611210605_add_regions/up.sql'],
  ])('in an empty folder that is to be of %s is of that format', (format, up) => {
    for (const at of [folder, join(folder, 'not-there-yet')]) {
      const made = newMigration({ folder: at, description: 'Add regions', clock, format });
      expect(relative(at, made.up)).toBe(up);
      expect(readFolder({ path: at, format }).migrations).toHaveLength(1);
    }
  });

  test('in an empty folder is a pair that says what belongs there', () => {
    const made = newMigration({ folder, description: 'Add regions', clock });
    expect(made).toMatchObject({ version: '202611210605', name: 'add_regions' });
    expect(readFileSync(made.up, 'utf8')).toBe('-- What: Add regions\n-- Why:\n-- Locks:\n\n');
  });
});
