export { type ComparisonOptions, comparable } from './comparable.js';
export { diff } from './diff.js';
export { CATALOG_ERRORS } from './errors.js';
export { type RelationSize, readCatalogFacts, type SizedCatalogFacts } from './facts/read-catalog-facts.js';
export { fingerprint } from './fingerprint.js';
export { type ReadSchemaOptions, readSchema } from './read-schema.js';
export type { ObjectChange, ObjectPresence, OrderChange, PropertyChange, SchemaDiff } from './schema-diff.js';
