import type { CommandOption } from '../command.js';

/** What `docs build` and `docs check` take alike: what one writes is what the other compares. */
export const DOCS_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--target <name>',
    description: 'only the database of this target',
    defaultText: 'those of all targets',
  },
  {
    flags: '--folder <path>',
    description: 'where the documents are, from the project’s root',
    defaultText: 'docs.folder of plinth.yaml',
  },
  {
    flags: '--row-estimates',
    description: 'tell about how many rows each table has; not for committed documents',
  },
];
