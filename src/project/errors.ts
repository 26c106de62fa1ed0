import { defineErrors } from '../core/index.js';

export const PROJECT_ERRORS = defineErrors('PROJECT', {
  EXISTS: {
    fault: 'usage',
    when: 'A project is to be made in a folder that is the root of one.',
    fix: 'Change the plinth.yaml that is there, or name another folder.',
  },
  SERVER_STOPPED: {
    fault: 'environment',
    when: 'A health check found that the embedded PostgreSQL does not run; a check starts nothing.',
    fix: 'Start it with `plinth db start`.',
  },
  TARGET_NEEDED: {
    fault: 'usage',
    when: 'A call works on one target, plinth.yaml has several, and none was named.',
    fix: 'Add --target <name>.',
  },
  MEMBER_NEEDED: {
    fault: 'usage',
    when: 'A call works on one database or schema, the target is a fleet of several, and none was named.',
    fix: 'Add --member <name>.',
  },
  MEMBER_UNKNOWN: {
    fault: 'usage',
    when: 'A member was named that the fleet of the target does not have.',
    fix: 'Name one of those that `plinth status` lists.',
  },
  ORGANIZATION_UNKNOWN: {
    fault: 'usage',
    when: 'An organization was named that the operational target does not have.',
    fix: 'Name a living organization by its slug or its id.',
  },
  KEY_UNKNOWN: {
    fault: 'usage',
    when: 'A key was named by a prefix that none has, or that keys of several organizations have.',
    fix: 'Name the key by its id, or its organization too.',
  },
});
