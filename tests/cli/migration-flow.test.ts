/** Approvals, bundles and fleets through the built command line, as a person uses them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { findSigner, publicKeyLine } from '../../src/signing/index.js';
import { pemKey } from '../signing/ssh-tools.js';
import { CREDENTIALS, type S3Server, startS3 } from '../storage/s3-server.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let folder: string;
let database: TestDatabase;
let server: S3Server;
let key: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-flow-'));
  database = await createTestDatabase();
  server = await startS3('releases');
  key = pemKey(folder, 'release.pem');
  const { publicKey } = await findSigner({ keyFile: key });
  const line = publicKeyLine({ ...publicKey, name: 'release' });
  await withSession(database.database, (session) =>
    session.run('create schema tenant_a; create schema tenant_b; create schema tenant_c'),
  );
  writeFileSync(
    join(folder, 'plinth.yaml'),
    `version: 1
project: flow
targets:
  main:
    migrations: db/migrations/main
    url: \${FLOW_URL}
    approvals:
      required: { destructive: 1 }
      approvers:
        - ${line}
  tenants:
    migrations: db/migrations/tenants
    url: \${FLOW_URL}
    fleet:
      query: select nspname::text from pg_namespace where nspname like 'tenant%' order by 1
      kind: schema
bundles:
  trusted:
    - ${line}
`,
  );
  write('main/1_accounts.up.sql', 'create table accounts (id int, note text);');
  write('main/1_accounts.down.sql', 'drop table accounts;');
  write('main/2_note.up.sql', 'alter table accounts drop column note;');
  write('main/2_note.down.sql', 'alter table accounts add column note text;');
  write('tenants/1_items.up.sql', 'create table items (id int);');
  write('tenants/1_items.down.sql', 'drop table items;');
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
  await database.drop();
});

function write(name: string, text: string): void {
  const path = join(folder, 'db/migrations', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

function run(...args: readonly string[]) {
  const env = { FLOW_URL: database.url, ...CREDENTIALS, AWS_ENDPOINT_URL_S3: server.endpoint };
  return plinth([...args], { cwd: folder, env: { ...env, SSH_AUTH_SOCK: '' } });
}

describe('The command line', () => {
  it('refuses what is not approved, shows why, and takes an approval', async () => {
    const refused = await run('apply', '--target', 'main');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('error[MIGRATE_APPROVALS_MISSING]');
    expect((await run('approvals', '--target', 'main', '--check')).code).toBe(1);
    const planned = await run('plan', '--target', 'main');
    expect(planned.stdout).toContain('destructive: 0 of 1 approval');
    const approved = await run('approve', '2', '--target', 'main', '--key', key);
    expect(approved.stderr).toBe('');
    expect(approved.stdout).toMatch(/approved 2_note as release/);
    expect(approved.stdout).toMatch(/db\/migrations\/approvals\/main\/2\.[0-9a-f]{16}\.approval/);
    expect((await run('approvals', '--target', 'main', '--check')).code).toBe(0);
  });

  it('packs a bundle into a bucket, verifies it, and applies exactly that', async () => {
    const place = 's3://releases/main-1.tar';
    const made = await run('bundle', '--target', 'main', '--out', place, '--key', key);
    expect(made.stderr).toBe('');
    expect(made.stdout).toContain('which is trusted');
    expect((await run('bundle', '--target', 'main', '--out', place, '--key', key)).code).toBe(0);
    expect((await run('bundle', '--verify', place)).code).toBe(0);
    write('main/3_late.up.sql', 'select 1;');
    const other = await run('bundle', '--target', 'main', '--out', place, '--key', key);
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('STORAGE_EXISTS')]);
    const applied = await run('apply', '--from', place, '--format', 'json');
    expect(applied.code).toBe(0);
    const [report] = JSON.parse(applied.stdout).data;
    expect(report.migrations.map(({ version }: { version: string }) => version)).toEqual(['1', '2']);
  });

  it('goes over a fleet and sums it up', async () => {
    await withSession(database.database, (session) =>
      session.run('create view tenant_b.items as select 1 as x'),
    );
    const applied = await run('apply', '--target', 'tenants');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toContain('MIGRATE_STATEMENT_FAILED');
    expect(applied.stdout).toMatch(/of 3 schemas done/);
    await withSession(database.database, (session) => session.run('drop view tenant_b.items'));
    const again = await run('apply', '--target', 'tenants');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('3 of 3 schemas done')]);
    const status = await run('status', '--target', 'tenants', '--check');
    expect([status.code, status.stdout]).toEqual([
      0,
      expect.stringContaining('at 1, nothing pending  3: tenant_a, tenant_b, tenant_c'),
    ]);
    const rolledBack = await run('rollback', '--target', 'tenants', '--yes');
    expect(rolledBack.stdout).toContain('rolled back: 1 → nothing');
    expect((await run('plan', '--target', 'tenants')).stdout).toContain('as in tenant_a');
  });
});
