export {
  type ComparedModels,
  type ComparedSide,
  type CompareOptions,
  compareSchemas,
  type SchemaComparison,
} from './compare-schemas.js';
export type { Difference } from './difference.js';
export {
  type DriftedObject,
  type DriftedTarget,
  type DriftOptions,
  type DriftReport,
  type DriftResult,
  type DriftVerdict,
  driftAtAGlance,
  findDrift,
} from './drift.js';
export { COMPARE_ERRORS } from './errors.js';
export { type Expected, type NotKnown, readExpected } from './expected.js';
export type { Origin } from './origins.js';
export type { Recipe, RecipeStep } from './recipe.js';
export { comparisonJsonSchemas, diffDocument, driftDocument } from './report-schema.js';
export { type SavedMigration, saveMigration } from './save-migration.js';
export { type ReadSource, readSource, type SchemaSource } from './schema-source.js';
export { schemaChange, scriptOf } from './schema-sql.js';
export type { Ignorable, WhatCounts } from './what-counts.js';
export { openWorkshop, type Workshop } from './workshop.js';
