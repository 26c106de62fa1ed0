import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { RISKS, type Risk } from '../../src/migrate/approvals/risk.js';
import { parseStatement, statementText } from '../../src/migrate/approvals/statement.js';
import {
  type ApprovalFolder,
  type ApprovalPolicy,
  type ApproveOptions,
  apply,
  approve,
  listApprovals,
  type MigrateOptions,
  plan,
  readApprovalFolder,
  rollback,
} from '../../src/migrate/index.js';
import { findSigner, type PublicKey, type Signer } from '../../src/signing/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { migrationFolders, writeMigrations } from './migration-folder.js';

const NO_AGENT = { SSH_AUTH_SOCK: '', HOME: '/nonexistent' };
const newFolder = migrationFolders();

let database: TestDatabase;
let lead: Signer;
let auditor: Signer;
let stranger: Signer;

beforeAll(async () => {
  database = await createTestDatabase();
  [lead, auditor, stranger] = [await newSigner(), await newSigner(), await newSigner()] as const;
});
afterAll(() => database.drop());

async function newSigner(): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const folder = newKeyFolder();
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const signer = await findSigner({ keyFile, environment: NO_AGENT });
  rmSync(folder, { recursive: true });
  return signer;
}

function newKeyFolder(): string {
  const folder = join(import.meta.dirname, `.keys-${randomUUID()}`);
  mkdirSync(folder);
  return folder;
}

/** A project with one migration that drops a column, both up and down destructive. */
interface Project {
  readonly folder: string;
  readonly approvals: ApprovalFolder;
  readonly options: MigrateOptions & { readonly approvals: ApprovalPolicy };
  approve(signer: Signer, version?: string): Promise<void>;
}

let project: Project;
beforeEach(async () => {
  await withSession(database.database, (session) =>
    session.run('drop schema if exists plinth cascade; drop schema public cascade; create schema public'),
  );
  project = newProject({ destructive: 1 }, [named(lead, 'lead'), named(auditor, 'auditor')]);
});

function named(signer: Signer, name: string): PublicKey {
  return { ...signer.publicKey, name };
}

function newProject(
  required: Partial<Record<Risk, number>>,
  approvers: readonly PublicKey[],
  changes: Partial<MigrateOptions> = {},
): Project {
  const folder = newFolder({
    '1_accounts.up.sql': 'create table accounts (id int, note text);',
    '1_accounts.down.sql': 'drop table accounts;',
    '2_note.up.sql': '-- drops the note\nalter table accounts drop column note;',
    '2_note.down.sql': 'alter table accounts add column note text;',
  });
  const approvals = { path: join(folder, '.approvals'), displayPath: 'approvals' };
  const policy: ApprovalPolicy = {
    project: 'test',
    required,
    approvers,
    restricted: new Set(),
    readApprovals: () => readApprovalFolder(approvals),
  };
  const options = {
    database: database.database,
    target: 'main',
    folder: { path: folder, displayPath: 'migrations' },
    approvals: policy,
    ...changes,
  };
  const request = { ...options, policy, approvals } satisfies Partial<ApproveOptions>;
  return {
    folder,
    approvals,
    options,
    approve: async (signer, version = '2') => {
      await approve({ ...request, version, signer });
    },
  };
}

function approvalFile(): string {
  const [name] = readdirSync(project.approvals.path);
  return join(project.approvals.path, name!);
}

const MISSING = { code: 'MIGRATE_APPROVALS_MISSING' };

describe('A migration that is destructive', () => {
  test('is refused without an approval, and nothing before it is applied either', async () => {
    const refusal = apply(project.options);
    await expect(refusal).rejects.toMatchObject(MISSING);
    await expect(refusal).rejects.toThrow(
      "Cannot apply to 'main': a migration lacks approvals\n  2_note: destructive needs 1, has 0 (drop takes column note of accounts on line 2)",
    );
    const report = await listApprovals(project.options);
    expect(report.migrations.map(({ version, approved }) => [version, approved])).toEqual([
      ['1', true],
      ['2', false],
    ]);
  });

  test('is applied with one, which the ledger keeps', async () => {
    await project.approve(lead);
    const report = await apply(project.options);
    expect(report.migrations.map(({ version }) => version)).toEqual(['1', '2']);
    const [event] = await withSession(database.database, (session) =>
      session.query<{ details: { approvals: { approver: string; covers: string[]; content: string }[] } }>(
        `select details from plinth.run_events where event = 'applied' and version = '2'`,
      ),
    );
    expect(event!.details.approvals).toMatchObject([{ approver: 'lead', covers: ['destructive'] }]);
    expect(event!.details.approvals[0]!.content).toBe(readFileSync(approvalFile(), 'utf8'));
  });

  test('is applied without any where its risk needs none', async () => {
    const lenient = newProject({ irreversible: 1 }, [named(lead, 'lead')]);
    expect((await apply(lenient.options)).migrations).toHaveLength(2);
  });

  test('up to a version before it needs none', async () => {
    expect((await apply({ ...project.options, to: '1' })).to).toBe('1');
  });
});

