/** What the commands that ask about usage share. */
import type { GroupQuestion, UsageQuestion } from '../../project/index.js';
import type { AnswerTable, GroupBy } from '../../usage/index.js';
import type { CommandContext, CommandOption } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given } from './selection.js';
import { timeOption } from './time-option.js';

export const SPAN_OPTIONS: readonly CommandOption[] = [
  { flags: '--from <time>', description: 'from when on', defaultText: 'the first event' },
  { flags: '--to <time>', description: 'until when, excluded', defaultText: 'the last event' },
  {
    flags: '--time-zone <name>',
    description: 'whose days, and in which --from and --to are read, such as Europe/Paris',
    defaultText: "the organization's, else UTC",
  },
];

export const FILTER_OPTIONS: readonly CommandOption[] = [
  { flags: '--organization <slug>', description: 'only this organization (slug or id)' },
  { flags: '--provider <name>', description: 'only models of this provider' },
  { flags: '--model <name>', description: 'only this model' },
  { flags: '--key <prefix>', description: 'only this key (prefix or id)' },
  { flags: '--user <id>', description: 'only this person' },
];

export const ANSWER_OPTIONS: readonly CommandOption[] = [
  { flags: '--compare', description: 'with the span before, as long as this one' },
  { flags: '--percentiles', description: 'read latencies from the events where no rollup has them' },
];

export const OUTPUT_OPTIONS: readonly CommandOption[] = [
  { flags: '--format <format>', description: 'how to print the result', choices: ['text', 'json', 'csv'] },
  { flags: '--output <file.parquet>', description: 'write the result into a Parquet file instead' },
];

/** The question in the flags. @throws CLI_ARGUMENT_INVALID for a time that is none */
export function questionOf(context: CommandContext): UsageQuestion {
  timeOption(context, 'from');
  timeOption(context, 'to');
  return given<UsageQuestion>(
    context,
    'from',
    'to',
    'timeZone',
    'organization',
    'provider',
    'model',
    'key',
    'user',
  );
}

/** What usage is grouped by: the argument. @throws CLI_ARGUMENT_INVALID */
export function groupingOf(
  context: CommandContext,
  otherwise: GroupBy,
  groupings: readonly GroupBy[],
): GroupBy {
  const by = context.args[0] ?? otherwise;
  const known = groupings.find((one) => one === by);
  if (!known) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot group usage by ${by} (${groupings.join(', ')} were wanted)`,
    });
  }
  return known;
}

/** How groups are ranked, and how many are shown. */
export const RANK_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--measure <name>',
    description: 'what ranks',
    choices: ['requests', 'tokens', 'cost', 'errors'],
    defaultText: 'requests',
  },
  { flags: '--currency <code>', description: 'whose cost ranks', defaultText: 'USD' },
];

/** The question about groups in the flags. */
export function groupQuestionOf(context: CommandContext): Omit<GroupQuestion, 'by'> {
  return {
    ...questionOf(context),
    ...given<GroupQuestion>(context, 'measure', 'currency', 'limit', 'compare', 'percentiles'),
  };
}

/** Prints an answer as the flags say. @throws CLI_ARGUMENT_INVALID */
export async function answer<Answer>(
  context: CommandContext,
  kind: string,
  result: Answer | undefined,
  as: { text(result: Answer): string; table(result: Answer): Promise<AnswerTable> },
): Promise<void> {
  const { output, format } = context.options;
  if (typeof output === 'string' && !output.endsWith('.parquet')) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot write ${output}: only Parquet files are written (a name that ends in .parquet was wanted)`,
    });
  }
  if (format === 'json' && output === undefined) {
    context.print(toJson(kind, result ?? null));
    return;
  }
  if (result === undefined) {
    context.say('no usage yet: plinth usage import <file>');
    return;
  }
  if (typeof output === 'string') {
    const { writeParquet } = await import('../../usage/index.js');
    const table = await as.table(result);
    await writeParquet(table, output);
    context.say(`${table.rows.length} rows in ${output}`);
  } else if (format === 'csv') {
    const { tableCsv } = await import('../../usage/index.js');
    context.print(tableCsv(await as.table(result)).trimEnd());
  } else {
    context.print(as.text(result));
  }
}
