import { defineErrors } from '../core/index.js';

export const SEED_ERRORS = defineErrors('SEED', {
  PROFILE_UNKNOWN: {
    fault: 'usage',
    when: 'The seed is asked for with a profile that does not exist.',
    fix: 'Use dev, ci or staging; any other size is asked for as a number of organizations.',
  },
  SIZE_INVALID: {
    fault: 'usage',
    when: 'The number of organizations or the seed number is not a whole number within its limits.',
    fix: 'Give a whole number within the limits that the message names.',
  },
  SCHEMA_MISSING: {
    fault: 'environment',
    when: 'The database has not all the tables that the seed fills.',
    fix: "Apply the operational target's migrations first: plinth apply --target operational",
  },
  CONFLICT: {
    fault: 'environment',
    when: 'A row that the seed did not make stands where one of its rows must go, such as an organization with the same slug.',
    fix: 'Rename or remove that row, or seed an empty database; nothing of the part that met it was kept.',
  },
});
