import { posix } from 'node:path';
import type { SchemaModel } from '../schema/index.js';
import { byClass } from './classes.js';
import { buildDictionary } from './dictionary/build-dictionary.js';
import type { DictionaryExtras } from './dictionary/dictionary.js';
import { pagesOfDictionary } from './dictionary/dictionary-pages.js';
import { byDomain, type Domains } from './domains.js';
import { bySchema, type Categorize } from './erd/categorize.js';
import { diagramOf } from './erd/diagram.js';
import { drawingOf } from './erd/drawing.js';
import { erdFiles } from './erd/files.js';
import { siteFiles } from './site/site-files.js';

/** What tables are grouped by, and coloured by, in diagrams and on the site. */
export type Category = 'schema' | 'domain' | 'classification';

export interface CategoryOptions {
  /** The parts of the schema that are told apart. */
  readonly domains?: Domains;
  /** The class of each column, and the classes in their order, least guarded first. */
  readonly classification?: ReadonlyMap<string, string>;
  readonly classes?: readonly string[];
}

export interface DocumentOptions extends CategoryOptions {
  readonly title: string;
  readonly extras: DictionaryExtras;
  /** The folder of the site, from that of the documents; none is made without it. */
  readonly site?: string;
  /** The document of that path from the last time, where there is one: what takes long is not made twice. */
  readonly present?: (path: string) => Uint8Array | undefined;
}

/** How tables are put into categories; by domain where there are domains, else by schema. */
export function categorize(category: Category | undefined, options: CategoryOptions): Categorize {
  const { domains = {}, classification = new Map(), classes = [] } = options;
  switch (category ?? (Object.keys(domains).length > 0 ? 'domain' : 'schema')) {
    case 'schema':
      return bySchema;
    case 'domain':
      return byDomain(domains);
    case 'classification':
      return byClass(classification, classes);
  }
}

/**
 * All documents of a model by their paths: the dictionary with a page a table, the diagrams of the whole below `erd/`,
 * and the site. Equal models give equal bytes, but for a PNG, whose pixels are equal.
 * @throws DOCS_LAYOUT_FAILED
 */
export async function documentsOf(
  model: SchemaModel,
  options: DocumentOptions,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { title, extras, site, present } = options;
  const category = categorize(undefined, options);
  const drawing = await drawingOf(diagramOf(model, undefined, category), { title, colourBy: category });
  // Begun first: its PNG is drawn by another process while the pages are written.
  const diagrams = erdFiles(model, drawing, {
    name: 'schema',
    colourBy: category,
    present: present && ((name) => present(`erd/${name}`)),
  });
  const dictionary = buildDictionary(model, extras);
  const groupOrder = Object.keys(options.domains ?? {});
  const isClassified = extras.classification !== undefined;
  const pages = pagesOfDictionary(dictionary, extras);
  const sitePages =
    site === undefined ? [] : [...siteFiles({ title, dictionary, drawing, isClassified, groupOrder })];
  return new Map<string, string | Uint8Array>([
    ...pages,
    ...(await diagrams).map(({ name, content }) => [`erd/${name}`, content] as const),
    ...sitePages.map(([path, content]) => [posix.join(site!, path), content] as const),
  ]);
}
