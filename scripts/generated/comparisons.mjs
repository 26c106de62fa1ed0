/** The JSON Schemas of what `plinth diff` and `plinth drift` print. */
import { pathToFileURL } from 'node:url';
import { pathInTree } from '../tree/root.mjs';

/** @type {import('./generator.mjs').Generator} */
export const comparisons = {
  name: 'comparisons',
  files: async () => {
    const { comparisonJsonSchemas } = await import(pathToFileURL(pathInTree('dist/compare/index.js')).href);
    return new Map(
      Object.entries(comparisonJsonSchemas()).map(([name, schema]) => [
        `docs/schemas/${name}`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
    );
  },
};
