export { buildDictionary } from './dictionary/build-dictionary.js';
export {
  type CheckEntry,
  type Dictionary,
  type DictionaryExtras,
  type DictionarySchema,
  dictionaryJsonSchema,
  dictionarySchema,
  type Entity,
  type Field,
  type IndexEntry,
  type PolicyEntry,
  type Relationship,
  type RoutineEntry,
  type TypeEntry,
} from './dictionary/dictionary.js';
export { dictionaryPages } from './dictionary/dictionary-pages.js';
export {
  type Category,
  type CategoryOptions,
  categorize,
  type DocumentOptions,
  documentsOf,
} from './documents.js';
export type { Domains } from './domains.js';
export type { Categorize } from './erd/categorize.js';
export { chosenTables, type TableSelection } from './erd/chosen-tables.js';
export { neighbourhood } from './erd/neighbourhood.js';
export { type ErdFormat, type ErdOptions, type ErdTextFormat, renderErd } from './erd/render.js';
export { DOCS_ERRORS } from './errors.js';
export {
  type Documents,
  presentDocument,
  type StaleDocument,
  staleDocuments,
  writeDocuments,
} from './folder/generated-folder.js';
export { mergeModels } from './merge-models.js';
export { readRowEstimates } from './row-estimates.js';
export { generatedTypes } from './types/generated-types.js';
export { type JsonType, TYPE_STYLES, type TypeOptions, type TypeStyle } from './types/options.js';
