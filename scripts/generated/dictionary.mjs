/** The JSON Schema of the dictionary: what `dictionary.json`, which `plinth docs build` writes, holds. */
import { pathToFileURL } from 'node:url';
import { pathInTree } from '../tree/root.mjs';

/** @type {import('./generator.mjs').Generator} */
export const dictionary = {
  name: 'dictionary',
  files: async () => {
    const { dictionaryJsonSchema } = await import(pathToFileURL(pathInTree('dist/docs/index.js')).href);
    return new Map([
      ['docs/schemas/dictionary.schema.json', `${JSON.stringify(dictionaryJsonSchema(), null, 2)}\n`],
    ]);
  },
};
