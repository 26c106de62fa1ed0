import type { Ignorable } from '../../compare/index.js';
import type { ComparisonChoice } from '../../project/index.js';
import type { CommandContext, CommandOption } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { given } from './selection.js';

const IGNORABLE: readonly Ignorable[] = ['column-order', 'owners', 'privileges', 'extensions', 'comments'];

/** What `diff` and `drift` take alike. */
export const COMPARISON_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--ignore <what>',
    description: `what does not count: ${IGNORABLE.join(', ')}; commas between several`,
  },
  { flags: '--partitions', description: 'partitions that add nothing to their table count too' },
];

/** What was given of them, and of the target. @throws CLI_ARGUMENT_INVALID */
export function comparisonChoice(context: CommandContext): ComparisonChoice {
  const { ignore } = context.options;
  const named = typeof ignore === 'string' ? ignore.split(',').map((word) => word.trim()) : [];
  const unknown = named.find((word) => !IGNORABLE.some((known) => known === word));
  if (unknown !== undefined) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot ignore '${unknown}': it is not one of ${IGNORABLE.join(', ')}`,
    });
  }
  return {
    ...given<ComparisonChoice>(context, 'target', 'partitions'),
    ...(named.length > 0 ? { ignore: IGNORABLE.filter((known) => named.includes(known)) } : {}),
  };
}
