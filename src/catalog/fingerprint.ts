import { sha256 } from '../core/index.js';
import type { SchemaModel } from '../schema/index.js';
import { canonicalJson } from './canonical-json.js';
import { type ComparisonOptions, comparable } from './comparable.js';

/**
 * 64 hexadecimal digits that are the same for the same schema, on PostgreSQL 15 to 18 alike where the meaning is the
 * same. Two fingerprints made with the same options are equal exactly when `diff` with those options is empty.
 *
 * Limits: versions write the queries of views differently (16 leaves out needless table names), so a schema with views
 * may differ between versions; and so it may where it was restored from a dump that renames what PostgreSQL named.
 */
export function fingerprint(model: SchemaModel, options: ComparisonOptions = {}): string {
  return sha256(canonicalJson(comparable(model, options)));
}
