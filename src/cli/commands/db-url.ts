import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const dbUrl: Command = {
  name: 'db url',
  summary: 'print the connection string of the embedded PostgreSQL, starting it if need be',
  description:
    'Prints the connection string, password included, for other programs. The server listens on this machine\nonly and its password is its own.',
  examples: [{ line: 'db url', does: 'for a service: export DATABASE_URL="$(npx plinth db url)"' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { url } = await (await openProject(context)).db.start();
    context.print(context.format === 'json' ? toJson('db url', { url }) : url);
    return 0;
  },
};