describe('Two approvals', () => {
  test('must be of two approvers', async () => {
    const strict = newProject({ destructive: 2 }, [named(lead, 'lead'), named(auditor, 'auditor')]);
    await strict.approve(lead);
    await strict.approve(lead);
    await expect(apply(strict.options)).rejects.toThrow('destructive needs 2, has 1');
    await strict.approve(auditor);
    expect((await apply(strict.options)).migrations).toHaveLength(2);
  });

  test('of two keys of one name are one', async () => {
    const strict = newProject({ destructive: 2 }, [named(lead, 'lead'), named(auditor, 'lead')]);
    await strict.approve(lead);
    await strict.approve(auditor);
    await expect(apply(strict.options)).rejects.toThrow('destructive needs 2, has 1');
  });
});

describe('An approval is void', () => {
  async function voidedBy(change: () => void): Promise<string> {
    await project.approve(lead);
    change();
    await expect(apply(project.options)).rejects.toMatchObject(MISSING);
    const { migrations } = await listApprovals(project.options);
    return migrations.find(({ version }) => version === '2')!.void[0]!.reason;
  }

  test('when a statement of the up was changed', async () => {
    const reason = await voidedBy(() =>
      writeMigrations(project.folder, { '2_note.up.sql': 'alter table accounts drop column id;' }),
    );
    expect(reason).toMatch(/^the statements of the up script were changed .* \(its digest of meaning\)$/);
  });

  test('when a comment of the up was changed: it may be a directive', async () => {
    const reason = await voidedBy(() =>
      writeMigrations(project.folder, {
        '2_note.up.sql': '-- plinth: lock_timeout=1h\nalter table accounts drop column note;',
      }),
    );
    expect(reason).toMatch(/^comments or layout of the up script were changed/);
  });

  test('when the way down was changed, removed or added', async () => {
    expect(await voidedBy(() => writeMigrations(project.folder, { '2_note.down.sql': 'select 1;' }))).toMatch(
      /^the statements of the down script were changed/,
    );
    expect(await voidedBy(() => rmSync(join(project.folder, '2_note.down.sql')))).toMatch(
      /^the down script was removed/,
    );
  });

  test('when the migration is called otherwise, or moved to another target or project', async () => {
    expect(
      await voidedBy(() => {
        for (const direction of ['up', 'down']) {
          const name = (word: string) => join(project.folder, `2_${word}.${direction}.sql`);
          renameSync(name('note'), name('other'));
        }
      }),
    ).toBe("it was given when the migration was called 'note'");
    project = newProject({ destructive: 1 }, [named(lead, 'lead')]);
    await project.approve(lead);
    const elsewhere = await listApprovals({ ...project.options, target: 'other' });
    expect(elsewhere.migrations[1]!.void[0]!.reason).toBe("it was given for the target 'main'");
    const policy = { ...project.options.approvals, project: 'another' };
    const another = await listApprovals({ ...project.options, approvals: policy });
    expect(another.migrations[1]!.void[0]!.reason).toBe("it was given for the project 'test'");
  });

  test('when its text was edited, even in a way that says the same', async () => {
    const original = await (async () => {
      await project.approve(lead);
      return readFileSync(approvalFile(), 'utf8');
    })();
    for (const edited of [
      original.replace('down.risks: none', 'down.risks: destructive'),
      original.replace('up.risks: destructive', 'up.risks: destructive '),
      original.replace(/^version: 2$/m, 'version: 02'),
    ]) {
      expect(edited).not.toBe(original);
      writeFileSync(approvalFile(), edited);
      await expect(apply(project.options)).rejects.toMatchObject(MISSING);
    }
    writeFileSync(approvalFile(), original.replaceAll('\n', '\r\n'));
    expect((await apply(project.options)).migrations).toHaveLength(2);
  });

  test('when its key is no approver’s any more', async () => {
    await project.approve(lead);
    const approvals = { ...project.options.approvals, approvers: [named(auditor, 'auditor')] };
    const refusal = apply({ ...project.options, approvals });
    await expect(refusal).rejects.toThrow('is not that of an approver');
  });

  test('for a risk that came up after it was given', async () => {
    await project.approve(lead);
    const approvals: ApprovalPolicy = {
      ...project.options.approvals,
      required: { 'restricted-data': 1 },
      restricted: new Set(['public.accounts.note']),
    };
    await expect(apply({ ...project.options, approvals })).rejects.toThrow(
      'restricted-data needs 1, has 0 (alter table touches public.accounts.note, which is restricted',
    );
  });
});

