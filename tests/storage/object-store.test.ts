import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderStore, locateObject, type ObjectStore, s3Store } from '../../src/storage/index.js';
import { CREDENTIALS, type S3Server, startProxy, startS3 } from './s3-server.js';

const ONE = Buffer.from('one');
const OTHER = Buffer.from('other');

let server: S3Server;
let folder: string;
beforeAll(async () => {
  server = await startS3('main');
  folder = mkdtempSync(join(tmpdir(), 'plinth-store-'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function environment(changes: Readonly<Record<string, string>> = {}) {
  return { ...CREDENTIALS, AWS_ENDPOINT_URL_S3: server.endpoint, ...changes };
}

describe.each<[string, () => ObjectStore]>([
  ['a bucket', () => s3Store('main', environment())],
  ['a folder', () => folderStore(folder)],
])('%s', (_, open) => {
  test('gives back what was written', async () => {
    const store = open();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (__, index) => index % 251));
    expect(await store.write('runs/42/ü &+.bin', bytes)).toBe('created');
    expect(Buffer.from(await store.read('runs/42/ü &+.bin', bytes.length)).equals(bytes)).toBe(true);
  });

  test('takes the same again, and never overwrites with something else', async () => {
    const store = open();
    expect(await store.write('once', ONE)).toBe('created');
    expect(await store.write('once', ONE)).toBe('unchanged');
    for (const content of [OTHER, Buffer.from('o'), Buffer.alloc(0)]) {
      await expect(store.write('once', content)).rejects.toMatchObject({ code: 'STORAGE_EXISTS' });
    }
    expect(Buffer.from(await store.read('once', 10)).toString()).toBe('one');
  });

  test('removes what is there, that alone, and takes it again', async () => {
    const store = open();
    await store.write('gone/one', ONE);
    await store.write('gone/one.more', OTHER);
    for (const _turn of ['there', 'gone']) {
      await store.remove('gone/one');
      await expect(store.read('gone/one', 10)).rejects.toMatchObject({ code: 'STORAGE_NOT_FOUND' });
    }
    await store.remove('never/was');
    expect(Buffer.from(await store.read('gone/one.more', 10)).toString()).toBe('other');
    expect(await store.write('gone/one', OTHER)).toBe('created');
  });

  test('says that there is no such object, or that it is too large', async () => {
    const store = open();
    await expect(store.read('nothing', 10)).rejects.toMatchObject({ code: 'STORAGE_NOT_FOUND' });
    await store.write('long', Buffer.alloc(2000));
    await expect(store.read('long', 1999)).rejects.toMatchObject({ code: 'STORAGE_TOO_LARGE' });
  });
});

describe('A bucket', () => {
  test.each([
    ['no such bucket', 'missing', {}, 'STORAGE_BUCKET_NOT_FOUND'],
    ['a wrong secret', 'main', { AWS_SECRET_ACCESS_KEY: 'wrong-secret-word' }, 'STORAGE_DENIED'],
    ['an unknown key', 'main', { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' }, 'STORAGE_DENIED'],
    ['nobody listening', 'main', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, 'STORAGE_UNREACHABLE'],
  ])('with %s is a coded error without secrets', async (_, bucket, changes, code) => {
    const store = s3Store(bucket, environment(changes));
    const error = await store.read('x', 10).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    const { message, details, hint } = error as { message: string; details: object; hint: string };
    expect(JSON.stringify([message, details, hint])).not.toMatch(/wrong-secret-word|AKIAUNKNOWN|S3RVER/);
    await expect(store.write('x', ONE)).rejects.toMatchObject({ code });
  });

  test('without credentials says which are wanted', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_CONFIG_FILE: '/nonexistent',
    });
    try {
      const store = s3Store('main', { AWS_ENDPOINT_URL_S3: server.endpoint });
      await expect(store.read('x', 10)).rejects.toMatchObject({ code: 'STORAGE_CREDENTIALS_MISSING' });
    } finally {
      for (const name of Object.keys(process.env).filter((key) => before[key] === undefined)) {
        delete process.env[name];
      }
      Object.assign(process.env, before);
    }
  });

  test('that is busy is asked again, a few times', async () => {
    const busy = await startProxy(server, { failing: 2 });
    const store = s3Store('main', environment({ AWS_ENDPOINT_URL_S3: busy.endpoint }));
    try {
      expect(await store.write('patience', ONE)).toBe('created');
      expect(busy.requests).toEqual(['GET', 'GET', 'GET', 'PUT']);
    } finally {
      busy.close();
    }
  });

  test('that stays busy is given up', async () => {
    const busy = await startProxy(server, { failing: 100 });
    const store = s3Store('main', environment({ AWS_ENDPOINT_URL_S3: busy.endpoint }));
    try {
      await expect(store.read('x', 10)).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE' });
      expect(busy.requests).toHaveLength(4);
    } finally {
      busy.close();
    }
  });

  test('that knows conditions lets one of two writers win', async () => {
    const proxy = await startProxy(server, { conditional: true });
    const url = { AWS_ENDPOINT_URL_S3: proxy.endpoint };
    try {
      const writers = [ONE, OTHER].map((content) => s3Store('main', environment(url)).write('race', content));
      const ends = await Promise.allSettled(writers);
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const failed = ends.find((end) => end.status === 'rejected');
      expect(failed).toMatchObject({ reason: { code: 'STORAGE_EXISTS' } });
    } finally {
      proxy.close();
    }
  });

  test('that refuses conditions is written to without', async () => {
    const proxy = await startProxy(server, { withoutConditions: true });
    const store = s3Store('main', environment({ AWS_ENDPOINT_URL_S3: proxy.endpoint }));
    try {
      expect(await store.write('unconditional', ONE)).toBe('created');
      await expect(store.write('unconditional', OTHER)).rejects.toMatchObject({ code: 'STORAGE_EXISTS' });
    } finally {
      proxy.close();
    }
  });
});

describe('A folder', () => {
  test('is left without temporary files, also when writing fails', async () => {
    const inner = join(folder, 'clean');
    const store = folderStore(inner);
    await store.write('a', ONE);
    await store.write('a', OTHER).catch(() => {});
    expect(readdirSync(inner)).toEqual(['a']);
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'taken'));
    await expect(folderStore(join(folder, 'file')).write('a', ONE)).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
    });
    await expect(folderStore(folder).write('taken', ONE)).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
  });
});

describe('A place', () => {
  test.each([
    ['s3://releases/a/b.tar', 's3://releases', 'a/b.tar'],
    ['/srv/b.tar', '/srv', 'b.tar'],
  ])('%s is a store and a key', (place, name, key) => {
    const located = locateObject(place);
    expect([located.store.name, located.key]).toEqual([name, key]);
  });

  test.each([
    's3://releases',
    's3://releases/',
    's3://releases/folder/',
    's3:///x',
    's3://UPPER/x',
    'https://host/x',
  ])('%s is refused', (place) => {
    expect(() => locateObject(place)).toThrow(expect.objectContaining({ code: 'STORAGE_URL_INVALID' }));
  });
});
