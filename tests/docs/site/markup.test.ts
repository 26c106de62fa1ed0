import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { html } from '../../../src/docs/site/html.js';
import { emptyModel } from '../../../src/schema/index.js';
import { models } from '../erd/generated-model.js';
import { modelOf, shopDatabase } from '../shop.js';
import { brokenSiteLinks } from './site-links.js';
import { siteOf } from './written-site.js';

let files: ReadonlyMap<string, string>;
let drop: () => Promise<void>;

beforeAll(async () => {
  const place = await shopDatabase();
  drop = () => place.drop();
  files = await siteOf(await modelOf(place), {
    extras: {
      classification: new Map([['shop.customers.email', 'restricted']]),
      rowEstimates: new Map([['shop.orders', 12_345]]),
    },
  });
});
afterAll(() => drop());

test('a template takes no markup from texts, wherever they stand', () => {
  const nasty = `"'<b>&amp;\u0000`;
  expect(String(html`<p title="${nasty}">${[nasty, undefined, false, 7]}</p>`)).toBe(
    '<p title="&quot;&#39;&lt;b&gt;&amp;amp;␀">&quot;&#39;&lt;b&gt;&amp;amp;␀7</p>',
  );
  expect(String(html`<p>${html`<b>${'<'}</b>`}</p>`)).toBe('<p><b>&lt;</b></p>');
});

test('every page is well formed, whatever the names and comments', async () => {
  await fc.assert(
    fc.asyncProperty(models, async (model) => {
      const site = await siteOf(model);
      for (const [path, text] of site) {
        if (path.endsWith('.html')) {
          expectWellFormed(text);
        }
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('every link leads to a page and a place of the site, and nothing is fetched from elsewhere', () => {
  expect(brokenSiteLinks(files)).toEqual([]);
  for (const text of files.values()) {
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|\/\/[a-z]+\.|@import|url\(/,
    );
  }
});

test('a page tells columns, relationships both ways, rules, indexes with their queries, policies and triggers', () => {
  const customers = textOf('tables/shop.customers.html');
  for (const told of [
    'People who buy.',
    'What they are called: a|b',
    'restricted',
    'gen_random_uuid()',
    "nick ~ '^[a-z]{1,10}$'",
    'Refers to',
    'Referred to by',
    'shop.orders',
    'many to one, optional, on delete SET NULL',
    'Sign-in by address.',
    'customers_own',
    'Keeps time.',
  ]) {
    expect(customers.toLowerCase()).toContain(told.toLowerCase());
  }
  const orders = textOf('tables/shop.orders.html');
  expect(orders).toContain("Open orders, newest first: where status = 'open'.");
  expect(orders).toContain('≈ 12,345 rows');
  expect(orders).toContain('Partitioned by RANGE (placed_at)');
  expect(textOf('tables/shop.open_orders.html')).toContain("WHERE (status = 'open'::shop.order_status)");
  expect(textOf('objects.html')).toContain('Where an order stands.');
});

test('the overview lists every table and view, with what it holds', () => {
  const overview = textOf('index.html');
  for (const told of [
    'shop',
    'Odd Names',
    'What is to be packed.',
    'What is sold, and to whom.',
    'materialized view',
  ]) {
    expect(overview).toContain(told);
  }
});

test('tables of a domain are listed and framed together', async () => {
  const place = await shopDatabase();
  const site = await siteOf(await modelOf(place), {
    domains: { Customers: ['shop.customer*', 'Odd Names.customers'] },
  });
  await place.drop();
  const overview = site.get('index.html')!;
  expect([...overview.matchAll(/<h2 id="[^"]*">([^<]*)</g)].map(([, title]) => title)).toEqual([
    'Customers',
    'Odd Names',
    'shop',
  ]);
  expect(overview).toMatch(/class="m k"[^>]*>Customers</);
});

test('the same model gives the same bytes; a database without tables has a site, too', async () => {
  const site = await siteOf(emptyModel(18));
  expect(await siteOf(emptyModel(18))).toEqual(site);
  expectWellFormed(site.get('index.html')!);
});

/** What a reader sees of a page. */
function textOf(path: string): string {
  return files
    .get(path)!
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const VOID = new Set(['meta', 'link', 'input', 'br', 'wbr']);

/** Every element is closed in its order, scripts are the site's own, and no character stands where markup begins. */
function expectWellFormed(text: string): void {
  const [, doctype, mark] = /^(<!doctype html>)\n(<!-- [^<>]* -->)\n/.exec(text) ?? [];
  const body = text.slice(doctype!.length + mark!.length + 2);
  const open: string[] = [];
  const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*) ?(\/?)>/g;
  for (const [, slash, name, attributes, end] of body.matchAll(tag)) {
    expect(attributes).not.toMatch(/ on[a-z]+=|javascript:/);
    if (slash) {
      expect(open.pop()).toBe(name);
    } else if (!end && !VOID.has(name!)) {
      open.push(name!);
    }
  }
  expect(open).toEqual([]);
  expect(body.replaceAll(tag, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39);)/);
  expect([...body.matchAll(/<script[^>]*>/g)]).toHaveLength(3);
}
