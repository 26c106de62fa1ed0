import type { UsageImport } from '../../project/index.js';
import { importText, rollUpText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given } from './selection.js';
import { timeOption } from './time-option.js';

export const usageImport: Command = {
  name: 'usage import',
  summary: 'import usage events from a file',
  description:
    'Imports a trace or a file of usage events in one transaction, then rolls its span up. The format is found\nout from the first line. Importing a file again adds nothing. Rows that are no valid events are set aside in\nanalytics.usage_rejects, with the reason. `-` reads standard input.',
  args: [{ name: '<file>', description: 'the file, or - for standard input' }],
  options: [
    {
      flags: '--organization <slug>',
      description: 'whose requests they are, where the file does not say (slug or id)',
    },
    { flags: '--provider <name>', description: 'the provider, where the file does not say' },
    { flags: '--model <name>', description: 'the model, where the file does not say' },
    {
      flags: '--operation <name>',
      description: 'the operation, where the file does not say',
      defaultText: 'chat',
    },
    {
      flags: '--start <time>',
      description: 'when a trace begins that counts from its own start',
      defaultText: '2024-01-01',
    },
    { flags: '--file-format <name>', description: 'the format, instead of finding it out' },
    { flags: '--source <name>', description: 'who reported the events; part of their identity' },
    {
      flags: '--mapping <file>',
      description: 'how the columns of another format become events (docs/usage.md)',
    },
    {
      flags: '--bad-rows <what>',
      description: 'set rows aside that are no valid events, or refuse the file: quarantine or refuse',
      defaultText: 'quarantine',
    },
    { flags: '--no-roll-up', description: 'import only' },
  ],
  examples: [
    { line: 'usage import requests.csv', does: "Plinth's own event CSV" },
    {
      line: 'usage import trace.csv --organization acme --provider sample-labs --model sample-large-2',
      does: 'a trace that names neither tenant nor model',
    },
    { line: 'usage import - < events.jsonl', does: 'from standard input' },
    { line: 'usage import log.csv --mapping gateway.yml', does: 'a file of another format' },
    { line: 'usage import spans.jsonl --organization acme', does: 'OpenTelemetry spans, as OTLP JSON' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const file = context.args[0]!;
    const startTime = timeOption(context, 'start');
    const { fileFormat, rollUp } = context.options;
    const result = await plinth.usage.import({
      input: file === '-' ? { stream: process.stdin } : { path: file },
      ...given<UsageImport>(
        context,
        'organization',
        'provider',
        'model',
        'operation',
        'source',
        'badRows',
        'mapping',
      ),
      ...(typeof fileFormat === 'string' ? { format: fileFormat } : {}),
      ...(startTime ? { startTime } : {}),
      ...(rollUp === false ? { withoutRollUp: true } : {}),
    });
    if (context.format === 'json') {
      context.print(toJson('usage import', result));
    } else {
      context.print(importText(result, context.style));
      if (result.rollUps.length > 0) {
        context.print(`  rolled up: ${rollUpText(result.rollUps)}`);
      }
    }
    return 0;
  },
};
