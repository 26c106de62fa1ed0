import type { DataType } from '../../schema/index.js';
import type { DictionaryExtras } from './dictionary.js';
import type { RelationshipEnds } from './relationships.js';

/** What the entries of one model are made with. */
export interface DictionarySource {
  /** By how columns name them. */
  readonly types: ReadonlyMap<string, DataType>;
  /** By `entityKey`. */
  readonly pages: ReadonlyMap<string, string>;
  readonly relationships: RelationshipEnds;
  readonly extras: DictionaryExtras;
}
