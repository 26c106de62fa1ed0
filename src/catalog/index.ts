export type { ComparisonOptions } from './comparable.js';
export { fingerprint } from './fingerprint.js';
export { PLINTH_SCHEMAS, type ReadSchemaOptions, readSchema } from './read-schema.js';
