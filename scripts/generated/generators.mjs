import { comparisons } from './comparisons.mjs';
import { configuration } from './configuration.mjs';
import { dictionary } from './dictionary.mjs';
import { errorList } from './error-list.mjs';
import { plans } from './plans.mjs';
import { proofs } from './proofs.mjs';
import { rollupSchema } from './rollup-schema.mjs';
import { schemaModel } from './schema-model.mjs';
import { telemetry } from './telemetry.mjs';
import { usageFiles } from './usage-files.mjs';

/**
 * Everything in the repository that is made from the code.
 * @type {readonly import('./generator.mjs').Generator[]}
 */
export const GENERATORS = [
  configuration,
  errorList,
  rollupSchema,
  schemaModel,
  dictionary,
  usageFiles,
  telemetry,
  comparisons,
  plans,
  proofs,
];
