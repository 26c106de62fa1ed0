import { maintainText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';

const DEFAULT_EVERY_S = 60;

export const maintain: Command = {
  name: 'maintain',
  summary: 'do the upkeep that is due: partitions ahead, rollups, reservations, history',
  description:
    'Makes partitions ahead of time, brings rollups up to date, gives back budget reservations that have run out, and\nmoves old days of usage to the history (usage.history in plinth.yaml). For a scheduler, or with --watch for a\nservice manager. A step that fails is told and stops no other. The exit code is 1 when one failed or something\nis late.',
  options: [
    { flags: '--check', description: 'do nothing, only tell what is late' },
    { flags: '--watch', description: 'go on until stopped' },
    {
      flags: '--every <seconds>',
      description: 'how long between two rounds while watching',
      defaultText: String(DEFAULT_EVERY_S),
      number: true,
    },
  ],
  examples: [
    { line: 'maintain', does: 'once, as a cron job or a Kubernetes CronJob' },
    { line: 'maintain --watch --every 30', does: 'until stopped, as a service' },
    { line: 'maintain --check --format json', does: 'what is late, for a monitor' },
  ],
  endsBySignal: true,
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const { check, watch, every } = context.options;
    const report = await plinth.maintain({
      check: check === true,
      ...(watch === true
        ? {
            watchEveryMs: Math.max(1, typeof every === 'number' ? every : DEFAULT_EVERY_S) * 1000,
            onRound: (round) => {
              const done = round.steps.filter((step) => step.done > 0 || step.failure);
              if (done.length > 0) {
                context.say(maintainText({ ...round, steps: done }, context.style));
              }
            },
          }
        : {}),
    });
    context.print(
      context.format === 'json' ? toJson('maintain', report) : maintainText(report, context.style),
    );
    return report.late.length > 0 || report.steps.some(({ failure }) => failure) ? 1 : 0;
  },
};
