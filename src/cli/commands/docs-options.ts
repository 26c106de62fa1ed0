import type { CommandOption } from '../command.js';

/** Several targets may share one database, and what is read of it is all of it. */
export const DATABASE_OPTION: CommandOption = {
  flags: '--target <name>',
  description: 'only the database of this target',
  defaultText: 'those of all targets',
};

/** What `docs build` and `docs check` take alike: what one writes is what the other compares. */
export const DOCS_OPTIONS: readonly CommandOption[] = [
  DATABASE_OPTION,
  {
    flags: '--folder <path>',
    description: 'where the documents are, from the project’s root',
    defaultText: 'docs.folder of plinth.yaml',
  },
  {
    flags: '--site <path>',
    description: 'where the static site is, from the project’s root',
    defaultText: 'docs.site of plinth.yaml, else none',
  },
  {
    flags: '--row-estimates',
    description: 'tell about how many rows each table has; not for committed documents',
  },
];
