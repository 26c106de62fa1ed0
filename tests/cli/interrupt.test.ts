import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import { type Finished, plinth } from '../support/command-line.js';
import { createTestDatabase } from '../support/database.js';
import { temporaryProjects } from '../support/projects.js';

/** Runs a command and sends it Ctrl-C as soon as its output has the marker. */
function interruptedAt(marker: string, args: readonly string[], cwd?: string): Promise<Finished> {
  return plinth(args, {
    ...(cwd === undefined ? {} : { cwd }),
    onStart: (child) => {
      let seen = '';
      const look = (chunk: Buffer): void => {
        seen += chunk.toString();
        if (seen.includes(marker)) {
          child.kill('SIGINT');
          seen = '';
        }
      };
      child.stdout!.on('data', look);
      child.stderr!.on('data', look);
    },
  });
}

async function expectWhole(url: string): Promise<void> {
  const { code, stdout } = await plinth(['quickstart', '--url', url, '--format', 'json']);
  expect(code).toBe(0);
  const { data } = JSON.parse(stdout);
  expect(data.import.rowsRead).toBe(50_000);
  expect(data.trend.total.requests).toBe(50_000);
  expect(data.reconciliation.isExact).toBe(true);
}

describe('Ctrl-C', () => {
  const analytics = readdirSync(join(PACKAGE_ROOT, 'db/migrations/analytics')).filter((name) =>
    name.endsWith('.up.sql'),
  );
  const steps = [
    ['while migrating', '2 Migrations'],
    ['while seeding', `applied ${analytics.length} migrations`],
    ['while importing', '4 One request'],
    ['while rolling up', '5 A day of usage'],
  ] as const;

  for (const [title, marker] of steps) {
    it(`${title} ends the quickstart cleanly, and the next one completes it`, {
      timeout: 60_000,
    }, async () => {
      const database = await createTestDatabase();
      try {
        const { code, stderr } = await interruptedAt(marker, ['quickstart', '--url', database.url]);
        expect(code).toBe(130);
        expect(stderr).not.toContain('    at ');
        expect(stderr).not.toContain('error[BUG]');
        await withSession(database.database, async (session) => {
          const rest = await session.query(
            `select 1 from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
          );
          expect(rest).toEqual([]);
        });
        await expectWhole(database.url);
      } finally {
        await database.drop();
      }
    });
  }

  const project = temporaryProjects();

  it('stops the embedded server that the quickstart started', { timeout: 60_000 }, async () => {
    const folder = project();
    symlinkSync(join(PACKAGE_ROOT, 'db'), join(folder, 'db'));
    symlinkSync(join(PACKAGE_ROOT, 'analytics'), join(folder, 'analytics'));
    writeFileSync(
      join(folder, 'plinth.yaml'),
      'version: 1\nproject: interrupted\ntargets:\n  operational:\n    migrations: db/migrations/operational\n  analytics:\n    migrations: db/migrations/analytics\n',
    );
    const { code } = await interruptedAt('2 Migrations', ['quickstart'], folder);
    expect(code).toBe(130);
    const status = await plinth(['db', 'status'], { cwd: folder });
    expect(status.stdout).toContain('stopped');
    expect(status.code).toBe(1);
  });

  it('ends a foreground server', { timeout: 60_000 }, async () => {
    const folder = project();
    writeFileSync(
      join(folder, 'plinth.yaml'),
      'version: 1\nproject: foreground\ntargets:\n  main:\n    migrations: m\n',
    );
    const { code, stdout } = await interruptedAt('runs on port', ['db', 'start', '--foreground'], folder);
    expect(stdout).toMatch(/PostgreSQL 18\.\d+ runs on port \d+/);
    expect([0, 130]).toContain(code);
    expect((await plinth(['db', 'status'], { cwd: folder })).stdout).toContain('stopped');
  });
});
