/** The JSON Schema of the schema model: what `--format json` of a schema holds, and what a saved model must be. */
import { pathToFileURL } from 'node:url';
import { pathInTree } from '../tree/root.mjs';

/** @type {import('./generator.mjs').Generator} */
export const schemaModel = {
  name: 'schema-model',
  files: async () => {
    const { modelJsonSchema } = await import(pathToFileURL(pathInTree('dist/schema/index.js')).href);
    return new Map([
      ['docs/schemas/schema-model.schema.json', `${JSON.stringify(modelJsonSchema(), null, 2)}\n`],
    ]);
  },
};
