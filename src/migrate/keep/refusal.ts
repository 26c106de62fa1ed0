/**
 * Why the server does not take a kept row, for the ledger, the log and reports: without the row's values. Messages on
 * values quote them, in the quotes of the server's language, and one that a function raises may say anything.
 */
import { failureOf } from '../../database/index.js';

export function refusalOf(failure: unknown): string {
  const { message, sqlstate, constraint, column } = failureOf((failure as Error).cause);
  switch (sqlstate?.slice(0, 2)) {
    case undefined:
    // What is said of names and rights.
    case '42':
    case '55':
      return message;
    case '23':
      // The server's own name what is violated.
      return (constraint ?? column) ? message : `the row violates a constraint (SQLSTATE ${sqlstate})`;
    case '22':
      return `a value does not fit its column (SQLSTATE ${sqlstate})`;
    default:
      return `the server refuses the row (SQLSTATE ${sqlstate})`;
  }
}
