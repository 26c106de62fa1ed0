/** The generator alone, without a database. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MOST_ORGANIZATIONS,
  NAMED_ORGANIZATIONS,
  type SeededOrganization,
  seededOrganization,
} from '../../src/seed/index.js';
import { keyOf } from '../../src/seed/seed-table.js';
import { CATALOGUE_TABLES, ORGANIZATION_TABLES } from '../../src/seed/tables.js';
import { organizationIdRange } from '../../src/seed/timeline.js';

const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyIndex = fc.integer({ min: 0, max: MOST_ORGANIZATIONS - 1 });
const anyOrganization = fc.tuple(anySeed, anyIndex).map(([seed, index]) => seededOrganization(seed, index));

const linesOf = (organization: SeededOrganization): string[][] =>
  ORGANIZATION_TABLES.map((table) => table.lines(organization));

/** Everything seeded is older than the foundation's first migration, so that no time lies in the future. */
const FOUNDATION_MS = Date.UTC(2026, 10, 21);

describe('the generator', () => {
  test('makes the same rows of an organization at every call, whatever was made before', () => {
    fc.assert(
      fc.property(anySeed, anyIndex, anyIndex, (seed, index, other) => {
        const first = linesOf(seededOrganization(seed, index));
        linesOf(seededOrganization(seed, other));
        expect(linesOf(seededOrganization(seed, index))).toEqual(first);
      }),
    );
  });

  test('gives organizations ids and times in their order', () => {
    fc.assert(
      fc.property(anySeed, anyIndex, fc.integer({ min: 1, max: 1000 }), (seed, index, further) => {
        const one = seededOrganization(seed, index);
        const other = seededOrganization(seed, index + further);
        expect(one.id < other.id).toBe(true);
        expect(one.createdAtMs).toBeLessThan(other.createdAtMs);
      }),
    );
  });

  test('makes the rows of every table in the order of their keys, each key once', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 0, max: MOST_ORGANIZATIONS - 20 }), (seed, first) => {
        for (const table of ORGANIZATION_TABLES) {
          const keys = Array.from({ length: 20 }, (_, at) =>
            table.lines(seededOrganization(seed, first + at)),
          )
            .flat()
            .map((line) => keyOf(table, line));
          expect(keys).toEqual([...new Set(keys)].sort());
        }
      }),
    );
  });

  test('keeps the rows of an organization within its range of ids', () => {
    fc.assert(
      fc.property(anyOrganization, (organization) => {
        const { from, to } = organizationIdRange(organization.index, organization.index + 1);
        for (const line of linesOf(organization).flat()) {
          expect(line >= from && line < to).toBe(true);
        }
      }),
    );
  });

  test('makes as many fields as there are columns, and none that COPY would read otherwise', () => {
    const check = (columns: number, lines: readonly string[]): void => {
      for (const line of lines) {
        expect(line.endsWith('\n')).toBe(true);
        const fields = line.slice(0, -1).split('\t');
        expect(fields.length).toBe(columns);
        for (const field of fields) {
          expect(field).toMatch(/^(\\N|\\\\x[0-9a-f]{64}|[^\\\n\r\t]+)$/);
        }
      }
    };
    for (const table of CATALOGUE_TABLES) {
      check(table.columns.length, table.lines());
    }
    fc.assert(
      fc.property(anyOrganization, (organization) => {
        for (const table of ORGANIZATION_TABLES) {
          check(table.columns.length, table.lines(organization));
        }
      }),
    );
  });

  test('makes nothing in the future, and no address that could be somebody’s', () => {
    fc.assert(
      fc.property(anyOrganization, (organization) => {
        for (const line of linesOf(organization).flat()) {
          for (const [time] of line.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)) {
            expect(Date.parse(time) < FOUNDATION_MS || time === '2099-12-31T00:00:00.000Z').toBe(true);
          }
          for (const [address] of line.matchAll(/[^\t]+@[^\t\n]+/g)) {
            expect(address).toMatch(/^[a-z.]+@[a-z0-9-]+\.example$/);
          }
        }
      }),
    );
  });

  test('begins with organizations that have names to remember and show every state', () => {
    expect(NAMED_ORGANIZATIONS.map(({ slug }) => slug)).toContain('acme');
    const organizations = NAMED_ORGANIZATIONS.map((_, index) => seededOrganization(1, index));
    expect(organizations.map(({ slug }) => slug)).toEqual(NAMED_ORGANIZATIONS.map(({ slug }) => slug));
    expect(new Set(organizations.map(({ status }) => status))).toEqual(
      new Set(['active', 'suspended', 'closed']),
    );
    expect(organizations.some(({ deletedAtMs }) => deletedAtMs !== undefined)).toBe(true);
  });
});

describe('the organizations of a large seed', () => {
  const organizations = Array.from({ length: 20_000 }, (_, index) => seededOrganization(1, index));
  const shareOf = (is: (organization: SeededOrganization) => boolean): number =>
    organizations.filter(is).length / organizations.length;

  test('are mostly small, and a few are very large', () => {
    expect(shareOf(({ userCount }) => userCount === 1)).toBeCloseTo(0.71, 1);
    expect(shareOf(({ userCount }) => userCount <= 3)).toBeCloseTo(0.91, 1);
    expect(Math.max(...organizations.map(({ userCount }) => userCount))).toBeGreaterThan(150);
    // The law P(at least s) = s^(-16/9) at s = 10: 1.67 %.
    expect(shareOf(({ userCount }) => userCount >= 10)).toBeCloseTo(0.0167, 2);
  });

  test('are mostly active, some suspended, closed or deleted', () => {
    expect(shareOf(({ status }) => status === 'active')).toBeCloseTo(0.94, 1);
    expect(shareOf(({ status }) => status === 'suspended')).toBeGreaterThan(0.01);
    expect(shareOf(({ deletedAtMs }) => deletedAtMs !== undefined)).toBeCloseTo(0.02, 2);
  });

  test('share some of their members with earlier ones', () => {
    expect(shareOf(({ guestFrom }) => guestFrom !== undefined)).toBeCloseTo(0.125, 1);
    expect(organizations.every(({ guestFrom, index }) => guestFrom === undefined || guestFrom < index)).toBe(
      true,
    );
  });

  test('have slugs of their own', () => {
    expect(new Set(organizations.map(({ slug }) => slug)).size).toBe(organizations.length);
  });
});
