/** What `usage top` and `usage breakdown` share: groups over a span, ranked. */
import type { GroupQuestion, Plinth } from '../../project/index.js';
import { groupsText } from '../../report/index.js';
import type { GroupBy, UsageGroups } from '../../usage/index.js';
import type { Command } from '../command.js';
import {
  ANSWER_OPTIONS,
  answer,
  FILTER_OPTIONS,
  groupingOf,
  groupQuestionOf,
  OUTPUT_OPTIONS,
  RANK_OPTIONS,
  SPAN_OPTIONS,
} from './question-options.js';

export interface GroupCommand extends Pick<Command, 'name' | 'summary' | 'description' | 'examples'> {
  /** What it groups by; the first unless the argument says another. */
  readonly groupings: readonly [GroupBy, ...GroupBy[]];
  /** How many groups it shows unless told. */
  readonly limit: number;
  ask(plinth: Plinth, question: GroupQuestion): Promise<UsageGroups | undefined>;
}

export function groupCommand({ groupings, limit, ask, ...command }: GroupCommand): Command {
  const [otherwise] = groupings;
  return {
    ...command,
    args: [{ name: '[by]', description: `${groupings.join(', ')}; ${otherwise} unless given` }],
    options: [
      ...RANK_OPTIONS,
      { flags: '--limit <count>', description: 'how many', defaultText: String(limit), number: true },
      ...SPAN_OPTIONS,
      ...FILTER_OPTIONS,
      ...ANSWER_OPTIONS,
      ...OUTPUT_OPTIONS,
    ],
    async run(context) {
      const by = groupingOf(context, otherwise, groupings);
      const { openProject } = await import('../open-project.js');
      const plinth = await openProject(context);
      const result = await ask(plinth, { by, ...groupQuestionOf(context) });
      await answer(context, command.name, result, {
        text: (groups) => groupsText(groups, context.style),
        table: async (groups) => (await import('../../usage/index.js')).groupsTable(groups),
      });
      return 0;
    },
  };
}
