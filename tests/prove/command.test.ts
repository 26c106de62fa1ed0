import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proofDocument } from '../../src/prove/index.js';
import { type Finished, plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const CASES = join(import.meta.dirname, 'cases');
const TIMEOUT = { timeout: 240_000 };

let folder: string;
let database: TestDatabase;

function script(version: string, name: string, direction: 'up' | 'down'): string {
  return join(folder, 'migrations', `${version}_${name}.${direction}.sql`);
}

function git(...parameters: readonly string[]): void {
  const identity = [
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.org',
    '-c',
    'commit.gpgsign=false',
  ];
  execFileSync('git', ['-C', folder, ...identity, ...parameters], { stdio: 'ignore' });
}

function run(...parameters: readonly string[]): Promise<Finished> {
  return plinth(parameters, { cwd: folder, env: { PROVE_URL: database.url } });
}

/** A branch that has dropped a column, in a project whose main branch is applied. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-prove-'));
  database = await createTestDatabase();
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(
    join(folder, 'plinth.yaml'),
    'version: 1\nproject: proof\ntargets:\n  main:\n    migrations: migrations\n    url: ${PROVE_URL}\n',
  );
  cpSync(join(CASES, 'drop-column-stray-index/before.sql'), script('1', 'users', 'up'));
  writeFileSync(script('1', 'users', 'down'), 'drop table users;\n');
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'main');
  expect((await run('apply')).code).toBe(0);
  git('checkout', '-q', '-b', 'branch');
  cpSync(join(CASES, 'drop-column-stray-index/up.sql'), script('2', 'no_phone', 'up'));
  cpSync(join(CASES, 'drop-column-stray-index/down.sql'), script('2', 'no_phone', 'down'));
  git('add', '.');
  git('commit', '-q', '-m', 'branch');
}, 120_000);
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('plinth prove', () => {
  it('proves what is pending, tells what is left behind, and ends with 1', TIMEOUT, async () => {
    const { code, stdout } = await run('prove', '--format', 'json');
    expect(code).toBe(1);
    const { data } = proofDocument.parse(JSON.parse(stdout));
    expect(data[0]!.migrations.map(({ version, verdict }) => [version, verdict])).toEqual([['2', 'broken']]);
    const [migration] = data[0]!.migrations;
    expect(migration!.reasons[0]!.differences).toEqual([
      { change: 'left behind', object: 'index public.users.stray', properties: [] },
    ]);
    expect(migration!.interruptions).toEqual({ tried: 3, statements: 3 });
    const [statement] = migration!.up!.statements;
    expect(statement!.measured!.locks).toContainEqual({
      relation: 'public.users',
      kind: 'table',
      lock: 'ACCESS EXCLUSIVE',
      isShared: true,
      blocksReads: true,
      blocksWrites: true,
    });
    expect(migration!.up!.load.reader.statements).toBeGreaterThan(0);
    expect(migration!.proposedDown).toMatchObject({ verdict: 'proven with kept data' });
  });

  it(
    'proves what a branch adds, and writes a comment for its review and a page with a timeline',
    TIMEOUT,
    async () => {
      const comment = join(folder, 'proof.md');
      expect((await run('prove', '--base', 'main', '--format', 'markdown', '--output', comment)).code).toBe(
        1,
      );
      expect(readFileSync(comment, 'utf8')).toContain(
        '❌ broken | `2 no_phone` | ACCESS EXCLUSIVE on public.users',
      );
      const page = join(folder, 'proof.html');
      await run('prove', '2', '--format', 'html', '--output', page);
      const html = readFileSync(page, 'utf8');
      expect(html).toContain('<svg class="timeline"');
      expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|@import|url\(/);
    },
  );

  it('writes the down that works, which is then proven', TIMEOUT, async () => {
    expect((await run('prove', '--write-down')).code).toBe(1);
    expect(readFileSync(script('2', 'no_phone', 'down'), 'utf8')).not.toContain('stray');
    const { code, stdout } = await run('prove', '--strict');
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 no_phone  proven with kept data')]);
  });

  it('refuses a reference that is not there, and a version that no target has', TIMEOUT, async () => {
    const unknownBase = await run('prove', '--base', 'nowhere');
    expect([unknownBase.code, unknownBase.stderr]).toEqual([
      2,
      expect.stringContaining('PROVE_BASE_UNKNOWN'),
    ]);
    const unknownVersion = await run('prove', '77');
    expect([unknownVersion.code, unknownVersion.stderr]).toEqual([
      2,
      expect.stringContaining('PROVE_VERSION_UNKNOWN'),
    ]);
    const bothWays = await run('prove', '--all', '--base', 'main');
    expect([bothWays.code, bothWays.stderr]).toEqual([2, expect.stringContaining('--all and --base')]);
    expect(existsSync(join(folder, '.plinth'))).toBe(false);
  });

  it('tells when it could not look at the target', TIMEOUT, async () => {
    const { code, stdout } = await plinth(['prove', '1'], {
      cwd: folder,
      env: { PROVE_URL: 'postgresql://nobody:hidden@127.0.0.1:1/nothing' },
    });
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(
        'note: The target was not looked at, so that every migration counts as pending',
      ),
    ]);
    expect(stdout).not.toContain('hidden');
  });
});
