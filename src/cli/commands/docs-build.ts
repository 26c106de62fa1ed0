import type { DocsChoice } from '../../project/index.js';
import { docsBuiltText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { DOCS_OPTIONS } from './docs-options.js';
import { given } from './selection.js';

export const docsBuild: Command = {
  name: 'docs build',
  summary: 'write the data dictionary, diagrams and a static site from the live database',
  description:
    'Writes dictionary.md, dictionary.json, tables/<schema>.<table>.md, diagrams in erd/,\nand, where it is wanted, a static site. Pages of tables that are gone are removed.\nThe databases of all targets are documented together.',
  options: DOCS_OPTIONS,
  examples: [
    { line: 'docs build', does: 'the documents of the whole project' },
    { line: 'docs build --site public', does: 'and a site in public/, to be opened from there or published' },
    {
      line: 'docs build --target billing --folder docs/billing',
      does: 'those of one database, in a folder of their own',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const report = await plinth.docs.build(
      given<DocsChoice>(context, 'target', 'folder', 'site', 'rowEstimates'),
    );
    context.print(
      context.format === 'json' ? toJson('docs build', report) : docsBuiltText(report, context.style),
    );
    return 0;
  },
};
