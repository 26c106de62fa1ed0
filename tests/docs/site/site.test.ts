import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../../src/database/index.js';
import { modelOf, shopDatabase } from '../shop.js';
import { noBrowser, startBrowser } from './browser.js';
import { type WrittenSite, writeSite } from './written-site.js';

const title = 'the site in a real Chromium';
const PHONE = { width: 390, height: 844 };

describe.skipIf(noBrowser !== undefined)(noBrowser ? `${title} (skipped: ${noBrowser})` : title, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let site: WrittenSite;
  let complaints: string[];

  beforeAll(async () => {
    const place = await shopDatabase();
    await withSession(place.database, (session) =>
      session.run(readFileSync(join(import.meta.dirname, 'hostile.sql'), 'utf8')),
    );
    site = await writeSite(await modelOf(place), {
      extras: { classification: new Map([['shop.customers.email', 'restricted']]) },
    });
    await place.drop();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    site?.remove();
  });

  beforeEach(async () => {
    await use({});
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  /** A fresh browser profile; what it complains of, and what it asks the network for, fails the test. */
  async function use(options: Parameters<Browser['newContext']>[0]): Promise<void> {
    await context?.close();
    complaints = [];
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) {
        complaints.push(`asks for ${request.url()}`);
      }
    });
  }

  const open = (path: string) => page.goto(site.url(path));
  /** Asks one of the questions of in-page.js. */
  const ask = <Answer>(question: string) => page.evaluate<Answer>(`inPage.${question}()`);
  const background = () => ask<string>('background');
  const WHITE = 'rgb(255, 255, 255)';

  test('opens every page from the disk, and every link of it leads somewhere', async () => {
    const targets = new Set<string>();
    const ids = new Map<string, readonly string[]>();
    for (const address of site.pages) {
      await page.goto(address);
      const found = await ask<string[]>('ids');
      expect(new Set(found).size).toBe(found.length);
      ids.set(decodeURI(page.url()), found);
      for (const link of await ask<string[]>('links')) {
        targets.add(decodeURI(link));
      }
    }
    const broken = [...targets].filter((target) => {
      const [address, anchor] = target.split('#') as [string, string?];
      return !ids.has(address) || (anchor && !ids.get(address)!.includes(anchor));
    });
    expect(targets.size).toBeGreaterThan(40);
    expect(broken).toEqual([]);
  });

  test('shows hostile names and comments as the texts that they are', async () => {
    const hostile = site.pages.filter((address) => address.includes('script'));
    expect(hostile.length).toBe(3);
    const headings: (string | null)[] = [];
    for (const address of [...hostile, site.url('index.html'), site.url('objects.html')]) {
      await page.goto(address);
      await page.keyboard.press('/');
      await page.keyboard.type('zebra');
      expect(await page.locator('#found li').first().textContent()).toContain(
        '</script><script>window.broken=8</script> zebra',
      );
      expect(await page.evaluate("'broken' in window")).toBe(false);
      expect(await page.locator('main script, main img, main svg svg').count()).toBe(0);
      headings.push(await page.locator('h1').textContent());
    }
    expect(headings).toContain(
      '<script>window.broken=1</script>.</title><img src=x onerror=window.broken=2>',
    );
  });

  test('finds tables by name, goes there with the keyboard alone', async () => {
    await open('index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('order');
    const found = page.locator('#found [role=option] .name');
    expect(await found.first().textContent()).toBe('shop.orders');
    expect(await page.locator('#found [aria-selected=true] .name').textContent()).toBe('shop.orders');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#found [aria-selected=true] .name').textContent()).toBe(
      await found.nth(1).textContent(),
    );
    expect(await page.locator('#search').getAttribute('aria-activedescendant')).toBe('found-1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(site.url('tables/shop.orders.html'));
    expect(await page.locator('h1').textContent()).toBe('shop.orders');
  });

  test('finds columns and comments, and goes to the column', async () => {
    await open('tables/shop.orders.html');
    await page.keyboard.press('/');
    await page.keyboard.type('receipts go');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.url('tables/shop.customers.html')}#column-email`);
    expect(await page.locator('tr:target th code').textContent()).toBe('email');
    await page.keyboard.press('/');
    await page.keyboard.type('gift note');
    expect(await page.locator('#found .name').first().textContent()).toBe('gift note');
    await page.keyboard.press('Escape');
    expect(await page.locator('#found').isVisible()).toBe(false);
    await page.locator('#search').fill('no such thing');
    expect(await page.locator('#found').textContent()).toBe('Nothing found');
    expect(await page.locator('#found-count').textContent()).toBe('0 found');
  });

  test('goes to a table by clicking it in a diagram, in the list, and in a relationship', async () => {
    await open('index.html');
    await page.locator('.whole a', { hasText: 'customer_secrets' }).click();
    await page.waitForURL(site.url('tables/shop.customer_secrets.html'));
    await page.locator('figure a').click();
    await page.waitForURL(site.url('tables/shop.customers.html'));
    await page.locator('#relationships ~ .table a', { hasText: 'shop.orders' }).click();
    await page.waitForURL(site.url('tables/shop.orders.html'));
    await page.locator('nav a', { hasText: 'totals' }).click();
    await page.waitForURL(site.url('tables/shop.totals.html'));
    expect(await page.locator('nav [aria-current=page]').textContent()).toBe('totals');
  });

  test('makes the whole diagram larger, smaller and moves it', async () => {
    await open('index.html');
    const view = page.locator('.view');
    const width = () => view.locator('svg').evaluate((svg) => Number(svg.getAttribute('width')));
    const fitting = await width();
    await page.getByRole('button', { name: 'Larger' }).click();
    expect(await width()).toBeGreaterThan(fitting * 1.2);
    await view.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect(await width()).toBeGreaterThan(fitting * 2);
    const before = await view.evaluate(({ scrollLeft }) => scrollLeft);
    const box = (await view.boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + 200, { steps: 4 });
    await page.mouse.up();
    expect(await view.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(before + 50);
    expect(page.url()).toBe(site.url('index.html'));
    await page.getByRole('button', { name: 'Fit' }).click();
    expect(await width()).toBe(fitting);
  });

  test('is dark where the system is, switches, and remembers it from page to page', async () => {
    await open('index.html');
    expect(await background()).toBe(WHITE);
    await use({ colorScheme: 'dark' });
    await open('index.html');
    expect(await background()).not.toBe(WHITE);
    const button = page.getByRole('button', { name: 'Dark colours' });
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await button.click();
    expect(await background()).toBe(WHITE);
    await open('tables/shop.orders.html');
    expect(await background()).toBe(WHITE);
    expect(await page.getByRole('button', { name: 'Dark colours' }).getAttribute('aria-pressed')).toBe(
      'false',
    );
  });

  test.each(['light', 'dark'] as const)(
    'keeps a contrast of 4.5 to 1 in all texts when it is %s',
    async (colorScheme) => {
      await use({ colorScheme });
      for (const path of ['index.html', 'tables/shop.customers.html', 'objects.html']) {
        await open(path);
        const { ratio, text } = await ask<{ ratio: number; text: string }>('leastContrast');
        expect(ratio, text).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  test('fits a phone: nothing is wider than the screen, and the list is behind a button', async () => {
    await use({ viewport: PHONE, hasTouch: true, isMobile: true });
    for (const address of site.pages) {
      await page.goto(address);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    }
    await open('index.html');
    const nav = page.locator('nav');
    expect(await nav.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Tables' }).click();
    await nav.getByRole('link', { name: 'orders', exact: true }).click();
    await page.waitForURL(site.url('tables/shop.orders.html'));
    expect(await page.locator('td[data-title=Type]').first().isVisible()).toBe(true);
  });

  test('prints light, without what is for the screen', async () => {
    await use({ colorScheme: 'dark' });
    await open('tables/shop.customers.html');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await background()).toBe(WHITE);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('.bar').isVisible()).toBe(false);
    expect((await page.pdf()).subarray(0, 4).toString()).toBe('%PDF');
  });

  test('is there without scripts, too', async () => {
    await use({ javaScriptEnabled: false });
    await open('index.html');
    expect(await page.locator('.search').isVisible()).toBe(false);
    await page.locator('main table a', { hasText: 'orders' }).first().click();
    expect(await page.locator('#columns').isVisible()).toBe(true);
  });

  test('has headings in their order, and a name for all that can be used', async () => {
    for (const path of ['index.html', 'tables/shop.customers.html']) {
      await open(path);
      const levels = await ask<number[]>('headingLevels');
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      expect(levels.every((level, index) => index === 0 || level - levels[index - 1]! <= 1)).toBe(true);
      expect(await ask('nameless')).toEqual([]);
    }
  });
});
