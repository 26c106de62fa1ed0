import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';

export const dbStart: Command = {
  name: 'db start',
  summary: 'start the embedded PostgreSQL, or find it running',
  description:
    'Starts the embedded PostgreSQL in the background, in .plinth/ of the project. It runs until\n`plinth db stop`, and every command that needs it starts it by itself.',
  options: [
    {
      flags: '--port <port>',
      description: 'listen on this port',
      defaultText: 'the last one used, or a free one',
      number: true,
    },
    { flags: '--foreground', description: 'stay, and stop the server on Ctrl-C' },
  ],
  examples: [
    { line: 'db start', does: 'start it in the background' },
    { line: 'db start --foreground --port 5440', does: 'run it in this terminal, on a port of its own' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const port = context.options.port as number | undefined;
    if (port !== undefined && (port < 1 || port > 65535)) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: `Cannot use --port ${port}: a port from 1 to 65535 was wanted`,
      });
    }
    const chosen = port === undefined ? {} : { port };
    const tell = (server: { port: number; version: string; dataDir: string }): void =>
      context.print(
        context.format === 'json'
          ? toJson('db start', { port: server.port, version: server.version, dataDir: server.dataDir })
          : `PostgreSQL ${server.version} runs on port ${server.port}  ${context.style.faint(server.dataDir)}`,
      );
    if (context.options.foreground) {
      await plinth.db.run({ ...chosen, signal: context.signal, onReady: tell });
      return 0;
    }
    tell(await plinth.db.start(chosen));
    return 0;
  },
};
