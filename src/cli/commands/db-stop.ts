import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const dbStop: Command = {
  name: 'db stop',
  summary: 'stop the embedded PostgreSQL',
  examples: [{ line: 'db stop', does: 'stop it; open transactions are rolled back, the data stays' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const stopped = await (await openProject(context)).db.stop();
    context.print(
      context.format === 'json'
        ? toJson('db stop', { stopped })
        : stopped
          ? 'PostgreSQL is stopped'
          : 'PostgreSQL was not running',
    );
    return 0;
  },
};
