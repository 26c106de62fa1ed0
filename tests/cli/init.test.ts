import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plinth } from '../support/command-line.js';

describe('a new project', () => {
  let root: string;
  beforeEach(() => {
    root = join(mkdtempSync(join(tmpdir(), 'plinth-init-')), '2 My_Shop!');
    mkdirSync(root);
  });
  afterEach(() => rmSync(join(root, '..'), { recursive: true }));

  const run = (...args: string[]) => plinth(args, { cwd: root });

  test('has a place for migrations, and the next commands work in it', async () => {
    const made = await run('init');
    expect(made).toMatchObject({ code: 0, stderr: 'next: plinth new <what it does>\n' });
    expect(made.stdout).toBe(
      'plinth.yaml  project my-shop\n  migrations in db/migrations: no migrations yet\n',
    );
    expect(existsSync(join(root, '.gitignore'))).toBe(false);
    expect((await run('new', 'add people')).code).toBe(0);
    const { code, stdout } = await run('validate');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'db/migrations: 1 migration checked, nothing to complain of\n',
    });
  });

  test('finds the migrations of another tool', async () => {
    mkdirSync(join(root, 'migrations'));
    mkdirSync(join(root, 'db/migrations'), { recursive: true });
    writeFileSync(join(root, 'migrations/V1__people.sql'), 'create table people (id int);');
    writeFileSync(join(root, '.gitignore'), 'node_modules');
    const { code, stdout } = await run('init', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'init',
      data: { project: 'my-shop', migrations: 'migrations', format: 'flyway', count: 1, isIgnored: true },
    });
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('node_modules\n.plinth/\n');
    expect((await run('validate')).code).toBe(1);
  });

  test('is not made over another one, nor of files that are no migrations', async () => {
    mkdirSync(join(root, 'sql'));
    writeFileSync(join(root, 'sql/report.sql'), 'select 1;');
    const refused = await run('init', '--migrations', 'sql');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('error[MIGRATE_FOLDER_UNRECOGNIZED]');
    expect(existsSync(join(root, 'plinth.yaml'))).toBe(false);
    writeFileSync(join(root, 'plinth.yaml'), 'mine');
    const { code, stderr } = await run('init');
    expect(code).toBe(2);
    expect(stderr).toContain('error[PROJECT_EXISTS]');
    expect(readFileSync(join(root, 'plinth.yaml'), 'utf8')).toBe('mine');
  });
});
