import { defineErrors } from './plinth-error.js';

export const FILE_ERRORS = defineErrors('FILE', {
  NOT_READ: {
    fault: 'environment',
    when: 'A file that was named or is needed cannot be read.',
    fix: 'Check the path and its permissions.',
  },
  NOT_WRITTEN: {
    fault: 'environment',
    when: 'A file or folder cannot be written to.',
    fix: 'Make the folder writable for this user, or name another one.',
  },
});
