/** The JSON Schema of `analytics/rollups/*.yml`, for editors, from the reader's own declaration. */
import { pathToFileURL } from 'node:url';
import { pathInTree } from '../tree/root.mjs';

/** @type {import('./generator.mjs').Generator} */
export const rollupSchema = {
  name: 'rollup-schema',
  files: async () => {
    const { rollupJsonSchema } = await import(pathToFileURL(pathInTree('dist/usage/index.js')).href);
    return new Map([['docs/schemas/rollup.schema.json', `${JSON.stringify(rollupJsonSchema(), null, 2)}\n`]]);
  },
};
