import type { ErdChoice } from '../../project/index.js';
import { erdText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { DATABASE_OPTION } from './docs-options.js';
import { given } from './selection.js';

export const erd: Command = {
  name: 'erd',
  summary: 'draw the tables and the relations between them',
  description:
    'Prints the diagram, or writes it to a file. SVG and PNG are drawn here, without a\nbrowser or Graphviz; the others are text for Mermaid, dbdiagram.io, PlantUML and\nGraphviz. Partitions are part of their table.',
  options: [
    DATABASE_OPTION,
    {
      flags: '--as <format>',
      description: 'what to write it as',
      choices: ['mermaid', 'dbml', 'plantuml', 'dot', 'svg', 'png'],
      defaultText: 'by the ending of the file, else mermaid',
    },
    { flags: '--file <path>', description: 'write to this file, from the project’s root' },
    {
      flags: '--tables <name>',
      description: 'only this table: schema.table or table, * for any characters; may be repeated',
      repeatable: true,
    },
    { flags: '--around <table>', description: 'only this table and those that foreign keys connect it with' },
    {
      flags: '--depth <count>',
      description: 'how many foreign keys away from it',
      defaultText: '1',
      number: true,
    },
    {
      flags: '--group <category>',
      description: 'what frames stand for',
      choices: ['schema', 'domain'],
      defaultText: 'domain where docs.domains of plinth.yaml has any, else schema',
    },
    {
      flags: '--color <category>',
      description: 'what colours stand for',
      choices: ['schema', 'domain', 'classification'],
      defaultText: 'as --group',
    },
    {
      flags: '--detail <detail>',
      description: 'what SVG and PNG show of a table',
      choices: ['columns', 'keys', 'names'],
      defaultText: 'as much as can be read',
    },
    { flags: '--theme <theme>', description: 'the colours of SVG and PNG', choices: ['light', 'dark'] },
  ],
  examples: [
    { line: 'erd', does: 'all tables, as Mermaid' },
    { line: 'erd --file schema.svg --color classification', does: 'a picture, coloured by class' },
    { line: 'erd --around orders --depth 2 --file orders.png', does: 'one table and what is near it' },
    { line: "erd --tables 'billing.*' --as dbml", does: 'some tables, for dbdiagram.io' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const choice = given<ErdChoice>(
      context,
      ...(['target', 'as', 'file', 'tables', 'around', 'depth'] as const),
      ...(['group', 'color', 'detail', 'theme'] as const),
    );
    const { content, ...report } = await plinth.erd(choice);
    const isText = typeof content === 'string';
    if (context.format === 'json') {
      context.print(toJson('erd', isText && report.file === undefined ? { ...report, content } : report));
    } else if (report.file !== undefined) {
      context.print(erdText(report.file, report.tables, context.style));
    } else if (isText) {
      context.print(content.trimEnd());
    } else {
      context.printBytes(content);
    }
    return 0;
  },
};
