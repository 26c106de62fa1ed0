import type { DocsChoice } from '../../project/index.js';
import { docsBuiltText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { DOCS_OPTIONS } from './docs-options.js';
import { given } from './selection.js';

export const docsBuild: Command = {
  name: 'docs build',
  summary: 'write the data dictionary, a page for each table and diagrams from the live database',
  description:
    'Writes dictionary.md, dictionary.json, tables/<schema>.<table>.md and diagrams in\nerd/. Pages of tables that are gone are removed. The databases of all targets are\ndocumented together.',
  options: DOCS_OPTIONS,
  examples: [
    { line: 'docs build', does: 'the documents of the whole project' },
    {
      line: 'docs build --target billing --folder docs/billing',
      does: 'those of one database, in a folder of their own',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const report = await plinth.docs.build(given<DocsChoice>(context, 'target', 'folder', 'rowEstimates'));
    context.print(
      context.format === 'json' ? toJson('docs build', report) : docsBuiltText(report, context.style),
    );
    return 0;
  },
};
