/** Runs one command line: parse, run, report; returns the exit code. */
import { createInterface } from 'node:readline/promises';
import { EXIT, isPlinthError, PlinthError } from '../core/index.js';
import { errorJson, errorText, type Style, styleFor } from '../report/index.js';
import { onLog, stopExport } from '../telemetry/index.js';
import type { CommandContext } from './command.js';
import { CLI_ERRORS } from './errors.js';
import { jsonValue } from './json.js';
import { type LogFormat, logFailure, logFormatOf, logLine } from './json-log.js';
import { type ParsedCommand, parseCommandLine } from './parse.js';
import { noProgress, type ProgressDisplay, progressDisplay } from './progress.js';

export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const restore = onInterrupt(() => interrupt.abort());
  const errorStyle = styleFor(useColours(process.stderr));
  let format: 'text' | 'json' = argv.includes('json') || argv.includes('--format=json') ? 'json' : 'text';
  const log = logFormatOf(argv, process.env);
  const display = log === 'json' ? noProgress : progressDisplay(process.stderr, errorStyle);
  const stopLog = startLog(log, argv.includes('--quiet'), display, errorStyle);
  try {
    const parsed = await parseCommandLine(argv);
    if (parsed.kind === 'printed') {
      return parsed.exitCode;
    }
    format = parsed.format;
    const code = await parsed.command.run(contextOf(parsed, display, log, interrupt.signal));
    const interrupted = interrupt.signal.aborted && !parsed.command.endsBySignal;
    return interrupted ? EXIT.interrupted : (code ?? EXIT.ok);
  } catch (error) {
    display.clear();
    return reportFailure(error, log === 'json' ? 'log' : format, errorStyle, interrupt.signal.aborted);
  } finally {
    display.clear();
    await stopExport();
    stopLog();
    restore();
  }
}

/** Every event for a machine; for people only the warnings that no command tells. */
function startLog(format: LogFormat, quiet: boolean, display: ProgressDisplay, style: Style): () => void {
  return onLog((record) => {
    if (format === 'json') {
      if (!quiet || record.level === 'error') {
        process.stderr.write(logLine(record));
      }
    } else if (record.event.startsWith('telemetry.')) {
      display.clear();
      process.stderr.write(`${style.warn('warning')}: ${record.message}\n`);
    }
  });
}

function contextOf(
  parsed: ParsedCommand,
  display: ProgressDisplay,
  log: LogFormat,
  signal: AbortSignal,
): CommandContext {
  const isSilent = parsed.quiet || log === 'json';
  const say = (text: string): void => {
    display.clear();
    process.stderr.write(`${text}\n`);
  };
  return {
    options: parsed.options,
    args: parsed.args,
    format: parsed.format,
    style: styleFor(useColours(process.stdout)),
    columns: process.stdout.columns ?? 100,
    signal,
    onProgress: isSilent ? () => {} : display.onProgress,
    project: parsed.project,
    print: (text) => {
      display.clear();
      process.stdout.write(`${text}\n`);
    },
    printBytes: (bytes) => {
      if (process.stdout.isTTY) {
        throw CLI_ERRORS.BYTES_ON_TERMINAL({
          message: 'Cannot print the picture: standard output is a terminal (a file or a pipe was wanted)',
        });
      }
      display.clear();
      process.stdout.write(bytes);
    },
    say: isSilent ? () => {} : say,
    confirm: async (question) => {
      if (!process.stdin.isTTY || log === 'json') {
        return false;
      }
      display.clear();
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
      } finally {
        terminal.close();
      }
    },
  };
}

/** The first Ctrl-C lets the command undo what is under way; a second ends the process at once. */
function onInterrupt(abort: () => void): () => void {
  let seen = false;
  const listener = (): void => {
    if (seen) {
      process.exit(EXIT.interrupted);
    }
    seen = true;
    abort();
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return () => process.off('SIGINT', listener).off('SIGTERM', listener);
}

function useColours(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) {
    return false;
  }
  return process.env.FORCE_COLOR ? process.env.FORCE_COLOR !== '0' : stream.isTTY === true;
}

function reportFailure(
  thrown: unknown,
  format: 'text' | 'json' | 'log',
  style: Style,
  interrupted: boolean,
): number {
  const error = interrupted && !isPlinthError(thrown, 'CLI_INTERRUPTED') ? interruptedError(thrown) : thrown;
  if (format === 'log') {
    const exitCode = interrupted
      ? EXIT.interrupted
      : error instanceof PlinthError
        ? error.exitCode
        : EXIT.bug;
    logFailure(error, exitCode);
    return exitCode;
  }
  if (!(error instanceof PlinthError)) {
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.stderr.write(
      `${style.bad('error[BUG]')}: Plinth met a case it does not handle. Please report this:\n${detail}\n`,
    );
    return EXIT.bug;
  }
  const text = format === 'json' ? JSON.stringify(errorJson(error), jsonValue, 2) : errorText(error, style);
  process.stderr.write(`${text}\n`);
  return interrupted ? EXIT.interrupted : error.exitCode;
}

function interruptedError(cause: unknown): PlinthError {
  return CLI_ERRORS.INTERRUPTED({
    message: 'Stopped: what was under way was undone',
    ...(isPlinthError(cause) ? { hint: cause.hint } : {}),
    cause,
  });
}
