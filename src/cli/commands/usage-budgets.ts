import { budgetAuditText, budgetsText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';

export const usageBudgets: Command = {
  name: 'usage budgets',
  summary: 'show what an organization has spent and reserved of its budgets, or check budgets against usage',
  description:
    'Spending is counted as requests reserve and settle (platform.reserve_budget and settle_budget), so it is as of now.\nThe exit code is 1 when a hard threshold is passed. With --check, what budgets have counted in periods of the last\n35 days is compared with what usage has cost; the exit code is 1 when a budget differs by more than what is under way.',
  args: [
    {
      name: '[organization]',
      description: 'the slug or id of the organization; with --check all unless given',
    },
  ],
  options: [
    { flags: '--check', description: 'compare with what usage has cost' },
    {
      flags: '--repair',
      description: 'compare, and pay for requests whose events are there and that never settled',
    },
  ],
  examples: [
    { line: 'usage budgets acme', does: 'its budgets in their current periods' },
    { line: 'usage budgets --check', does: 'every budget beside what usage has cost' },
    { line: 'usage budgets acme --repair', does: 'what requests that died have cost, counted' },
  ],
  async run(context) {
    const [organization] = context.args;
    const repair = context.options.repair === true;
    const isCheck = repair || context.options.check === true;
    if (!isCheck && organization === undefined) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot show budgets: no organization is named (its slug or id was wanted, or --check)',
      });
    }
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const show = (result: object, text: () => string): void =>
      context.print(context.format === 'json' ? toJson('usage budgets', result) : text());
    if (isCheck) {
      const audit = await plinth.usage.auditBudgets({ repair, ...(organization ? { organization } : {}) });
      show(audit, () => budgetAuditText(audit, context.style));
      return audit.isExact ? 0 : 1;
    }
    const budgets = await plinth.usage.budgets(organization!);
    show(budgets, () => budgetsText(budgets, context.style));
    return budgets.some(({ alerts }) => alerts.includes('hard')) ? 1 : 0;
  },
};
