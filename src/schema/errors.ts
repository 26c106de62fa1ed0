import { defineErrors } from '../core/index.js';

export const SCHEMA_ERRORS = defineErrors('SCHEMA', {
  MODEL_MALFORMED: {
    fault: 'usage',
    when: 'A saved schema model is not JSON.',
    fix: 'Save the model again.',
  },
  MODEL_INVALID: {
    fault: 'usage',
    when: 'A saved schema model is not of the published form, or of a form that a newer Plinth wrote.',
    fix: 'Save the model again with this version of Plinth.',
  },
});
