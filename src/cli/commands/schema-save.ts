import type { SaveSchemaChoice } from '../../project/index.js';
import { savedSchemaText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given } from './selection.js';

export const schemaSave: Command = {
  name: 'schema save',
  summary: 'write a schema to a file, to compare with later',
  description: [
    'Writes the schema as JSON, the same bytes for the same schema; its form is',
    'docs/schemas/schema-model.schema.json. Plinth’s own records and the objects of',
    'extensions are left out.',
  ].join('\n'),
  args: [
    { name: '<file>', description: 'the file to write' },
    { name: '[source]', description: 'what to save, as for plinth diff (default: the live database)' },
  ],
  options: [
    { flags: '--target <name>', description: 'the target whose database is meant' },
    {
      flags: '--schema <name>',
      description: 'only this schema; may be given several times',
      repeatable: true,
    },
  ],
  examples: [
    { line: 'schema save db/schema.json', does: 'the live database' },
    {
      line: 'schema save before.json operational@202611210600',
      does: 'what the migrations make up to a version',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const [file, source] = context.args;
    const saved = await plinth.saveSchema({
      ...given<SaveSchemaChoice>(context, 'target'),
      file: file!,
      ...(source === undefined ? {} : { source }),
      ...(Array.isArray(context.options.schema) ? { schemas: context.options.schema } : {}),
    });
    context.print(
      context.format === 'json' ? toJson('schema save', saved) : savedSchemaText(saved, context.style),
    );
    return 0;
  },
};
