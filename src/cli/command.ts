/**
 * The shape of a command: one file, its documentation inside. A command translates flags into one call of the
 * library and the result into one report; help, the reference page and completion are made from this shape.
 */
import type { OnProgress } from '../core/index.js';
import type { Style } from '../report/index.js';

export interface CommandOption {
  /** As commander reads them: `--to <version>`, `--yes`, `-n, --steps <count>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Shown in help as the default; the library call owns the real one. */
  readonly defaultText?: string;
  /** A number is wanted: the value arrives as one. */
  readonly number?: boolean;
  /** May be given several times: the value arrives as an array. */
  readonly repeatable?: boolean;
}

export interface CommandArgument {
  /** `<file>` where wanted, `[version]` where optional, `[files...]` for several. */
  readonly name: string;
  readonly description: string;
}

export interface CommandExample {
  /** The command line, without `plinth`. */
  readonly line: string;
  readonly does: string;
}

/** What a command gets to work with. */
export interface CommandContext {
  readonly options: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly args: readonly (string | undefined)[];
  readonly format: 'text' | 'json';
  /** Colours for standard output. */
  readonly style: Style;
  /** Columns of the terminal, 100 where there is none. */
  readonly columns: number;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** What opening the project takes from the global flags. */
  readonly project: { readonly config?: string; readonly url?: string };
  /** Writes a line of the result to standard output. */
  print(text: string): void;
  /** Writes the bytes of a result to standard output. @throws CLI_BYTES_ON_TERMINAL */
  printBytes(bytes: Uint8Array): void;
  /** Writes a line of talk to standard error. */
  say(text: string): void;
  /** Asks a yes-or-no question on the terminal; false where there is none. */
  confirm(question: string): Promise<boolean>;
}

export interface Command {
  /** The words after `plinth`: `apply`, `usage import`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for the command's own help. */
  readonly description?: string;
  readonly args?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  readonly examples: readonly CommandExample[];
  /** Being told to stop is its ordinary end, not an interruption. */
  readonly endsBySignal?: boolean;
  /** Runs it. Returns the exit code; nothing means 0. */
  run(context: CommandContext): Promise<number | undefined>;
}
