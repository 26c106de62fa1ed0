import { defineErrors } from '../core/index.js';

export const CLI_ERRORS = defineErrors('CLI', {
  COMMAND_UNKNOWN: {
    fault: 'usage',
    when: 'The command line names a command that does not exist.',
    fix: 'Run `plinth --help` to see the commands.',
  },
  OPTION_UNKNOWN: {
    fault: 'usage',
    when: 'The command line has a flag that the command does not know.',
    fix: 'Add --help to the command to see its flags.',
  },
  ARGUMENT_INVALID: {
    fault: 'usage',
    when: 'A flag or an argument is missing, superfluous, or of the wrong form.',
    fix: 'Add --help to the command to see what it takes.',
  },
  BYTES_ON_TERMINAL: {
    fault: 'usage',
    when: 'A result that is no text, such as a PNG, would be printed to a terminal.',
    fix: 'Name a file with --file, or send standard output to one.',
  },
  PORT_TAKEN: {
    fault: 'environment',
    when: 'The port that a command was told to listen on cannot be had.',
    fix: 'Name another port, or 0 for any that is free.',
  },
  NOT_CONFIRMED: {
    fault: 'usage',
    when: 'A command that takes something away was not confirmed.',
    fix: 'Answer y, or add --yes where nobody can answer.',
  },
  INTERRUPTED: {
    fault: 'environment',
    when: 'The command was stopped by Ctrl-C or SIGTERM; nothing was left half-done.',
    fix: 'Run the command again.',
  },
});
