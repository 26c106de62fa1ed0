import { EXIT } from '../../core/index.js';
import type { HealthChoice, HealthReport, Plinth } from '../../project/index.js';
import { healthText } from '../../report/index.js';
import { log } from '../../telemetry/index.js';
import type { Command, CommandContext } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given, TARGET_OPTION } from './selection.js';

export const health: Command = {
  name: 'health',
  summary: 'tell whether the databases are fit for use, for a readiness probe',
  description:
    'Looks at each target and changes nothing: a role that may only read the schema plinth will do. The exit code\nis 0 when every target is reachable, up to date and whole, else 1. With --serve it answers on 127.0.0.1:\n/readyz (200 or 503), /healthz and /metrics (Prometheus).',
  options: [
    TARGET_OPTION,
    {
      flags: '--drift',
      description: 'compare the live schema too, where plinth drift has been run for what is applied',
    },
    {
      flags: '--timeout <ms>',
      description: 'how long the look at a target may take, in milliseconds',
      defaultText: '5000',
      number: true,
    },
    { flags: '--strict', description: 'exit with 1 also when fit for use, but somebody should look' },
    { flags: '--serve <port>', description: 'stay, and answer over HTTP; 0 is any free port', number: true },
  ],
  examples: [
    { line: 'health --format json', does: 'each target, and what is wrong with it' },
    { line: 'health --target operational --timeout 1000 --quiet', does: 'a probe of one database' },
    { line: 'health --serve 9464', does: 'an endpoint for probes and Prometheus' },
  ],
  endsBySignal: true,
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    if (context.options.timeout === 0) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot use --timeout 0: a number of milliseconds, 1 or more, was wanted',
      });
    }
    const choice: HealthChoice = {
      ...given<HealthChoice>(context, 'target', 'drift'),
      ...(typeof context.options.timeout === 'number' ? { timeoutMs: context.options.timeout } : {}),
    };
    const isReady = ({ ready, status }: HealthReport): boolean =>
      context.options.strict ? status === 'ok' : ready;
    if (typeof context.options.serve === 'number') {
      await serve(context, plinth, choice, isReady);
      return EXIT.ok;
    }
    const report = await plinth.health(choice);
    context.print(context.format === 'json' ? toJson('health', report) : healthText(report, context.style));
    return isReady(report) ? EXIT.ok : EXIT.found;
  },
};

async function serve(
  context: CommandContext,
  plinth: Plinth,
  choice: HealthChoice,
  isReady: (report: HealthReport) => boolean,
): Promise<void> {
  const { serveHealth } = await import('../health-server.js');
  const port = context.options.serve as number;
  if (port > 65535) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot use --serve ${port}: a port from 0 to 65535 was wanted`,
    });
  }
  await plinth.telemetry.start();
  await serveHealth({
    port,
    check: () => plinth.health(choice),
    json: (report) => toJson('health', report),
    isReady,
    metrics: () => plinth.telemetry.prometheusText(),
    signal: context.signal,
    onListening: (listensOn) => {
      log('info', 'health.serving', { port: listensOn });
      context.say(`health: http://127.0.0.1:${listensOn}/readyz, /healthz and /metrics; Ctrl-C ends it`);
    },
  });
  log('info', 'health.stopped', {});
}
