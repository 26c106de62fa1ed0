import { defineErrors } from '../core/index.js';

export const COMPARE_ERRORS = defineErrors('COMPARE', {
  SOURCE_UNKNOWN: {
    fault: 'usage',
    when: 'A schema was asked for that is no target, no version of one, no file and no connection string.',
    fix: 'Name a target, `target@version`, `target@latest`, `target@applied`, `target@ref:`, a saved schema or a connection string.',
  },
  LEDGER_MISSING: {
    fault: 'usage',
    when: 'What is applied was asked for of a database without a ledger.',
    fix: 'Apply the migrations, or take the database over with `plinth baseline` or `plinth adopt`.',
  },
  REF_UNKNOWN: {
    fault: 'usage',
    when: 'A folder of migrations was asked for as it is in a commit, and git has no such commit or folder.',
    fix: 'Name a branch, tag or commit of the repository, as in `operational@main:`.',
  },
  TARGET_NEEDED: {
    fault: 'usage',
    when: 'A migration is to be saved, and it is not clear in which target’s folder.',
    fix: 'Add --target <name>.',
  },
  RENAME_UNKNOWN: {
    fault: 'usage',
    when: 'A name that is to be taken for a renamed one is not in the first schema, or is not written as old=new.',
    fix: 'Write the full old name and the new one: --rename shop.customers.mail=email.',
  },
  NOT_PROVEN: {
    fault: 'environment',
    when: 'A migration made from a difference does not lead from the one schema to the other and back; nothing was written.',
    fix: 'Read what remains, and write that migration by hand: plinth new.',
  },
});
