/** The commands as people and scheduled jobs use them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffDocument, driftDocument } from '../../src/compare/index.js';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { type MadeProject, projectMaker } from './projects.js';

const project = projectMaker();

describe('on a project', () => {
  let place: TestDatabase;
  let made: MadeProject;
  const run = (...parameters: readonly string[]) =>
    plinth([...parameters, '--url', place.url], { cwd: made.root });

  beforeAll(async () => {
    place = await createTestDatabase();
    made = project();
    expect((await run('apply')).code).toBe(0);
    await withSession(place.database, (session) =>
      session.run('alter table shop.customers add column phone text; drop view shop.recent'),
    );
  });
  afterAll(() => place.drop());

  test.each([['diff'], ['drift'], ['schema save']])('%s teaches itself', async (name) => {
    const { code, stdout } = await plinth([...name.split(' '), '--help']);
    expect(code).toBe(0);
    const own = stdout.replace(/\nOn every command:\n[\s\S]*?\n\n/, '\n').replaceAll(/ +$/gm, '');
    expect(own).toMatchSnapshot();
  });

  test('drift tells who is right, exits with 1, and colours nothing but a terminal', async () => {
    const { code, stdout } = await run('drift');
    expect(code).toBe(1);
    const text = stdout.replaceAll(place.name, '<database>').replaceAll(/\d+(\.\d+)? m?s/g, '<time>');
    expect(text.replace(/PostgreSQL [\d.]+/, 'PostgreSQL <version>')).toMatchSnapshot();
    expect(stdout).not.toContain('\u001b');
  });

  test('both print JSON of the published form', async () => {
    const diff = await run('diff', '--format', 'json', '--sql');
    expect(diff.code).toBe(1);
    expect(diffDocument.safeParse(JSON.parse(diff.stdout)).error).toBeUndefined();
    const drift = await run('drift', '--format', 'json', '--sql');
    expect(drift.code).toBe(1);
    expect(driftDocument.safeParse(JSON.parse(drift.stdout)).error).toBeUndefined();
    expect(diff.stderr + drift.stderr).toBe('');
  });

  test('the SQL of a drift is a script that mends it', async () => {
    const { code, stdout } = await run('drift', '--sql');
    expect(code).toBe(1);
    expect(stdout).toContain('-- data loss: ');
    const copy = await createTestDatabase({ template: place.name });
    try {
      await withSession(copy.database, (session) => session.run(stdout));
      const { code: after, stdout: said } = await plinth(['drift', '--url', copy.url], { cwd: made.root });
      expect(said).toContain('no drift');
      expect(after).toBe(0);
    } finally {
      await copy.drop();
    }
  });

  test('an unknown word to ignore is refused with those that are known', async () => {
    const { code, stderr } = await run('diff', '--ignore', 'owner');
    expect(code).toBe(2);
    expect(stderr).toContain('error[CLI_ARGUMENT_INVALID]');
    expect(stderr).toContain('column-order, owners, privileges');
  });

  test('schema save writes a file that its published form describes', async () => {
    const file = join(made.root, 'saved.json');
    const { code, stdout } = await run('schema', 'save', file);
    expect(code).toBe(0);
    expect(stdout).toContain('3 tables, 0 views, 1 routine');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kind: 'schema model', format: 1 });
    expect((await run('diff', file, 'shop')).code).toBe(0);
  });
});

describeOnEveryServer('the foundation', ({ url }) => {
  test('has no drift after the quickstart', async () => {
    const place = await createTestDatabase({ serverUrl: await url() });
    try {
      const quickstart = await plinth(['quickstart', '--quiet', '--url', place.url]);
      expect(quickstart.stderr).not.toContain('error[');
      const { code, stdout } = await plinth(['drift', '--url', place.url], { cwd: PACKAGE_ROOT });
      expect(stdout).toMatch(/^no drift /);
      expect(code).toBe(0);
    } finally {
      await place.drop();
    }
  });
});
