import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const dbPsqlCommand: Command = {
  name: 'db psql-command',
  summary: 'print the psql command that connects to the embedded PostgreSQL',
  examples: [{ line: 'db psql-command', does: 'to run it at once: eval "$(npx plinth db psql-command)"' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { url } = await (await openProject(context)).db.start();
    const command = `psql '${url.replaceAll("'", "'\\''")}'`;
    context.print(context.format === 'json' ? toJson('db psql-command', { command }) : command);
    return 0;
  },
};
