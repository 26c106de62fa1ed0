import { posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPackageFile } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import {
  buildDictionary,
  dictionaryJsonSchema,
  dictionaryPages,
  dictionarySchema,
} from '../../src/docs/index.js';
import { emptyModel, foldPartitions, type SchemaModel } from '../../src/schema/index.js';
import { PUBLIC_SCHEMAS, scriptOf } from '../catalog/public-schemas.js';
import { createTestDatabase, serverUrl, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { noPrograms, runScript } from '../support/postgres-programs.js';
import { foundationDatabase } from './foundation.js';
import { brokenLinks, cellsOf, untoldObjects } from './pages.js';
import { expectGolden, modelOf, shopDatabase } from './shop.js';

let place: TestDatabase;
let model: SchemaModel;

beforeAll(async () => {
  place = await shopDatabase();
  model = await modelOf(place);
});
afterAll(() => place.drop());

describe('the pages of a shop', () => {
  const classification = new Map([
    ['shop.customers.email', 'restricted'],
    ['shop.customers.id', 'internal'],
  ]);

  test.each([
    'dictionary.md',
    'dictionary.json',
    'tables/shop.customers.md',
    'tables/shop.orders.md',
    'tables/shop.open_orders.md',
    'tables/Odd-Names.Select-All.md',
  ])('say what the golden %s says', async (path) => {
    await expectGolden(dictionaryPages(model).get(path), path);
  });

  test('show classes, examples, row estimates and diagrams where they are given, and only there', async () => {
    const page = dictionaryPages(model, {
      classification,
      examples: new Map([['shop.customers.nick', 'bob']]),
      rowEstimates: new Map([['shop.customers', 12345]]),
      diagrams: new Map([['shop.customers', 'erDiagram\n  customers']]),
    });
    await expectGolden(page.get('tables/shop.customers.md'), 'customers-with-extras.md');
    expect(page.get('dictionary.md')).toContain('≈ 12,345');
    const plain = [...dictionaryPages(model).values()].join('');
    expect(plain).not.toMatch(/restricted|≈/);
  });

  test('are the same whether partitions were folded before or not', () => {
    expect(dictionaryPages(foldPartitions(model))).toEqual(dictionaryPages(model));
    expect([...dictionaryPages(model).keys()].join()).not.toContain('orders_2026');
  });

  test('give names that differ only in case pages of their own', () => {
    const paths = [...dictionaryPages(model).keys()].map((path) => path.toLowerCase());
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('tables/odd-names.customers~2.md');
  });

  test('keep what a comment holds from becoming markup', () => {
    const page = dictionaryPages(model).get('tables/shop.customers.md')!;
    expect(page).not.toMatch(/^# Not a heading|^- not a list|(?<!\\)<b>|\[no\]\(link\)/m);
    for (const row of cellsOf(page)) {
      expect(row.cells).toBe(row.titles);
    }
  });

  test('draw a table with those it is connected with, and none that is alone', () => {
    const pages = dictionaryPages(model);
    expect(pages.get('tables/shop.customers.md')).toContain(
      '  "shop.customers" |o--o{ "shop.customers" : "referred_by"',
    );
    expect(pages.get('tables/shop.orders.md')).toContain(
      '  "shop.customers" ||--o{ "shop.orders" : "customer_id"',
    );
    expect(pages.get('tables/shop.customer_secrets.md')).toContain('||--o|');
    expect(pages.get('tables/shop.totals.md')).not.toContain('mermaid');
  });

  test('are written as JSON of the published form', () => {
    const json = JSON.parse(dictionaryPages(model).get('dictionary.json')!);
    expect(dictionarySchema.parse(json)).toEqual(buildDictionary(model));
    expect(dictionarySchema.safeParse({ ...json, more: 1 }).success).toBe(false);
    const published = JSON.parse(readPackageFile('docs/schemas/dictionary.schema.json'));
    expect(dictionaryJsonSchema()).toEqual(published);
  });

  test('never give a secret an example', () => {
    const fields = buildDictionary(model).schemas.flatMap(({ entities }) =>
      entities.flatMap((entity) => entity.fields),
    );
    const secrets = fields.filter(({ name }) => /token|hash/.test(name));
    expect(secrets.map(({ name }) => name)).toEqual(['password_hash', 'api_token']);
    expect(secrets.every(({ example }) => example === undefined)).toBe(true);
  });
});

test('a database without tables has a dictionary that says nothing', () => {
  expect(buildDictionary(emptyModel(18)).schemas).toEqual([]);
  expect([...dictionaryPages(emptyModel(18)).keys()]).toEqual(['dictionary.md', 'dictionary.json']);
});

/** What each server's foundation was documented as. */
const foundations = new Map<number, ReadonlyMap<string, string>>();

describeOnEveryServer('the foundation', ({ major, url }) => {
  let foundation: TestDatabase;
  let itsModel: SchemaModel;

  beforeAll(async () => {
    foundation = await foundationDatabase(await url());
    itsModel = await modelOf(foundation);
  });
  afterAll(() => foundation.drop());

  test('is told whole, with links that lead somewhere', () => {
    const pages = dictionaryPages(itsModel);
    foundations.set(major, pages);
    expect(untoldObjects(itsModel, pages)).toEqual([]);
    expect(brokenLinks(pages)).toEqual([]);
  });

  test('has examples that its types and checks take', async () => {
    const { schemas } = buildDictionary(itsModel);
    await withSession(foundation.database, async (session) => {
      for (const { schema, name, fields } of schemas.flatMap(({ entities }) => entities)) {
        for (const field of fields.filter(({ example }) => example !== undefined)) {
          const rules = field.checks.map(({ expression }) => `coalesce(${expression}, true)`);
          const [row] = await session.query<{ taken: boolean }>(
            `select ${['true', ...rules].join(' and ')} as taken
               from (select $1::text::${field.type} as "${field.name}") as example`,
            [field.example!],
          );
          expect(row, `${schema}.${name}.${field.name}: ${field.example}`).toEqual({ taken: true });
        }
      }
    });
  });
});

test('the foundation has the same pages on every version', () => {
  const [first, ...others] = foundations.values();
  for (const other of others) {
    expect(other).toEqual(first);
  }
});

for (const schema of PUBLIC_SCHEMAS) {
  const script = scriptOf(schema);
  const reason = noPrograms ?? ('missing' in script ? script.missing : undefined);
  const title = `${schema.name}, a public schema, is told whole, with links that lead somewhere`;

  test.skipIf(reason !== undefined)(
    reason === undefined ? title : `${title} (skipped: ${reason})`,
    async () => {
      const made = await createTestDatabase({ serverUrl: await serverUrl(18) });
      await runScript(made.url, 'text' in script ? script.text : '');
      const itsModel = await modelOf(made);
      const pages = dictionaryPages(itsModel);
      expect(untoldObjects(itsModel, pages)).toEqual([]);
      expect(brokenLinks(pages)).toEqual([]);
      expect([...pages.keys()].every((path) => posix.normalize(path) === path)).toBe(true);
      await made.drop();
    },
    120_000,
  );
}
