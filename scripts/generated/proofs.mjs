/** The JSON Schema of what `plinth prove` prints. */
import { pathToFileURL } from 'node:url';
import { pathInTree } from '../tree/root.mjs';

/** @type {import('./generator.mjs').Generator} */
export const proofs = {
  name: 'proofs',
  files: async () => {
    const { proofJsonSchema } = await import(pathToFileURL(pathInTree('dist/prove/index.js')).href);
    return new Map([['docs/schemas/proof.schema.json', `${JSON.stringify(proofJsonSchema(), null, 2)}\n`]]);
  },
};
