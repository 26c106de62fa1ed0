import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { withSession } from '../../../src/database/index.js';
import { type ObjectStore, prefixedStore, s3Store } from '../../../src/storage/index.js';
import {
  cachedFiles,
  recordUsageEvent,
  refreshRollups,
  removeReplacedSegments,
  sealUsageDay,
  type UsageSegment,
  usageEvents,
  usageSegments,
} from '../../../src/usage/index.js';
import { CREDENTIALS, type S3Server, startProxy, startS3 } from '../../storage/s3-server.js';
import { createUsageDatabase, ORGANIZATION, ROLLUPS as rollups, usageEvent } from '../support.js';

// Two engines in each test: slow where the machine is busy.
vi.setConfig({ testTimeout: 300_000 });

let server: S3Server;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let folder: string;
let store: ObjectStore;
beforeAll(async () => {
  server = await startS3('history');
  proxy = await startProxy(server, { conditional: true });
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-cache-'));
  const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL_S3: proxy.endpoint };
  store = prefixedStore(s3Store('history', environment), 'usage');
});
afterAll(async () => {
  proxy.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

let number = 0;
let cache: string;
beforeEach(() => {
  number += 1;
  cache = join(folder, `cache ${number}`);
});

const reads = (): number => proxy.requests.filter((method) => method === 'GET').length;

/** A file in the bucket, and how the manifest has it. */
async function stored(bytes: Buffer, claimed = bytes): Promise<UsageSegment> {
  const sha256 = createHash('sha256').update(claimed).digest();
  const objectKey = `${number}/${sha256.toString('hex')}`;
  await store.write(objectKey, bytes);
  const sums = { events: '1', tokens: '0', cost_nanos: '0', row_hash: '0' };
  return {
    day: '2026-03-01',
    events: 1,
    fileBytes: claimed.length,
    objectKey,
    sha256,
    sealedAt: new Date(),
    sums,
  };
}

describe('files of a bucket that are kept on this machine', () => {
  test('are fetched once, and are what the manifest says', async () => {
    const segment = await stored(Buffer.from('some bytes'));
    const before = reads();
    const paths = [];
    for (const files of [cachedFiles({ store, folder: cache }), cachedFiles({ store, folder: cache })]) {
      paths.push(await files.pathOf(segment), await files.pathOf(segment));
    }
    expect(reads() - before).toBe(1);
    expect(new Set(paths).size).toBe(1);
    expect(readFileSync(paths[0]!, 'utf8')).toBe('some bytes');
  });

  test.each([
    ['changed in place', (path: string) => writeFileSync(path, 'Some bytes')],
    ['cut off', (path: string) => writeFileSync(path, 'some')],
    [
      'changed, with its times set back',
      (path: string) => {
        const { atime, mtime } = statSync(path);
        writeFileSync(path, 'Some bytes');
        utimesSync(path, atime, mtime);
      },
    ],
    ['gone', (path: string) => rmSync(path)],
  ])('are fetched again when they were %s', async (_, damage) => {
    const segment = await stored(Buffer.from('some bytes'));
    const files = cachedFiles({ store, folder: cache });
    damage(await files.pathOf(segment));
    const before = reads();
    expect(readFileSync(await files.pathOf(segment), 'utf8')).toBe('some bytes');
    expect(reads() - before).toBe(1);
  });

  test('are refused, and not kept, when the object is another or gone', async () => {
    const files = cachedFiles({ store, folder: cache });
    const damaged = await stored(Buffer.from('other bytes'), Buffer.from('some bytes!'));
    await expect(files.pathOf(damaged)).rejects.toMatchObject({ code: 'USAGE_SEGMENT_DIFFERS' });
    await store.remove(damaged.objectKey);
    await expect(files.pathOf(damaged)).rejects.toMatchObject({ code: 'STORAGE_NOT_FOUND' });
    expect(readdirSync(cache)).toEqual([]);
  });

  test('go when there are too many, what was used longest ago first', async () => {
    const [first, second, third] = [
      await stored(Buffer.alloc(40, 1)),
      await stored(Buffer.alloc(40, 2)),
      await stored(Buffer.alloc(40, 3)),
    ];
    const files = cachedFiles({ store, folder: cache, mostBytes: 100 });
    const paths = [await files.pathOf(first), await files.pathOf(second)];
    utimesSync(`${paths[0]}.checked`, new Date(2), new Date(2));
    utimesSync(`${paths[1]}.checked`, new Date(1), new Date(1));
    paths.push(await files.pathOf(third));
    const kept = readdirSync(cache).filter((name) => name.endsWith('.parquet'));
    expect(kept.sort()).toEqual([paths[0], paths[2]].map((path) => path!.slice(cache.length + 1)).sort());
  });
});

describe('a history in a bucket', () => {
  test('is sealed, read once, merged and cleaned', async () => {
    const db = await createUsageDatabase();
    await withSession(db.database, async (session) => {
      const history = cachedFiles({ store, folder: cache });
      const [from, to] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-02T00:00:00Z')];
      const ask = () => usageEvents(session, { organizationId: ORGANIZATION, from, to, history });
      const add = async (foreignId: string) => {
        await recordUsageEvent(session, usageEvent({ foreignId }));
        await refreshRollups(session, { rollups, history });
      };
      const seal = () => sealUsageDay(session, '2026-03-01', { store, workFolder: folder });
      await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-02')");
      await add('first');
      const before = await ask();
      await seal();
      const [first] = await usageSegments(session);
      const start = reads();
      expect(await ask()).toEqual(before);
      expect(await ask()).toEqual(before);
      expect(reads() - start).toBe(1);
      await add('second');
      await seal();
      expect((await ask()).length).toBe(2);
      expect(await removeReplacedSegments(session, { store, graceMs: 3_600_000 })).toBe(0);
      expect((await store.read(first!.objectKey, 1e6)).length).toBe(first!.fileBytes);
      expect(await removeReplacedSegments(session, { store, graceMs: -1000 })).toBe(1);
      await expect(store.read(first!.objectKey, 1e6)).rejects.toMatchObject({ code: 'STORAGE_NOT_FOUND' });
      expect(await removeReplacedSegments(session, { store, graceMs: -1000 })).toBe(0);
      const [second] = await usageSegments(session);
      expect((await store.read(second!.objectKey, 1e6)).length).toBe(second!.fileBytes);
    });
    await db.drop();
  });
});
