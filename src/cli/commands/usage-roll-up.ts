import type { RollUpChoice } from '../../project/index.js';
import { rollUpReportText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { timeOption } from './time-option.js';

const DEFAULT_EVERY_S = 5;

export const usageRollUp: Command = {
  name: 'usage roll-up',
  summary: 'bring rollups up to date with their events',
  description:
    'Recomputes the buckets whose events have changed, by the marks that every change of events leaves. Any number\nof these may run at once, here and elsewhere. With --from and --to, or with --all, buckets are recomputed\nwhether or not they are marked.',
  options: [
    { flags: '--from <time>', description: 'recompute from when on', defaultText: 'the first event' },
    { flags: '--to <time>', description: 'recompute until when, excluded', defaultText: 'the last event' },
    { flags: '--all', description: 'recompute everything' },
    { flags: '--watch', description: 'go on until stopped, and let buckets settle as their rollup says' },
    {
      flags: '--every <seconds>',
      description: 'how often to look for marks while watching',
      defaultText: String(DEFAULT_EVERY_S),
      number: true,
    },
    { flags: '--workers <count>', description: 'sessions that work at once', defaultText: '1', number: true },
  ],
  examples: [
    { line: 'usage roll-up', does: 'what has changed since the last time' },
    { line: 'usage roll-up --watch', does: 'a worker for a service manager' },
    { line: 'usage roll-up --from 2026-11-02 --to 2026-11-03', does: 'one day, from its events' },
  ],
  endsBySignal: true,
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const from = timeOption(context, 'from');
    const to = timeOption(context, 'to');
    const { all, watch, every, workers } = context.options;
    const choice: RollUpChoice = {
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(all === true ? { all } : {}),
      ...(typeof workers === 'number' ? { workers } : {}),
      ...(watch === true
        ? {
            watchEveryMs: Math.max(1, typeof every === 'number' ? every : DEFAULT_EVERY_S) * 1000,
            onRound: ({ marks, left }) => {
              if (marks > 0) {
                context.say(`worked off ${marks} marks, ${left} buckets left`);
              }
            },
          }
        : {}),
    };
    const report = await plinth.usage.rollUp(choice);
    context.print(
      context.format === 'json' ? toJson('usage roll-up', report) : rollUpReportText(report, context.style),
    );
    return 0;
  },
};
