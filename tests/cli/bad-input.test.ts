import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-cli-'));
  database = await createTestDatabase();
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

function writeConfig(text: string): string {
  const path = join(folder, 'plinth.yaml');
  writeFileSync(path, text);
  return path;
}

it('lets a reader end the output when it has seen enough, without a stack trace', async () => {
  const { code, stderr } = await plinth(['apply', '--help'], {
    onStart: (child) => {
      child.stdout?.destroy();
    },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

describe('a mistake on the command line', () => {
  it('names the nearest command', async () => {
    const { code, stderr, stdout } = await plinth(['stauts']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CLI_COMMAND_UNKNOWN]');
    expect(stderr).toContain("Did you mean 'plinth status'?");
    expect(stdout).toBe('');
  });

  it('names the nearest command of a group', async () => {
    const { code, stderr } = await plinth(['usage', 'improt']);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean 'plinth usage import'?");
  });

  it('names the nearest flag', async () => {
    const { code, stderr } = await plinth(['apply', '--targte', 'operational']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CLI_OPTION_UNKNOWN]');
    expect(stderr).toContain("Did you mean '--target'?");
  });

  it('refuses an empty value, as of a variable that is not set, before anything runs', async () => {
    for (const [args, what] of [
      [['apply', '--url', ''], '--url'],
      [['rollback', '--to='], '--to'],
      [['show', ''], 'an argument'],
    ] as const) {
      const { code, stderr, stdout } = await plinth(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`error[CLI_ARGUMENT_INVALID]: Cannot run '${args[0]}': ${what} is empty`);
    }
  });

  it('names the nearest target', async () => {
    const { code, stderr } = await plinth(['status', '--target', 'operatoinal', '--url', database.url]);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CONFIG_TARGET_UNKNOWN]');
    expect(stderr).toContain("Did you mean 'operational'?");
  });

  it('says which number was wanted', async () => {
    const { code, stderr } = await plinth(['apply', '--steps', 'many']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CLI_ARGUMENT_INVALID]');
  });

  it('is told as JSON where JSON was asked for', async () => {
    const { code, stderr } = await plinth(['status', '--target', 'x', '--format', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error.code).toBe('CONFIG_TARGET_UNKNOWN');
  });
});

describe('a mistake in plinth.yaml', () => {
  it('is a missing file', async () => {
    const { code, stderr } = await plinth(['status'], { cwd: tmpdir() });
    expect(code).toBe(2);
    expect(stderr).toContain('error[CONFIG_NOT_FOUND]');
  });

  it('is shown with line, column and a caret', async () => {
    const path = writeConfig(
      'version: 1\nproject: a\ntargets:\n  main:\n    migrations: m\n    lockTimout: 2s\n',
    );
    const { code, stderr } = await plinth(['status', '--config', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CONFIG_INVALID]');
    expect(stderr).toContain('plinth.yaml:6:5');
    expect(stderr).toContain('^^^^^^^^^^');
    expect(stderr).toContain("Did you mean 'lockTimeout'?");
  });

  it('is text that is not YAML', async () => {
    const path = writeConfig('version: 1\ntargets: [\n');
    const { code, stderr } = await plinth(['status', '--config', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CONFIG_MALFORMED]');
    expect(stderr).toMatch(/plinth\.yaml:\d+:\d+/);
  });

  it('is a password in the file, which is not repeated', async () => {
    const path = writeConfig(
      'version: 1\nproject: a\ntargets:\n  main:\n    migrations: m\n    url: postgresql://me:hunter2@host/db\n',
    );
    const { code, stderr } = await plinth(['status', '--config', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CONFIG_SECRET_IN_FILE]');
    expect(stderr).not.toContain('hunter2');
  });

  it('is a variable that is not set', async () => {
    const path = writeConfig(
      `version: 1\nproject: a\ntargets:\n  main:\n    migrations: m\n    url: \${NO_SUCH_VARIABLE}\n`,
    );
    const { code, stderr } = await plinth(['status', '--config', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('error[CONFIG_VARIABLE_UNSET]');
    expect(stderr).toContain('plinth.yaml:6:10');
  });
});

describe('a server that cannot be used', () => {
  it('is not there', async () => {
    const { code, stderr } = await plinth(['status', '--url', 'postgresql://me:s3cret@127.0.0.1:1/db']);
    expect(code).toBe(3);
    expect(stderr).toContain('error[DATABASE_UNREACHABLE]');
    expect(stderr).not.toContain('s3cret');
  });

  it('refuses the credentials, and the password is not repeated', async () => {
    const url = new URL(database.url);
    url.password = 'not-the-password';
    const { code, stderr } = await plinth(['status', '--url', url.toString()]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[DATABASE_CREDENTIALS_REFUSED]');
    expect(stderr).not.toContain('not-the-password');
  });

  it('has no such database', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    const { code, stderr } = await plinth(['status', '--url', url.toString()]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[DATABASE_NOT_FOUND]');
  });

  it('is something else than PostgreSQL', async () => {
    const server = createServer((socket) => socket.end('220 hello\r\n'));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    try {
      const { code, stderr } = await plinth(['status', '--url', `postgresql://me@127.0.0.1:${port}/db`]);
      expect(code).toBe(3);
      expect(stderr).toMatch(/error\[DATABASE_/);
      expect(stderr).not.toContain('    at ');
    } finally {
      server.close();
    }
  });

  it('is named by something that is no connection string', async () => {
    const { code, stderr } = await plinth(['status', '--url', 'localhost:5432']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[DATABASE_URL_INVALID]');
  });
});

describe('a migration that the server refuses', () => {
  it('is shown with file, line, column and a caret, and changes nothing', async () => {
    const path = writeConfig('version: 1\nproject: a\ntargets:\n  main:\n    migrations: m\n');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(folder, 'm'), { recursive: true });
    writeFileSync(
      join(folder, 'm/1_a.up.sql'),
      'create table a (id int);\n\ninsert into nowhere values (1);\n',
    );
    const { code, stderr } = await plinth(['apply', '--config', path, '--url', database.url]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[MIGRATE_STATEMENT_FAILED]');
    expect(stderr).toContain('m/1_a.up.sql:3:13');
    expect(stderr).toContain('            ^^^^^^^');
    const status = await plinth(['status', '--config', path, '--url', database.url, '--format', 'json']);
    expect(JSON.parse(status.stdout).data[0].counts).toMatchObject({ pending: 1, applied: 0 });
  });
});

describe('usage that cannot be imported', () => {
  it('changes nothing, and the place is named', async () => {
    const target = await createTestDatabase();
    try {
      await plinth(['apply', '--url', target.url]);
      await plinth(['seed', '--url', target.url]);
      const path = join(folder, 'trace.csv');
      writeFileSync(
        path,
        'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0,many,8',
      );
      const args = [
        '--organization',
        'acme',
        '--provider',
        'p',
        '--model',
        'm',
        '--url',
        target.url,
        '--bad-rows',
        'refuse',
      ];
      const { code, stderr } = await plinth(['usage', 'import', path, ...args]);
      expect(code).not.toBe(0);
      expect(stderr).toContain('error[USAGE_TRACE_MALFORMED]');
      expect(stderr).toContain('line 3, column 23');
      const trend = await plinth(['usage', 'trend', '--url', target.url, '--format', 'json']);
      expect(JSON.parse(trend.stdout).data).toBeNull();
    } finally {
      await target.drop();
    }
  });
});
