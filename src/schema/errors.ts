import { defineErrors } from '../core/index.js';

export const SCHEMA_ERRORS = defineErrors('SCHEMA', {
  MODEL_MALFORMED: {
    fault: 'usage',
    when: 'A saved schema model is not JSON.',
    fix: 'Save the model again.',
  },
  MODEL_TOO_NEW: {
    fault: 'usage',
    when: 'A saved schema model was written by a newer Plinth in a form that this one does not know.',
    fix: 'Use the newer version of Plinth, or save the model again with this one.',
  },
  MODEL_INVALID: {
    fault: 'usage',
    when: 'A saved schema model is not of the published form.',
    fix: 'Save the model again with this version of Plinth.',
  },
});
