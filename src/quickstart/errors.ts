import { defineErrors } from '../core/index.js';

export const QUICKSTART_ERRORS = defineErrors('QUICKSTART', {
  KEY_REFUSED: {
    fault: 'environment',
    when: 'The seeded API key that the quickstart signs in with is refused, because its row was changed.',
    fix: 'Restore the key of the organization acme, or start with a fresh database.',
  },
  CANCELLED: {
    fault: 'environment',
    when: 'The quickstart was interrupted; the step under way was undone.',
    fix: 'Run it again: it goes on where it stopped.',
  },
});
