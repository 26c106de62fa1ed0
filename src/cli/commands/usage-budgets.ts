import { budgetsText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const usageBudgets: Command = {
  name: 'usage budgets',
  summary: 'show what an organization has spent and reserved of its budgets',
  description:
    'Spending is counted as requests reserve and settle (platform.reserve_budget and settle_budget), so it is as of now.\nThe exit code is 1 when a hard threshold is passed.',
  args: [{ name: '<organization>', description: 'the slug or id of the organization' }],
  options: [],
  examples: [{ line: 'usage budgets acme', does: 'its budgets in their current periods' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const budgets = await plinth.usage.budgets(context.args[0]!);
    context.print(
      context.format === 'json' ? toJson('usage budgets', budgets) : budgetsText(budgets, context.style),
    );
    return budgets.some(({ alerts }) => alerts.includes('hard')) ? 1 : 0;
  },
};
