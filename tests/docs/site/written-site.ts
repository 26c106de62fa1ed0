import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { diagramOf } from '../../../src/docs/erd/diagram.js';
import { drawingOf } from '../../../src/docs/erd/drawing.js';
import {
  buildDictionary,
  type CategoryOptions,
  categorize,
  type DictionaryExtras,
  writeDocuments,
} from '../../../src/docs/index.js';
import { siteFiles } from '../../../src/docs/site/site-files.js';
import type { SchemaModel } from '../../../src/schema/index.js';

export interface WrittenSite {
  /** The addresses of its pages. */
  readonly pages: readonly string[];
  /** The address of a page by its path: `tables/shop.orders.html`. */
  url(path: string): string;
  remove(): void;
}

export interface SiteOptions extends CategoryOptions {
  readonly extras?: DictionaryExtras;
}

/** The files of a model's site, by their paths. */
export async function siteOf(
  model: SchemaModel,
  options: SiteOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const { extras = {}, domains = {} } = options;
  const category = categorize(undefined, options);
  return siteFiles({
    title: 'shop',
    dictionary: buildDictionary(model, extras),
    drawing: await drawingOf(diagramOf(model, undefined, category), { title: 'shop', colourBy: category }),
    isClassified: extras.classification !== undefined,
    groupOrder: Object.keys(domains),
  });
}

/** Writes it into a folder with a space and an umlaut, as people have them. */
export async function writeSite(model: SchemaModel, options: SiteOptions = {}): Promise<WrittenSite> {
  const folder = mkdtempSync(join(tmpdir(), 'plinth site ü-'));
  const files = await siteOf(model, options);
  writeDocuments(folder, files);
  const url = (path: string): string => pathToFileURL(join(folder, path)).href;
  return {
    pages: [...files.keys()].filter((path) => path.endsWith('.html')).map(url),
    url,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
