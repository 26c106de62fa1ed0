import type { TargetChoice } from '../../project/index.js';
import { statusReportText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, TARGET_OPTION } from './selection.js';

export const status: Command = {
  name: 'status',
  summary: 'show which migrations are applied and which are pending',
  options: [
    TARGET_OPTION,
    { flags: '--check', description: 'exit with 1 unless everything is applied and in order' },
  ],
  examples: [
    { line: 'status', does: 'every migration of every target, with when it was applied' },
    { line: 'status --check --quiet', does: 'for a script: exit code 1 while something is pending' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const reports = await plinth.status(given<TargetChoice>(context, 'target'));
    context.print(
      context.format === 'json'
        ? toJson('status', reports)
        : reports.map((report) => statusReportText(report, context.style)).join('\n\n'),
    );
    const settled = new Set(['applied', 'baseline']);
    const isBehind = reports.some((report) =>
      'fleet' in report
        ? report.members.some(({ unsettled, error }) => unsettled.length > 0 || error !== undefined)
        : report.migrations.some(({ state }) => !settled.has(state)),
    );
    return context.options.check && isBehind ? 1 : 0;
  },
};
