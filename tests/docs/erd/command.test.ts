import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { open, type Plinth } from '../../../src/project/index.js';
import { plinth as run } from '../../support/command-line.js';
import type { TestDatabase } from '../../support/database.js';
import { temporaryProjects } from '../../support/projects.js';
import { shopDatabase } from '../shop.js';

const makeProject = temporaryProjects();
let place: TestDatabase;
let folder: string;
let plinth: Plinth;

beforeAll(async () => {
  place = await shopDatabase();
});
afterAll(() => place.drop());

beforeEach(async () => {
  folder = makeProject();
  writeFileSync(
    join(folder, 'plinth.yaml'),
    "version: 1\nproject: shop\ntargets:\n  main:\n    migrations: migrations\ndocs:\n  domains:\n    Buyers: ['shop.customer*']\n",
  );
  plinth = await open({ cwd: folder, url: place.url, environment: {} });
});

/** The tables of a Mermaid diagram. */
function tablesOf(content: string | Uint8Array): readonly string[] {
  return [...String(content).matchAll(/^ {2}"([^"]*)" \{$/gm)].map(([, name]) => name!);
}

describe('a diagram', () => {
  test('shows all tables, those that a pattern fits, or those around one', async () => {
    expect(tablesOf((await plinth.erd()).content)).toHaveLength(6);
    expect(tablesOf((await plinth.erd({ tables: ['shop.*', 'Select/All'] })).content)).toEqual([
      'Odd Names.Select/All',
      'shop.customer_secrets',
      'shop.customers',
      'shop.orders',
    ]);
    expect(tablesOf((await plinth.erd({ around: 'orders' })).content)).toEqual([
      'shop.customers',
      'shop.orders',
    ]);
    expect((await plinth.erd({ around: 'shop.orders', depth: 2 })).tables).toBe(3);
  });

  test('of a table that is not there is refused, and the nearest is named', async () => {
    await expect(plinth.erd({ around: 'ordres' })).rejects.toMatchObject({
      code: 'DOCS_TABLE_UNKNOWN',
      message: expect.stringContaining('orders is near it'),
    });
  });

  test('is grouped and coloured by domain where there are domains, and as it is told', async () => {
    const byDomain = String((await plinth.erd({ as: 'dot' })).content);
    expect(byDomain).toContain('label="Buyers"');
    const bySchema = String((await plinth.erd({ as: 'dot', group: 'schema' })).content);
    expect(bySchema).not.toContain('Buyers');
    const classified = String((await plinth.erd({ as: 'svg', color: 'classification' })).content);
    expect(classified).toContain('Buyers');
    expect(await plinth.erd({ as: 'svg', theme: 'dark' })).not.toEqual(await plinth.erd({ as: 'svg' }));
  });

  test('is written to a file as its ending says', async () => {
    expect(await plinth.erd({ file: 'pictures/shop.svg' })).toMatchObject({ format: 'svg', tables: 6 });
    expect(readFileSync(join(folder, 'pictures/shop.svg'), 'utf8')).toMatch(/^<svg /);
    expect(await plinth.erd({ file: 'shop.png', around: 'customers' })).toMatchObject({ format: 'png' });
    expect(readFileSync(join(folder, 'shop.png')).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('plinth erd', () => {
  const options = () => ({ cwd: folder, env: { PLINTH_URL: place.url } });

  test('prints the diagram, and nothing else, to standard output', async () => {
    const { code, stdout } = await run(['erd', '--around', 'orders', '--quiet'], options());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^---\ntitle: "shop: around orders"\n---\nerDiagram\n/);
    const png = await run(['erd', '--as', 'png', '--quiet'], options());
    expect(png.stdout.slice(1, 4)).toBe('PNG');
  });

  test('writes a file, and tells what it wrote as JSON', async () => {
    const { stdout } = await run(
      ['erd', '--tables', 'shop.*', '--tables', 'Odd*', '--file', 'a.dbml', '--format', 'json'],
      options(),
    );
    expect(JSON.parse(stdout)).toMatchObject({ data: { format: 'dbml', file: 'a.dbml', tables: 6 } });
    expect(readFileSync(join(folder, 'a.dbml'), 'utf8')).toContain('Table "shop"."orders"');
  });

  test('exits with 2 for a table that is not there', async () => {
    const { code, stderr } = await run(['erd', '--around', 'nothing'], options());
    expect(code).toBe(2);
    expect(stderr).toContain('DOCS_TABLE_UNKNOWN');
  });
});