describe('Approving', () => {
  test('is for approvers only', async () => {
    await expect(project.approve(stranger)).rejects.toMatchObject({ code: 'MIGRATE_APPROVER_UNKNOWN' });
  });

  test('wants a migration of the folder', async () => {
    await expect(project.approve(lead, '9')).rejects.toMatchObject({ code: 'MIGRATE_VERSION_UNKNOWN' });
  });

  test('writes a file that a person can read', async () => {
    await project.approve(lead);
    const text = readFileSync(approvalFile(), 'utf8');
    const up = readFileSync(join(project.folder, '2_note.up.sql'));
    expect(text).toContain(
      `version: 2\nname: note\nup.bytes: ${createHash('sha256').update(up).digest('hex')}\n`,
    );
    expect(text).toContain(`approver: ${lead.publicKey.fingerprint}\n`);
  });
});

describe('A rollback', () => {
  test('needs approvals for its own risks, and nothing is rolled back without them', async () => {
    await project.approve(lead);
    await apply(project.options);
    await expect(rollback({ ...project.options, to: '0' })).rejects.toThrow(
      "Cannot roll back in 'main': a migration lacks approvals\n  1_accounts: destructive needs 1, has 0 (drop takes table of accounts on line 1)",
    );
    await project.approve(auditor, '1');
    expect((await rollback({ ...project.options, to: '0' })).migrations).toHaveLength(2);
  });

  test('takes approvals from the ledger where this checkout has no such migration', async () => {
    await project.approve(lead);
    await project.approve(lead, '1');
    await apply(project.options);
    rmSync(project.approvals.path, { recursive: true });
    for (const name of readdirSync(project.folder)) {
      rmSync(join(project.folder, name));
    }
    expect((await rollback({ ...project.options, to: '0' })).migrations).toHaveLength(2);
  });
});

describe('A migration that was cut off', () => {
  const BEGUN = 'create table items (id int);\ncreate index concurrently items_idx on items (missing);';

  test('goes on as it began without new approvals, and needs them for what was mended', async () => {
    const cut = newProject({ destructive: 1 }, [named(lead, 'lead')]);
    await cut.approve(lead);
    await apply(cut.options);
    writeMigrations(cut.folder, { '3_items.up.sql': BEGUN, '3_items.down.sql': 'drop table items;' });
    const failed = { code: 'MIGRATE_STATEMENT_FAILED' };
    await expect(apply(cut.options)).rejects.toMatchObject(failed);
    await expect(apply(cut.options)).rejects.toMatchObject(failed);
    const mended = BEGUN.replace('missing', 'id').concat('\ntruncate accounts;');
    writeMigrations(cut.folder, { '3_items.up.sql': mended });
    await expect(apply(cut.options)).rejects.toThrow('3_items: destructive needs 1, has 0');
    await cut.approve(lead, '3');
    expect((await apply(cut.options)).migrations).toMatchObject([{ version: '3', resumed: true }]);
  });
});

describe('The plan', () => {
  test('shows risks and approvals', async () => {
    await project.approve(lead);
    const { migrations } = await plan(project.options);
    expect(migrations.map(({ approval }) => approval?.approved)).toEqual([true, true]);
    expect(migrations[1]!.approval).toMatchObject({
      needed: [{ risk: 'destructive', required: 1, given: 1 }],
      given: [{ approver: 'lead' }],
    });
  });
});

test('The signed text says everything, and only one text says it', () => {
  const digests = fc.option(fc.record({ bytes: hex(), meaning: hex() }), { nil: undefined });
  const risks = fc.subarray([...RISKS]);
  const name = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(
      fc.record({
        project: name,
        target: name,
        version: name,
        name,
        up: digests,
        down: digests,
        upRisks: risks,
        downRisks: risks,
        approver: name,
        approvedAt: fc
          .date({ min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true })
          .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
      }),
      fc.nat(),
      (statement, position) => {
        const text = statementText(statement);
        expect(parseStatement(text, 'a file')).toEqual(statement);
        const at = position % text.length;
        const shortened = text.slice(0, at) + text.slice(at + 1);
        try {
          expect(parseStatement(shortened, 'a file')).not.toEqual(statement);
        } catch (error) {
          expect(error).toMatchObject({ code: 'MIGRATE_APPROVAL_MALFORMED' });
        }
      },
    ),
  );

  function hex() {
    return fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
  }
});
