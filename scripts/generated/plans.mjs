/** The JSON Schema of what `plinth plan` prints. */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { pathInTree } from '../tree/root.mjs';

/** @type {import('./generator.mjs').Generator} */
export const plans = {
  name: 'plans',
  files: async () => {
    const { planDocument } = await import(pathToFileURL(pathInTree('dist/migrate/plan-document.js')).href);
    const schema = { title: 'plinth plan --format json', ...z.toJSONSchema(planDocument) };
    return new Map([['docs/schemas/plan.schema.json', `${JSON.stringify(schema, null, 2)}\n`]]);
  },
};
