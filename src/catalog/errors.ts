import { defineErrors } from '../core/index.js';

export const CATALOG_ERRORS = defineErrors('CATALOG', {
  CHANGING: {
    fault: 'environment',
    when: 'Objects are created and dropped so fast that the schema cannot be read, however often it is tried.',
    fix: 'Try again when nothing changes the schema, or leave out the schema that changes all the time.',
  },
});
