import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConnectionUrl, redactUrl, withDatabaseName } from '../../src/database/index.js';

const nothing = {};

describe('reading a connection string', () => {
  test('what it leaves out comes from the PG* variables, then from the defaults', () => {
    const environment = { PGHOST: '/run/postgresql', PGPORT: '6000', PGUSER: 'me', PGDATABASE: 'mine' };
    expect(parseConnectionUrl('postgresql://', environment)).toMatchObject({
      host: '/run/postgresql',
      port: 6000,
      user: 'me',
      database: 'mine',
      sslMode: 'prefer',
    });
    expect(parseConnectionUrl('postgresql:///app', { USER: 'me' })).toMatchObject({
      host: 'localhost',
      port: 5432,
      user: 'me',
      database: 'app',
      connectTimeoutMs: 10_000,
    });
  });

  test.each([
    ['postgresql://me:secret@/app', { host: 'from-environment', user: 'me', password: 'secret' }],
    ['postgresql://me@:6000/app', { host: 'from-environment', port: 6000 }],
    ['postgresql://:6000/app', { host: 'from-environment', port: 6000 }],
    ['postgresql://me@[::1]:6000/app', { host: '::1', port: 6000 }],
    ['postgresql://me@/app?host=/run/postgresql', { host: '/run/postgresql' }],
    ['postgresql://%2Frun%2Fpostgresql/app', { host: '/run/postgresql' }],
    ['postgres://h/?dbname=app&user=me&password=p%40ss', { database: 'app', user: 'me', password: 'p@ss' }],
    ['postgresql://h/app?connect_timeout=3', { connectTimeoutMs: 3000 }],
    ['postgresql://h/app?sslrootcert=system', { sslMode: 'verify-full' }],
    ['postgresql://h/app?options=-c%20search_path%3Dapp', { options: '-c search_path=app' }],
    ['postgresql://h/app?password=a+b', { password: 'a+b' }],
  ])('%s', (text, expected) => {
    expect(parseConnectionUrl(text, { PGHOST: 'from-environment' })).toMatchObject(expected);
  });

  test.each([
    '',
    'app',
    'mysql://h/app',
    'postgresql://h:port/app',
    'postgresql://h/app?sslmode=maybe',
    'postgresql://h/a?port=0',
  ])("'%s' is not one", (text) => {
    expect(() => parseConnectionUrl(text, nothing)).toThrow(
      expect.objectContaining({ code: 'DATABASE_URL_INVALID' }),
    );
  });

  test('whatever the user, password and database, they are read as they were written', () => {
    const word = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(word, word, word, fc.integer({ min: 1, max: 65_535 }), (user, password, database, port) => {
        const text = `postgresql://${encode(user)}:${encode(password)}@db.example:${port}/${encode(database)}`;
        const expected = { host: 'db.example', port, user, password, database };
        expect(parseConnectionUrl(text, nothing)).toMatchObject(expected);
        const other = parseConnectionUrl(withDatabaseName(text, user), nothing);
        expect(other).toMatchObject({ ...expected, database: user });
      }),
    );
  });
});

describe('a connection string for people to see', () => {
  test('holds no secret, wherever it was written', () => {
    const secret = fc.stringMatching(/^[a-zA-Z0-9%@:/?#&=+ ]{8,20}$/).map((text) => `s3cret${text}`);
    fc.assert(
      fc.property(secret, (password) => {
        for (const text of [
          `postgresql://me:${encode(password)}@h/app`,
          `postgresql://me:${password}@h/app`,
          `postgresql://me@h/app?password=${encode(password)}&sslpassword=${encode(password)}`,
          `postgresql://me:${password}`,
        ]) {
          expect(redactUrl(text)).not.toContain('s3cret');
        }
      }),
    );
  });

  test('is otherwise what was written', () => {
    expect(redactUrl('postgresql://me:secret@h:6000/app?sslmode=require')).toBe(
      'postgresql://me:***@h:6000/app?sslmode=require',
    );
    expect(redactUrl('postgresql://me:secret@/app?host=/run')).toBe('postgresql://me:***@/app?host=/run');
  });

  test('can name another database, and is otherwise what was written', () => {
    const rename = (text: string): string => withDatabaseName(text, 'a b');
    expect(rename('postgresql://me@/app?host=/run')).toBe('postgresql://me@/a%20b?host=/run');
    expect(rename('postgresql://h?dbname=app&options=-c%20x')).toBe('postgresql://h/a%20b?options=-c%20x');
  });
});

function encode(text: string): string {
  return encodeURIComponent(text);
}
