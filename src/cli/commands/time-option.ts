import { parseIsoTime } from '../../core/index.js';
import type { CommandContext } from '../command.js';
import { CLI_ERRORS } from '../errors.js';

/** A flag that holds a time: ISO 8601, UTC where no zone is given. @throws CLI_ARGUMENT_INVALID */
export function timeOption(context: CommandContext, name: string): Date | undefined {
  const text = context.options[name];
  if (typeof text !== 'string') {
    return undefined;
  }
  const time = parseIsoTime(text);
  if (!time) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot use --${name} ${text}: it is not a time (such as 2026-11-21 or 2026-11-21T06:30 was wanted)`,
    });
  }
  return new Date(time.clockMs - (time.offsetMs ?? 0));
}
