/** What a failure of the driver or the server means: SQLSTATE, position, whether the connection is gone. */
import pg from 'pg';
import { codePointOffset, reasonOf } from '../core/index.js';
import { DATABASE_ERRORS } from './errors.js';

/** The parts of a server error that hold no data of the user's rows (`detail` may, and is left out). */
export interface SqlFailure {
  readonly message: string;
  readonly sqlstate: string | undefined;
  /** Offset in the statement's text, in UTF-16 code units. */
  readonly position: number | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  readonly hint: string | undefined;
}

/** The SQLSTATE of a server error, also when it is the cause of a `PlinthError`. */
export function sqlstateOf(error: unknown): string | undefined {
  return serverErrorOf(error)?.code;
}

function serverErrorOf(error: unknown): pg.DatabaseError | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].find((candidate) => candidate instanceof pg.DatabaseError);
}

export function failureOf(error: unknown, sql = ''): SqlFailure {
  const server = error instanceof pg.DatabaseError ? error : undefined;
  return {
    message: server?.message ?? describeClientFailure(error),
    sqlstate: server?.code,
    position: server?.position === undefined ? undefined : codePointOffset(sql, Number(server.position) - 1),
    schema: server?.schema,
    table: server?.table,
    column: server?.column,
    constraint: server?.constraint,
    hint: server?.hint,
  };
}

/** The coded error for a statement that failed: a lost connection, a cancellation, or the statement's own. */
export function statementError(cause: unknown, sql: string): Error {
  const failure = failureOf(cause, sql);
  if (isConnectionLoss(cause)) {
    return DATABASE_ERRORS.CONNECTION_LOST({
      message: `Cannot go on: the connection to the database was lost (${failure.message})`,
      details: { sqlstate: failure.sqlstate },
      cause,
    });
  }
  if (failure.sqlstate === '57014' && /user request/.test(failure.message)) {
    return DATABASE_ERRORS.CANCELLED({ message: `Cannot go on: ${failure.message}`, cause });
  }
  return DATABASE_ERRORS.STATEMENT_FAILED({
    message: `Cannot run a statement: ${failure.message}`,
    ...(failure.hint ? { hint: failure.hint } : {}),
    details: { ...failure },
    cause,
  });
}

/**
 * SQLSTATEs that a server only says when it ends the session: it shuts down or has crashed, the database is dropped,
 * the session or its transaction was idle or open for too long. Source: PostgreSQL manual, appendix A.
 */
const ENDS_SESSION = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25P03', '25P04']);

/** The server ended the session (shut down, crashed, terminated us) or the network did. */
function isConnectionLoss(error: unknown): boolean {
  const server = serverErrorOf(error);
  if (server) {
    const { code = '', severity } = server;
    // Class 08 may be about another connection, one that a foreign table needs, or about a message that was refused.
    return (
      ENDS_SESSION.has(code) || (code.startsWith('08') && (severity === 'FATAL' || severity === 'PANIC'))
    );
  }
  if (!(error instanceof Error)) {
    return false;
  }
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return (
    ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ENOTCONN'].includes(code) ||
    /connection terminated|connection ended|not queryable|client was closed/i.test(error.message)
  );
}

/** Worth another try while connecting: the server is starting, stopping for a restart, or full. */
export function isTransientConnectFailure(error: unknown): boolean {
  const sqlstate = sqlstateOf(error);
  return (
    sqlstate === '57P03' || sqlstate === '53300' || (error as NodeJS.ErrnoException)?.code === 'ECONNRESET'
  );
}

function describeClientFailure(error: unknown): string {
  // Node tries every address of a host name and gives one error for all of them.
  if (error instanceof AggregateError && error.errors.length > 0) {
    return describeClientFailure(error.errors[0]);
  }
  switch ((error as NodeJS.ErrnoException)?.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name is not known';
    case 'ENOENT':
      return 'there is no socket in that folder';
    case 'ETIMEDOUT':
      return 'it did not answer in time';
    default:
      return error instanceof Error && /timeout/i.test(error.message)
        ? 'it did not answer in time'
        : reasonOf(error);
  }
}
