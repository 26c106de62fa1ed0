import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { open, type Plinth } from '../../src/project/index.js';
import { docsBuiltText, docsCheckedText, styleFor } from '../../src/report/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { temporaryProjects } from '../support/projects.js';
import { shopDatabase } from './shop.js';

const makeProject = temporaryProjects();
let place: TestDatabase;
let folder: string;

beforeAll(async () => {
  place = await shopDatabase();
});
afterAll(() => place.drop());

beforeEach(() => {
  folder = makeProject();
  writeFileSync(
    join(folder, 'plinth.yaml'),
    `version: 1
project: shop
targets:
  main:
    migrations: migrations
    url: \${MAIN_URL}
  other:
    migrations: other
    url: \${OTHER_URL}
docs:
  folder: documents
types:
  file: types/database.ts
  json:
    shop.customers.settings: ./settings.js#Settings
`,
  );
});

function openShop(otherUrl = place.url): Promise<Plinth> {
  return open({ cwd: folder, environment: { MAIN_URL: place.url, OTHER_URL: otherUrl } });
}

async function change(sql: string): Promise<void> {
  await withSession(place.database, (session) => session.run(sql));
}

const plain = styleFor(false);

describe('docs build', () => {
  test('writes the documents once, and leaves fresh ones alone', async () => {
    const plinth = await openShop();
    const { documents, stale } = await plinth.docs.build();
    expect(stale).toHaveLength(documents);
    expect(readFileSync(join(folder, 'documents/dictionary.md'), 'utf8')).toContain('### shop.orders');
    expect((await plinth.docs.check()).stale).toEqual([]);
    expect((await plinth.docs.build()).stale).toEqual([]);
  });

  test('shows what differs, brings it up to date, and removes pages of dropped tables but nothing else', async () => {
    const plinth = await openShop();
    await plinth.docs.build();
    writeFileSync(join(folder, 'documents/tables/notes.md'), '# By hand\n');
    await change(`comment on table shop.orders is 'What was bought.';
      alter table "Odd Names".customers rename to clients; create table shop.news (id int)`);
    const checked = await plinth.docs.check();
    expect(docsCheckedText(checked, plain).replaceAll(/ +$/gm, '')).toMatchSnapshot();
    const built = await plinth.docs.build();
    expect(docsBuiltText(built, plain)).toMatchSnapshot();
    expect(built.stale).toEqual(checked.stale);
    expect((await plinth.docs.check()).stale).toEqual([]);
    expect(existsSync(join(folder, 'documents/tables/Odd-Names.customers~2.md'))).toBe(false);
    expect(existsSync(join(folder, 'documents/tables/notes.md'))).toBe(true);
    await change(`comment on table shop.orders is null;
      alter table "Odd Names".clients rename to customers; drop table shop.news`);
  });

  test('takes files with other line endings for fresh, and a page that is gone for stale', async () => {
    const plinth = await openShop();
    await plinth.docs.build();
    const page = join(folder, 'documents/dictionary.md');
    writeFileSync(page, readFileSync(page, 'utf8').replaceAll('\n', '\r\n'));
    expect((await plinth.docs.check()).stale).toEqual([]);
    rmSync(page);
    expect((await plinth.docs.check()).stale).toEqual([{ path: 'dictionary.md', kind: 'missing' }]);
  });

  test('writes a site, takes it for stale where it differs, and removes its pages of dropped tables', async () => {
    const plinth = await openShop();
    await plinth.docs.build({ site: 'public/site' });
    expect(existsSync(join(folder, 'public/site/tables/shop.orders.html'))).toBe(true);
    writeFileSync(join(folder, 'public/site/tables/by-hand.html'), '<!doctype html>');
    writeFileSync(join(folder, 'documents/erd/schema.png'), 'no picture');
    await change('create table shop.news (id int)');
    await plinth.docs.build({ site: 'public/site' });
    expect(existsSync(join(folder, 'public/site/tables/shop.news.html'))).toBe(true);
    await change('drop table shop.news');
    const { stale, site } = await plinth.docs.check({ site: 'public/site' });
    expect(site).toBe('public/site');
    expect(stale).toContainEqual({ path: '../public/site/tables/shop.news.html', kind: 'extra' });
    expect(stale).toContainEqual({ path: '../public/site/assets/data.js', kind: 'changed' });
    expect(stale).toContainEqual({ path: 'erd/schema.png', kind: 'changed' });
    await plinth.docs.build({ site: 'public/site' });
    expect((await plinth.docs.check({ site: 'public/site' })).stale).toEqual([]);
    expect(existsSync(join(folder, 'public/site/tables/shop.news.html'))).toBe(false);
    expect(existsSync(join(folder, 'public/site/tables/by-hand.html'))).toBe(true);
  });

  test('tells row estimates when it is asked to', async () => {
    await change(
      `insert into "Odd Names".customers select generate_series(1, 500); analyze "Odd Names".customers`,
    );
    const plinth = await openShop();
    await plinth.docs.build({ folder: 'other', rowEstimates: true });
    expect(readFileSync(join(folder, 'other/dictionary.md'), 'utf8')).toContain('≈ 500');
    await change('truncate "Odd Names".customers');
  });

  test('shows the classes of configs/data-classification.yml', async () => {
    mkdirSync(join(folder, 'configs'));
    writeFileSync(
      join(folder, 'configs/data-classification.yml'),
      'columns:\n  shop.customers.email: restricted\n',
    );
    await (await openShop()).docs.build();
    expect(readFileSync(join(folder, 'documents/tables/shop.customers.md'), 'utf8')).toContain(
      '| restricted |',
    );
  });

  test('documents databases together, and refuses when they differ in a table of one name', async () => {
    const other = await createTestDatabase();
    await withSession(other.database, (session) =>
      session.run(
        'create schema billing; create table billing.invoices (id int primary key); create schema shop',
      ),
    );
    const plinth = await openShop(other.url);
    await plinth.docs.build();
    const dictionary = readFileSync(join(folder, 'documents/dictionary.md'), 'utf8');
    expect(dictionary.indexOf('### billing.invoices')).toBeLessThan(dictionary.indexOf('### shop.orders'));
    await plinth.docs.build({ target: 'other', folder: 'billing' });
    expect(readFileSync(join(folder, 'billing/dictionary.md'), 'utf8')).not.toContain('shop.orders');
    await withSession(other.database, (session) => session.run('create table shop.orders (id int)'));
    await expect(plinth.docs.build()).rejects.toMatchObject({ code: 'DOCS_SCHEMAS_CLASH' });
    await other.drop();
  });

  test('refuses to replace documents with those of an empty database', async () => {
    const empty = await createTestDatabase();
    const plinth = await openShop(empty.url);
    await expect(plinth.docs.build({ target: 'other' })).rejects.toMatchObject({
      code: 'DOCS_NOTHING_TO_DOCUMENT',
    });
    expect(existsSync(join(folder, 'documents'))).toBe(false);
    await empty.drop();
  });
});

describe('types', () => {
  test('are written to the file of the settings, and checked against it', async () => {
    const plinth = await openShop();
    expect(await plinth.types({ check: true })).toMatchObject({ isStale: true });
    expect(existsSync(join(folder, 'types'))).toBe(false);
    expect(await plinth.types()).toMatchObject({ file: 'types/database.ts', isStale: true });
    expect(await plinth.types({ check: true })).toMatchObject({ isStale: false });
    expect(await plinth.types({ check: true, style: 'kysely' })).toMatchObject({ isStale: true });
    const text = readFileSync(join(folder, 'types/database.ts'), 'utf8');
    expect(text).toContain("import type { Settings } from './settings.js';");
    expect(text).toContain('readonly settings: Settings;');
  });
});
