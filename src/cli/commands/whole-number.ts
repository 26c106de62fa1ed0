import { CLI_ERRORS } from '../errors.js';

/** The number that an argument is. @throws CLI_ARGUMENT_INVALID */
export function wholeNumber(name: string, text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot read ${name}: '${text ?? ''}' is no whole number`,
    });
  }
  return Number(text);
}
