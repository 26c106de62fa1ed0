import type { DriftChoice } from '../../project/index.js';
import { driftAdvice, driftText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { COMPARISON_OPTIONS, comparisonChoice } from './comparison-options.js';
import { given, TARGET_OPTION } from './selection.js';

export const drift: Command = {
  name: 'drift',
  summary: 'compare the live databases with what their applied migrations make',
  description: [
    'Applies the texts in the ledger to a throwaway database of the same version',
    'and compares. What they make is kept in .plinth/cache, so that comparing again',
    'starts no server. Nothing in the database is changed. The exit code is 1 when',
    'something has drifted, or when it cannot be known.',
  ].join('\n'),
  options: [
    TARGET_OPTION,
    ...COMPARISON_OPTIONS,
    {
      flags: '--record <version>',
      description: 'compare as if this pending migration were applied and, if nothing differs, record it so',
    },
    {
      flags: '--sql',
      description: 'print the SQL that brings the databases back, with what is dangerous about it',
    },
  ],
  examples: [
    { line: 'drift', does: 'every database, object by object: who is right' },
    { line: 'drift --format json --quiet', does: 'for a scheduled job' },
    {
      line: 'drift --target operational --record 202611211250',
      does: 'what was done by hand is in this migration now: take it for applied',
    },
    { line: 'drift --ignore owners,privileges', does: 'where these belong to the environment' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const drifts = await plinth.drift({
      ...comparisonChoice(context),
      ...given<DriftChoice>(context, 'sql', 'record'),
    });
    const isFine = drifts.every(({ state }) => state === 'none');
    if (context.options.sql && context.format === 'text') {
      const { scriptOf } = await import('../../compare/index.js');
      for (const { sql, database, member } of drifts) {
        context.print(`-- ${member ?? database}\n${sql ? scriptOf(sql.revert).trimEnd() : '-- not known'}`);
      }
      return isFine ? 0 : 1;
    }
    context.print(
      context.format === 'json'
        ? toJson('drift', drifts)
        : [
            ...drifts.map((each) => driftText(each, context.style)),
            ...driftAdvice(drifts, context.style),
          ].join('\n'),
    );
    return isFine ? 0 : 1;
  },
};
