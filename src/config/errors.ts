import { defineErrors } from '../core/index.js';

export const CONFIG_ERRORS = defineErrors('CONFIG', {
  NOT_FOUND: {
    fault: 'usage',
    when: 'No plinth.yaml is found in the working folder or in any folder above it.',
    fix: 'Run the command inside a project, name the file with --config, or make one with `plinth init`.',
  },
  MALFORMED: {
    fault: 'usage',
    when: 'plinth.yaml is not YAML.',
    fix: 'Mend the file at the place shown.',
  },
  INVALID: {
    fault: 'usage',
    when: 'A setting in plinth.yaml is unknown, missing or of the wrong form.',
    fix: 'Mend the setting at the place shown; docs/configuration.md lists them all.',
  },
  VARIABLE_UNSET: {
    fault: 'usage',
    when: 'plinth.yaml names an environment variable, as ${NAME}, that is not set and has no default.',
    fix: 'Set the variable, or write a default as ${NAME:-default}.',
  },
  SECRET_IN_FILE: {
    fault: 'usage',
    when: 'A connection string in plinth.yaml holds a password in plain text.',
    fix: 'Put the connection string in an environment variable and write ${NAME} in its place.',
  },
  TARGET_UNKNOWN: {
    fault: 'usage',
    when: 'A target was named that plinth.yaml does not have.',
    fix: 'Name one of the targets that plinth.yaml declares.',
  },
});
