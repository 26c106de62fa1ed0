import { defineErrors } from '../core/index.js';

export const DATABASE_ERRORS = defineErrors('DATABASE', {
  URL_INVALID: {
    fault: 'usage',
    when: 'A connection string is not of the form postgresql://user:password@host:port/database?option=value.',
    fix: 'Write the connection string as postgresql://user:password@host:port/database.',
  },
  UNREACHABLE: {
    fault: 'environment',
    when: 'No server answers at the host and port of the connection string.',
    fix: 'Check that the server runs and that the host and port are right.',
  },
  CREDENTIALS_REFUSED: {
    fault: 'environment',
    when: 'The server refuses the user name or the password.',
    fix: 'Check the user and the password; a password may also come from PGPASSWORD or ~/.pgpass.',
  },
  NOT_FOUND: {
    fault: 'environment',
    when: 'The server has no database of that name.',
    fix: 'Create the database, or name another one in the connection string.',
  },
  TLS_FAILED: {
    fault: 'environment',
    when: 'A TLS connection was required and could not be made or verified.',
    fix: 'Set sslmode and sslrootcert in the connection string to what the server offers.',
  },
  TOO_OLD: {
    fault: 'environment',
    when: 'The server is older than PostgreSQL 15.',
    fix: 'Use PostgreSQL 15 or newer.',
  },
  CONNECTION_LOST: {
    fault: 'environment',
    when: 'The connection ended while it was in use: the server stopped, or the backend was terminated.',
    fix: 'Run the command again: it goes on where it stopped.',
  },
  STATEMENT_FAILED: {
    fault: 'environment',
    when: 'The server refuses a statement.',
    fix: 'Read the message of the server; nothing of the transaction was kept.',
  },
  CANCELLED: {
    fault: 'environment',
    when: 'A statement was cancelled, by a signal or by another session.',
    fix: 'Run the command again.',
  },
  DUCKDB_UNAVAILABLE: {
    fault: 'environment',
    when: 'The package of DuckDB is not installed, or has no build for this platform.',
    fix: 'Install the dependencies with their optional ones, on Linux, macOS or Windows of x64 or arm64.',
  },
  EMBEDDED_UNSUPPORTED: {
    fault: 'environment',
    when: 'No package with the PostgreSQL programs for this platform is installed.',
    fix: 'Install the dependencies with their optional ones, or use a server of your own with --url.',
  },
  EMBEDDED_PORT: {
    fault: 'usage',
    when: 'The embedded PostgreSQL cannot use the port that was asked for.',
    fix: 'Name another port, or leave it out: a free one is chosen.',
  },
  EMBEDDED_FOLDER: {
    fault: 'environment',
    when: 'The folder for the data of the embedded PostgreSQL cannot be made or written to.',
    fix: 'Make the project folder writable for this user.',
  },
  EMBEDDED_OWNER: {
    fault: 'environment',
    when: 'The data of the embedded PostgreSQL belongs to another user: root made it and an ordinary user runs the command, or the other way round.',
    fix: 'Run the command as the user that made the data.',
  },
  EMBEDDED_NOT_STARTED: {
    fault: 'environment',
    when: 'The embedded PostgreSQL was started and ended before it was ready; the message holds the end of its log.',
    fix: 'Read the lines of the server log in the message.',
  },
  EMBEDDED_NOT_STOPPED: {
    fault: 'environment',
    when: 'The embedded PostgreSQL was told to stop and still runs.',
    fix: 'Look into its log, which the details name, and stop the process.',
  },
});
