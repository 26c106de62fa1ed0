import { defineErrors } from '../core/index.js';

export const DDL_ERRORS = defineErrors('DDL', {
  RENAME_UNKNOWN: {
    fault: 'usage',
    when: 'A rename is asked for of something that the first schema does not have.',
    fix: 'Name the object as it is called in the first schema: schema.table, or schema.table.column.',
  },
});
