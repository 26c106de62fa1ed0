import { quickstartReportText, quickstartServerText, quickstartStepText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const quickstart: Command = {
  name: 'quickstart',
  summary: 'stand the whole foundation up: migrate, seed, import usage, roll it up',
  description:
    'Starts an embedded PostgreSQL (or uses --url), applies the migrations, loads the development seed, does\nwhat a service does for one request, imports a day of usage, rolls it up, and checks that the rollup\nequals its source. Running it again repeats nothing and loses nothing.',
  options: [{ flags: '--trace <file>', description: 'import this usage trace instead of a generated day' }],
  examples: [
    { line: 'quickstart', does: 'everything, on an embedded PostgreSQL in .plinth/' },
    { line: 'quickstart --trace requests.csv', does: 'with a trace of your own' },
    {
      line: 'quickstart --url postgresql://me@localhost/scratch',
      does: 'on a PostgreSQL of your own, 15 or newer',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const isText = context.format === 'text';
    const { trace } = context.options;
    let startedHere = false;
    try {
      const report = await plinth.quickstart({
        ...(typeof trace === 'string' ? { trace } : {}),
        onServer: (server) => {
          startedHere = server.startedHere;
          if (isText) {
            context.print(quickstartServerText(server, context.style));
          }
        },
        onStep: (step) => {
          if (isText) {
            context.print(quickstartStepText(step, context.style));
          }
        },
      });
      context.print(isText ? quickstartReportText(report, context.style) : toJson('quickstart', report));
      return report.reconciliation.isExact ? 0 : 1;
    } catch (error) {
      if (context.signal.aborted && startedHere) {
        await plinth.db.stop();
      }
      throw error;
    }
  },
};
