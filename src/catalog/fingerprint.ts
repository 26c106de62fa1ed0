import { sha256 } from '../core/index.js';
import type { SchemaModel } from '../schema/index.js';
import { canonicalJson } from './canonical-json.js';
import { type ComparisonOptions, comparable } from './comparable.js';

/**
 * 64 hexadecimal digits that are the same for the same schema, on PostgreSQL 15 to 18 alike. Two fingerprints made with
 * the same options are equal exactly when `diff` with those options is empty.
 *
 * Limits: bodies of SQL functions in the standard's form (`begin atomic`) and rules are compared as the server writes
 * them, which a version may do differently; so are the definitions of what extensions made differently by version.
 */
export function fingerprint(model: SchemaModel, options: ComparisonOptions = {}): string {
  return sha256(canonicalJson(comparable(model, options)));
}
