import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const dbStatus: Command = {
  name: 'db status',
  summary: 'show whether the embedded PostgreSQL runs',
  examples: [{ line: 'db status', does: 'its state, port and folder; exit code 1 when it does not run' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const status = await (await openProject(context)).db.status();
    if (context.format === 'json') {
      const { url: _secret, ...shown } = status.kind === 'running' ? status : { ...status, url: undefined };
      context.print(toJson('db status', shown));
    } else if (status.kind === 'running') {
      const since = status.startedAt ? ` since ${status.startedAt}` : '';
      context.print(
        `running${since}\n  PostgreSQL ${status.version}, port ${status.port}, process ${status.pid}\n  data  ${status.dataDir}\n  log   ${status.logFile}`,
      );
    } else {
      context.print(
        status.kind === 'stopped' ? `stopped\n  data  ${status.dataDir}` : 'not set up yet: plinth db start',
      );
    }
    return status.kind === 'running' ? 0 : 1;
  },
};
