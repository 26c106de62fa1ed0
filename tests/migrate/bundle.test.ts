import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPlinthError, sha256 } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import { type BundleManifest, manifestText } from '../../src/migrate/bundle/manifest.js';
import { LARGEST_ENTRY_BYTES, readTar, type TarEntry, writeTar } from '../../src/migrate/bundle/tar.js';
import {
  apply,
  LARGEST_BUNDLE_BYTES,
  type MadeBundle,
  makeBundle,
  openBundle,
  openTrustedBundle,
  plan,
} from '../../src/migrate/index.js';
import { findSigner, type Signer } from '../../src/signing/index.js';
import { pemKey } from '../signing/ssh-tools.js';
import { createTestDatabase } from '../support/database.js';
import { migrationFolders } from './migration-folder.js';

const newFolder = migrationFolders();
const FILES = {
  '1_accounts.up.sql': 'create table accounts (id int, note text);\n',
  '1_accounts.down.sql': 'drop table accounts;\n',
  '2_größe.up.sql': "-- größer\ninsert into accounts values (1, 'ü');\n",
  '2_größe.down.sql': 'delete from accounts;\n',
};

let keys: string;
let signer: Signer;
let stranger: Signer;
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'plinth-bundle-keys-'));
  signer = await findSigner({ keyFile: pemKey(keys, 'release') });
  stranger = await findSigner({ keyFile: pemKey(keys, 'stranger') });
});
afterAll(() => rmSync(keys, { recursive: true }));

function make(
  files: Readonly<Record<string, string>> = FILES,
  by: Signer | undefined = signer,
): Promise<MadeBundle> {
  return makeBundle({
    project: 'test',
    target: 'main',
    folder: { path: newFolder(files), displayPath: 'migrations' },
    approvals: [{ file: 'approvals/main/1.abc.approval', content: 'an approval\n' }],
    commit: 'abc',
    signer: by,
  });
}

function open(content: Uint8Array) {
  return openTrustedBundle(content, { name: 'b.tar', trusted: [signer.publicKey] });
}

/** The bundle's entries by path, to be changed and packed again. */
function entriesOf({ content }: MadeBundle): Map<string, string> {
  return new Map(readTar(content).map((entry) => [entry.path, Buffer.from(entry.content).toString()]));
}

function packed(entries: ReadonlyMap<string, string>): Uint8Array {
  return writeTar([...entries].map(([path, text]) => ({ path, content: Buffer.from(text) })));
}

const INVALID = { code: 'MIGRATE_BUNDLE_INVALID' };

describe('A bundle', () => {
  test('is the same bytes every time it is made of the same files', async () => {
    const [one, other] = [await make(), await make()];
    expect(one.digest).toBe(other.digest);
    expect(Buffer.from(one.content).equals(other.content)).toBe(true);
    expect(one.digest).toBe(sha256(one.content));
  });

  test('holds what the folder holds, in its order', async () => {
    const { folder, approvals, manifest, signedBy } = open((await make()).content);
    expect(folder.migrations.map(({ version, up, down }) => [version, up.read(), down?.read()])).toEqual([
      ['1', FILES['1_accounts.up.sql'], FILES['1_accounts.down.sql']],
      ['2', FILES['2_größe.up.sql'], FILES['2_größe.down.sql']],
    ]);
    expect(approvals).toEqual([{ file: 'approvals/main/1.abc.approval', content: 'an approval\n' }]);
    expect(manifest).toMatchObject({ project: 'test', target: 'main', format: 'pairs', commit: 'abc' });
    expect(signedBy?.fingerprint).toBe(signer.publicKey.fingerprint);
  });

  test('is a tar archive that others can list', async () => {
    const { execFileSync } = await import('node:child_process');
    const file = join(keys, 'bundle.tar');
    writeFileSync(file, (await make()).content);
    expect(execFileSync('tar', ['tf', file]).toString().split('\n')).toEqual(
      expect.arrayContaining(['manifest.json', 'manifest.sig', 'migrations/1_accounts.up.sql']),
    );
  });

  test('is applied without the folder, and the ledger names its digest', async () => {
    const made = await make();
    const { folder } = open(made.content);
    const { database, drop } = await createTestDatabase();
    const options = { database, target: 'main', folder };
    try {
      expect((await plan(options)).migrations).toHaveLength(2);
      expect((await apply(options)).to).toBe('2');
      const [run] = await withSession(database, (session) =>
        session.query<{ source: string }>('select source from plinth.runs'),
      );
      expect(run!.source).toBe(`bundle sha256:${made.digest}`);
      expect((await apply(options)).migrations).toEqual([]);
    } finally {
      await drop();
    }
  });
});

