import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT, readPackageFile } from '../../src/core/index.js';
import { generatedTypes, TYPE_STYLES, type TypeOptions } from '../../src/docs/index.js';
import { emptyModel, type SchemaModel } from '../../src/schema/index.js';
import { PUBLIC_SCHEMAS, scriptOf } from '../catalog/public-schemas.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { noPrograms, runScript } from '../support/postgres-programs.js';
import { foundationDatabase } from './foundation.js';
import { expectGolden, modelOf, shopDatabase } from './shop.js';

const json = new Map([
  ['shop.customers.settings', { type: 'CustomerSettings', from: './customer-settings.js' }],
]);

let place: TestDatabase;
let model: SchemaModel;

beforeAll(async () => {
  place = await shopDatabase();
  model = await modelOf(place);
});
afterAll(() => place.drop());

describe('the types of a shop', () => {
  test.each(TYPE_STYLES)('in the style %s are those of the golden', async (style) => {
    await expectGolden(generatedTypes(model, { style }), `programs/${style}.ts`);
    await expectGolden(
      generatedTypes(model, { style, brandedIds: true, bigints: 'bigint', json, parsesOwnTypes: true }),
      `programs/${style}-with-options.ts`,
    );
  });

  test('are the same whether partitions were folded before or not, and have none of their own', () => {
    expect(generatedTypes(model)).not.toContain('2026');
  });

  test('hold each table and view once', () => {
    const rows = [...generatedTypes(model).matchAll(/^export interface (\w+)Row \{$/gm)].map(
      ([, name]) => name,
    );
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toHaveLength(model.tables.length + model.views.length - 1);
  });
});

test('an empty database has no types', () => {
  for (const style of TYPE_STYLES) {
    expect(generatedTypes(emptyModel(18), { style })).not.toContain('Row');
  }
});

describe('the compiler, told to be strict,', () => {
  test('takes the types of every style, and the programs that use them as they are meant', async () => {
    const files = new Map(
      readdirSync(join(import.meta.dirname, 'goldens/programs')).map((name) => [
        name,
        readPackageFile(`tests/docs/goldens/programs/${name}`),
      ]),
    );
    expect([...files.keys()].filter((name) => name.startsWith('uses-'))).toHaveLength(TYPE_STYLES.length);
    for (const style of TYPE_STYLES) {
      files.set(`${style}-empty.ts`, generatedTypes(emptyModel(18), { style }));
    }
    expect(await compile(files)).toBe('');
  }, 120_000);

  test('takes the types of the foundation', async () => {
    const foundation = await foundationDatabase();
    const itsModel = await modelOf(foundation);
    await foundation.drop();
    expect(await compile(everyStyle(itsModel, { brandedIds: true }))).toBe('');
  }, 120_000);

  const missing = PUBLIC_SCHEMAS.map(scriptOf).find((script) => 'missing' in script);
  const reason = noPrograms ?? (missing && 'missing' in missing ? missing.missing : undefined);
  const title = 'takes the types of public schemas';
  test.skipIf(reason !== undefined)(
    reason === undefined ? title : `${title} (skipped: ${reason})`,
    async () => {
      const files = new Map<string, string>();
      for (const schema of PUBLIC_SCHEMAS) {
        const script = scriptOf(schema);
        const made = await createTestDatabase();
        await runScript(made.url, 'text' in script ? script.text : '');
        for (const [name, text] of everyStyle(await modelOf(made), { brandedIds: true })) {
          files.set(`${schema.name}-${name}`, text);
        }
        await made.drop();
      }
      expect(await compile(files)).toBe('');
    },
    240_000,
  );
});

function everyStyle(model: SchemaModel, options: TypeOptions): Map<string, string> {
  return new Map(TYPE_STYLES.map((style) => [`${style}.ts`, generatedTypes(model, { ...options, style })]));
}

/** What the compiler complains about in a program of these files. */
async function compile(files: ReadonlyMap<string, string>): Promise<string> {
  const cache = join(PACKAGE_ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'plinth-types-'));
  const options = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: true,
    types: [],
  };
  try {
    for (const [name, text] of files) {
      writeFileSync(join(folder, name), text);
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
    );
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin/tsc',
    );
    await promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false']);
    return '';
  } catch (cause) {
    return (cause as { stdout?: string }).stdout ?? String(cause);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('what node-postgres reads and writes is what the Zod schemas say', async () => {
  const cache = mkdtempSync(join(PACKAGE_ROOT, 'node_modules/.cache/plinth-types-'));
  writeFileSync(join(cache, 'shop.ts'), generatedTypes(model, { style: 'zod' }));
  const types = (await import(join(cache, 'shop.ts'))) as typeof import('./goldens/programs/zod.js');
  const client = new pg.Client(place.url);
  await client.connect();
  const customer = types.shopCustomersInsert.parse({
    email: 'ada@example.com',
    settings: JSON.stringify(['a', { b: 1 }]),
    tags: ['x', 'y z'],
    created_at: new Date(0),
  });
  const { rows: customers } = await client.query(
    'insert into shop.customers (email, settings, tags, created_at) values ($1, $2, $3, $4) returning *',
    [customer.email, customer.settings, customer.tags, customer.created_at],
  );
  const row = types.shopCustomersRow.parse(customers[0]);
  expect(row).toMatchObject({ tags: ['x', 'y z'], settings: ['a', { b: 1 }], visits: 1, nick: null });
  const order = types.shopOrdersInsert.parse({
    customer_id: row.id,
    placed_at: '2026-05-05',
    history: ['open', 'paid'],
    total: '(12.5,EUR)',
    weight_kg: 100.5,
    price_band: '[1,2)',
  });
  const { rows: orders } = await client.query(
    `insert into shop.orders (customer_id, placed_at, history, total, weight_kg, price_band)
       values ($1, $2, $3, $4, $5, $6) returning *`,
    [order.customer_id, order.placed_at, order.history, order.total, order.weight_kg, order.price_band],
  );
  expect(types.shopOrdersRow.parse(orders[0])).toMatchObject({
    number: '1',
    weight_kg: '100.500',
    is_large: true,
  });
  expect(types.shopOrdersInsert.safeParse({ customer_id: row.id, number: 1 }).success).toBe(false);
  expect(types.shopOrdersUpdate.safeParse({ kind: 'phone' }).success).toBe(false);
  await client.end();
  rmSync(cache, { recursive: true });
});
