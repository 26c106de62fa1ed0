import type { TargetChoice } from '../../project/index.js';
import { validationText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, TARGET_OPTION } from './selection.js';

export const validate: Command = {
  name: 'validate',
  summary: 'read and parse every migration, without a database',
  options: [TARGET_OPTION],
  examples: [
    { line: 'validate', does: 'check names, versions, syntax and missing downs; exit code 1 on a finding' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const results = await plinth.validate(given<TargetChoice>(context, 'target'));
    context.print(
      context.format === 'json'
        ? toJson('validate', results)
        : results.map((result) => validationText(result, context.style)).join('\n'),
    );
    return results.some(({ findings }) => findings.length > 0) ? 1 : 0;
  },
};
