import { defineErrors } from '../core/index.js';

export const SQL_ERRORS = defineErrors('SQL', {
  PARSER_NOT_LOADED: {
    fault: 'bug',
    when: 'A statement was parsed before `loadParser` had finished.',
    fix: 'Await loadParser() once before parsing.',
  },
});