describe('A bundle is refused', () => {
  test('when any byte is another', async () => {
    const { content } = await make();
    fc.assert(
      fc.property(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(content);
        changed[at]! ^= change;
        expect(() => open(changed)).toThrow(expect.objectContaining(INVALID));
      }),
      { numRuns: 1500 },
    );
  });

  test('when it is cut off or goes on, anywhere', async () => {
    const { content } = await make();
    fc.assert(
      fc.property(fc.nat(content.length - 1), (length) => {
        expect(() => open(content.subarray(0, length))).toThrow(expect.objectContaining(INVALID));
      }),
    );
    expect(() => open(Buffer.concat([content, Buffer.alloc(512)]))).toThrow(expect.objectContaining(INVALID));
  });

  test('when it is signed by somebody else, or by nobody', async () => {
    for (const by of [stranger, undefined]) {
      const { content } = await makeUnsignedOr(by);
      expect(() => open(content)).toThrow(expect.objectContaining({ code: 'MIGRATE_BUNDLE_UNTRUSTED' }));
      expect(openBundle(content, { name: 'b.tar', trusted: [] }).trusted).toBe(false);
    }
  });

  function makeUnsignedOr(by: Signer | undefined): Promise<MadeBundle> {
    return makeBundle({
      project: 'test',
      target: 'main',
      folder: { path: newFolder(FILES) },
      approvals: [],
      signer: by,
    });
  }

  test.each<[string, (entries: Map<string, string>) => void, string]>([
    [
      'a script was changed',
      (e) => e.set('migrations/1_accounts.up.sql', 'drop table x;'),
      'was changed after',
    ],
    ['a script is missing', (e) => e.delete('migrations/1_accounts.down.sql'), 'is missing'],
    [
      'a script was added',
      (e) => e.set('migrations/3_x.up.sql', 'select 1'),
      'does not name: migrations/3_x.up.sql',
    ],
    [
      'an entry leads out of the folder',
      (e) => e.set('../../etc/passwd', 'x'),
      'does not name: ../../etc/passwd',
    ],
    ['an approval was changed', (e) => e.set('approvals/1.abc.approval', 'x'), 'was changed after'],
    ['it has no manifest', (e) => e.delete('manifest.json'), 'has no manifest'],
    ['its manifest is none', (e) => e.set('manifest.json', '{'), 'its manifest is not JSON'],
    ['its format is newer', (e) => e.set('manifest.json', '{"version": 2}'), 'use a newer Plinth'],
    [
      'its manifest was changed',
      (e) => changeManifest(e, { target: 'other' }),
      'the signature is not of this text',
    ],
  ])('when %s', async (_, change, reason) => {
    const entries = entriesOf(await make());
    change(entries);
    expect(() => open(packed(entries))).toThrow(
      expect.objectContaining({ ...INVALID, message: expect.stringContaining(reason) }),
    );
  });

  function changeManifest(entries: Map<string, string>, change: Partial<BundleManifest>): void {
    const manifest = JSON.parse(entries.get('manifest.json')!) as BundleManifest;
    entries.set('manifest.json', manifestText({ ...manifest, ...change }));
  }

  test('when a manifest, whoever signs it, would unpack elsewhere or names something twice', async () => {
    const entries = entriesOf(await make());
    entries.delete('manifest.sig');
    const manifest = JSON.parse(entries.get('manifest.json')!) as BundleManifest;
    const [first] = manifest.migrations;
    expect(() =>
      manifestText({ ...manifest, migrations: [{ ...first!, up: { ...first!.up, path: '../x' } }] }),
    ).toThrow();
    entries.set('manifest.json', manifestText({ ...manifest, migrations: [...manifest.migrations, first!] }));
    expect(() => openBundle(packed(entries), { name: 'b.tar', trusted: [] })).toThrow(/twice/);
  });

  test('when it has an entry twice, or one that is too large', async () => {
    const entry: TarEntry = { path: 'manifest.json', content: Buffer.from('{}') };
    expect(() => open(writeTar([entry, entry]))).toThrow(/manifest.json twice/);
    const huge = Buffer.from(writeTar([entry]));
    huge.write((LARGEST_ENTRY_BYTES + 1).toString(8).padStart(11, '0'), 124);
    expect(() => open(huge)).toThrow(/larger than 64 MiB/);
    expect(() => open(Buffer.alloc(LARGEST_BUNDLE_BYTES + 1))).toThrow(/larger than 256 MiB/);
  });

  test('when it is no archive at all', () => {
    for (const content of [
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.alloc(1024),
      Buffer.alloc(4096, 'x'),
    ]) {
      expect(() => open(content)).toThrow(expect.objectContaining(INVALID));
    }
  });
});

test('A tar archive gives back its entries, and any other bytes are an error or another archive', () => {
  const path = fc.stringMatching(/^[a-z0-9_./-]{1,60}$/);
  const entry = fc.record({ path, content: fc.uint8Array({ maxLength: 1500 }) });
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: (one) => one.path, maxLength: 5 }), (entries) => {
      const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
      const archive = writeTar(entries);
      expect(readTar(archive).map((one) => [one.path, Buffer.from(one.content)])).toEqual(
        sorted.map((one) => [one.path, Buffer.from(one.content)]),
      );
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      try {
        expect(Buffer.from(writeTar(readTar(bytes))).equals(bytes)).toBe(true);
      } catch (error) {
        expect(error instanceof RangeError || isPlinthError(error)).toBe(true);
      }
    }),
  );
});
