import type { DocsChoice } from '../../project/index.js';
import { docsCheckedText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { DOCS_OPTIONS } from './docs-options.js';
import { given } from './selection.js';

export const docsCheck: Command = {
  name: 'docs check',
  summary: 'compare the committed documents with the live database',
  description: 'Exits with 1 and shows what differs when a document is stale. Nothing is written.',
  options: DOCS_OPTIONS,
  examples: [{ line: 'docs check', does: 'for CI: fails with a diff while the documents are stale' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const report = await plinth.docs.check(
      given<DocsChoice>(context, 'target', 'folder', 'site', 'rowEstimates'),
    );
    context.print(
      context.format === 'json' ? toJson('docs check', report) : docsCheckedText(report, context.style),
    );
    return report.stale.length > 0 ? 1 : 0;
  },
};
