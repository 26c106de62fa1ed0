/**
 * The log for machines: one JSON object a line on standard error, and nothing else there. Progress, talk and
 * questions are left out; a failure is a line too.
 */
import { isPlinthError, lineColumnAt, type PlinthError } from '../core/index.js';
import { type LogFields, type LogRecord, log } from '../telemetry/index.js';

export type LogFormat = 'text' | 'json';

/** What was asked for, also where the command line cannot be parsed. The flag goes before PLINTH_LOG. */
export function logFormatOf(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): LogFormat {
  const at = argv.indexOf('--log');
  const flag = at === -1 ? argv.find((word) => word.startsWith('--log='))?.slice(6) : argv[at + 1];
  return (flag ?? environment.PLINTH_LOG) === 'json' ? 'json' : 'text';
}

/** One line of the log. */
export function logLine(record: LogRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Tells the log that the command failed. */
export function logFailure(thrown: unknown, exitCode: number): void {
  log('error', 'command.failed', {
    ...(isPlinthError(thrown) ? failureFields(thrown) : { error_code: 'INTERNAL' }),
    exit_code: exitCode,
  });
}

function failureFields(error: PlinthError): LogFields {
  const { details, source } = error;
  return {
    error_code: error.code,
    sqlstate: textOf(details.sqlstate),
    statement: typeof details.statement === 'number' ? details.statement : undefined,
    target: textOf(details.target),
    version: textOf(details.version),
    file: source?.file ?? textOf(details.file),
    line: source && lineColumnAt(source.text, source.start).line,
    message: ownWords(error),
  };
}

/** Areas whose messages are made of names and settings alone. */
const PLAIN_AREAS: ReadonlySet<string> = new Set(['CLI', 'CONFIG', 'DATABASE', 'FILE', 'MIGRATE', 'PROJECT']);

/** The first line of the message, unless it may repeat a server's words or a row: those hold values. */
function ownWords({ code, message, details }: PlinthError): string | undefined {
  const isPlain = PLAIN_AREAS.has(code.split('_')[0]!) && details.sqlstate === undefined;
  return isPlain ? message.split('\n')[0] : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
