/**
 * Every failure a person can cause or must act on is a `PlinthError` with a code. A module declares its
 * errors once, in its `errors.ts`, with `defineErrors`; the declaration is both the constructor and the
 * entry from which `docs/errors.md` is generated, so a code cannot exist without its documentation.
 *
 * Messages read: `Cannot <verb> <thing>: <what is so> (<what was wanted>)`. Secrets and personal data never
 * appear in `message`, `hint` or `details`.
 */

/** Whose fault a failure is, and with it the process's exit code. */
export type ErrorFault = 'usage' | 'environment' | 'bug';

/** Process exit codes, by meaning. `found` is not an error: the check ran and found something. */
export const EXIT = { ok: 0, found: 1, usage: 2, environment: 3, bug: 70, interrupted: 130 } as const;

/** The documentation of one error code. */
export interface ErrorKind {
  readonly fault: ErrorFault;
  /** When it occurs: one sentence for `docs/errors.md`. */
  readonly when: string;
  /** What the person can do: one imperative sentence, and the default hint. */
  readonly fix: string;
}

/** A range of characters in a named text; offsets are UTF-16 code units, `end` is exclusive. */
export interface SourceRange {
  readonly file: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ErrorFields {
  readonly message: string;
  /** Replaces the kind's own `fix` where more can be said. */
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The place in a file that the error speaks of; the reporting floor draws line, column and caret. */
  readonly source?: SourceRange;
  readonly cause?: unknown;
}

/** The one error class. `code` is stable and documented in `docs/errors.md`. */
export class PlinthError extends Error {
  override readonly name = 'PlinthError';
  readonly code: string;
  readonly fault: ErrorFault;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly source: SourceRange | undefined;

  constructor(code: string, kind: ErrorKind, fields: ErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.fault = kind.fault;
    this.hint = fields.hint ?? kind.fix;
    this.details = fields.details ?? {};
    this.source = fields.source;
  }

  get exitCode(): number {
    return EXIT[this.fault];
  }
}

/** Makes an error of one kind; `kind` and `code` are what the generated documentation reads. */
export interface ErrorFactory {
  (fields: ErrorFields): PlinthError;
  readonly code: string;
  readonly kind: ErrorKind;
}

/**
 * Declares a module's errors. `defineErrors('SEED', { PROFILE_UNKNOWN: {…} })` gives
 * `{ PROFILE_UNKNOWN(fields) }` that makes errors with the code `SEED_PROFILE_UNKNOWN`.
 */
export function defineErrors<Name extends string>(
  area: string,
  kinds: Readonly<Record<Name, ErrorKind>>,
): Readonly<Record<Name, ErrorFactory>> {
  const factories = Object.entries<ErrorKind>(kinds).map(([name, kind]) => {
    const code = `${area}_${name}`;
    const factory = (fields: ErrorFields): PlinthError => new PlinthError(code, kind, fields);
    return [name, Object.assign(factory, { code, kind })] as const;
  });
  return Object.fromEntries(factories) as unknown as Readonly<Record<Name, ErrorFactory>>;
}

/** True when `error` is a `PlinthError`, with one of `codes` where any are given. */
export function isPlinthError(error: unknown, ...codes: readonly string[]): error is PlinthError {
  return error instanceof PlinthError && (codes.length === 0 || codes.includes(error.code));
}
