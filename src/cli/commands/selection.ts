import type { FleetRunReport, RunReport } from '../../migrate/index.js';
import type { CommandContext, CommandOption } from '../command.js';

export const TARGET_OPTION: CommandOption = {
  flags: '--target <name>',
  description: 'only this target',
  defaultText: 'every target of plinth.yaml',
};

export const ONE_TARGET_OPTION: CommandOption = {
  flags: '--target <name>',
  description: 'the target (wanted where there are several)',
};

/** One of a fleet, for what is told by ids that are one database's own. */
export const MEMBER_OPTION: CommandOption = {
  flags: '--member <name>',
  description: 'one database or schema, where the target is a fleet',
};

export const FROM_OPTION: CommandOption = {
  flags: '--from <bundle>',
  description: 'take the migrations from a bundle, a file or s3://bucket/key, once it is verified',
  defaultText: 'the folder of the target',
};

/** The options that were given, by the names that the library's calls have for them. */
export function given<Selection>(
  context: CommandContext,
  ...names: readonly (keyof Selection & string)[]
): Partial<Selection> {
  const entries = names.flatMap((name) =>
    context.options[name] === undefined ? [] : [[name, context.options[name]] as const],
  );
  // The names are the call's own, and the command's option declarations say what each holds.
  return Object.fromEntries(entries) as Partial<Selection>;
}

/** How many members of fleets failed in these runs. */
export function failedMembers(reports: readonly (RunReport | FleetRunReport)[]): number {
  return reports.reduce((sum, report) => sum + ('fleet' in report ? report.counts.failed : 0), 0);
}
