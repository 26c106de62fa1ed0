import { defineErrors } from '../core/index.js';

export const PROVE_ERRORS = defineErrors('PROVE', {
  VERSION_UNKNOWN: {
    fault: 'usage',
    when: 'A version that is to be proven is not in the folder.',
    fix: "Look at the versions with 'plinth status'.",
  },
  BASE_UNKNOWN: {
    fault: 'usage',
    when: 'The git reference of --base cannot be found, or the project is in no git repository.',
    fix: 'Name a branch, tag or commit that this clone has; a shallow clone may have to fetch it first.',
  },
});
