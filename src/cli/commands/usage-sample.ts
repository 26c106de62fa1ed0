import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { timeOption } from './time-option.js';

export const usageSample: Command = {
  name: 'usage sample',
  summary: 'write a generated day of usage for the seeded tenants',
  description:
    'Writes a day shaped like production (bursts, long tails, errors, cache reads) as event CSV. The same day\nand tenants give the same bytes.',
  args: [{ name: '<file>', description: 'the file to write' }],
  options: [
    { flags: '--day <date>', description: 'the day', defaultText: '2026-11-02' },
    { flags: '--events <count>', description: 'about how many events', number: true, defaultText: '50,000' },
  ],
  examples: [{ line: 'usage sample day.csv --events 1000000', does: 'a million events to load-test with' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const day = timeOption(context, 'day');
    const events = context.options.events as number | undefined;
    const path = context.args[0]!;
    await plinth.writeSampleDay({
      path,
      ...(day ? { day } : {}),
      ...(events === undefined ? {} : { events }),
    });
    context.print(context.format === 'json' ? toJson('usage sample', { path }) : `  wrote ${path}`);
    return 0;
  },
};
