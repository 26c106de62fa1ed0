import type { SchemaModel } from '../../schema/index.js';
import { buildDictionary } from './build-dictionary.js';
import type { Dictionary, DictionaryExtras } from './dictionary.js';
import { dictionaryPage } from './dictionary-page.js';
import type { LinkTo } from './entity-sections.js';
import { neighbourDiagram } from './neighbour-diagram.js';
import { entityKey, TABLE_PAGES } from './page-paths.js';
import { tablePage } from './table-page.js';

/**
 * The pages of a model's dictionary, by path inside the folder of the documents: `dictionary.md`, `dictionary.json`,
 * and one page a table or view below `tables/`. Equal models give equal bytes.
 *
 * @example
 * const pages = dictionaryPages(await readSchema(session), { classification });
 */
export function dictionaryPages(
  model: SchemaModel,
  extras: DictionaryExtras = {},
): ReadonlyMap<string, string> {
  return pagesOfDictionary(buildDictionary(model, extras), extras);
}

/** The same, of a dictionary that was made with these extras. */
export function pagesOfDictionary(
  dictionary: Dictionary,
  extras: DictionaryExtras,
): ReadonlyMap<string, string> {
  const isClassified = extras.classification !== undefined;
  const entities = dictionary.schemas.flatMap((schema) => schema.entities);
  const pages = new Map(entities.map(({ schema, name, page }) => [entityKey(schema, name), page]));
  const linkTo: LinkTo = (schema, name) => pages.get(entityKey(schema, name))?.slice(TABLE_PAGES.length + 1);
  return new Map([
    ['dictionary.md', dictionaryPage(dictionary, isClassified)],
    ['dictionary.json', `${JSON.stringify(dictionary, undefined, 2)}\n`],
    ...entities.map((entity): [string, string] => {
      const diagram = extras.diagrams?.get(`${entity.schema}.${entity.name}`) ?? neighbourDiagram(entity);
      return [entity.page, tablePage(entity, { linkTo, isClassified, diagram })];
    }),
  ]);
}
