import { expect, it } from 'vitest';
import type { MigrationProof, Proof } from '../../src/prove/index.js';
import { proofMarkdown } from '../../src/report/index.js';

const MIGRATION: MigrationProof = {
  version: '1',
  name: 'no_phone',
  file: 'migrations/1_no_phone.up.sql',
  verdict: 'proven',
  reasons: [],
  remarks: [],
  up: undefined,
  down: undefined,
  data: { tables: 3, rows: 18, rowsWritten: 9, cellsCompared: 100, unfilled: [] },
  keptTables: 0,
  interruptions: { tried: 3, statements: 3 },
  proposedDown: undefined,
  durationMs: 100,
};

function proofOf(migrations: readonly MigrationProof[]): Proof {
  const counts = { proven: 0, 'proven with kept data': 0, unproven: 0, broken: 0 };
  for (const { verdict } of migrations) {
    counts[verdict] += 1;
  }
  return {
    target: 'main',
    folder: 'migrations',
    serverVersion: '18.4',
    migrations,
    counts,
    notices: [],
    durationMs: 1000,
  };
}

function broken(version: number): MigrationProof {
  const message = `The down does not run: relation "${'x'.repeat(300)}" does not exist (SQLSTATE 42P01)`;
  return {
    ...MIGRATION,
    version: String(version),
    verdict: 'broken',
    reasons: [{ kind: 'down-fails', breaks: true, message }],
  };
}

const GITHUB_TAKES = 65_536;

it('a comment has all of a few migrations', () => {
  const comment = proofMarkdown([proofOf([MIGRATION, broken(2)])]);
  expect(comment).toContain('`1 no_phone`');
  expect(comment.match(/what was measured/g)).toHaveLength(2);
  expect(comment).not.toContain('left out');
});

it('a comment on many migrations is as long as GitHub takes, and tells first what is broken', () => {
  const proven = Array.from({ length: 900 }, (_, index) => ({ ...MIGRATION, version: String(1000 + index) }));
  const some = proofMarkdown([proofOf([...proven, broken(2)])]);
  expect(some.length).toBeLessThan(GITHUB_TAKES);
  expect(some).toContain('900 proven, 1 broken');
  expect(some).toContain('The down does not run');
  expect(some).toContain('--format html');
  const all = proofMarkdown([proofOf(Array.from({ length: 900 }, (_, index) => broken(index)))]);
  expect(all.length).toBeLessThan(GITHUB_TAKES);
  expect(all).toContain('900 broken');
  expect(all).toContain('The down does not run');
});
