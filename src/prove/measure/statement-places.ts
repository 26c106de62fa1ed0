/**
 * Where a script's statements stand in the messages that the engine sends: each as it is in the file, on a line of its
 * own between other parts, in the order of the script.
 */

/** What the engine writes between the parts of a message. */
export const SEPARATOR = '\n;\n';

/** A statement of a script, as it is told apart in messages. */
export interface ScriptPart {
  /** Its place in the script, from 1. */
  readonly number: number;
  readonly sql: string;
  readonly tag: string;
  /** No transaction holds it: nothing else can be in a message with it. */
  readonly alone: boolean;
}

export interface StatementPlace<Part extends ScriptPart = ScriptPart> {
  readonly part: Part;
  /** Offsets in the message; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * The statements of the script that a message holds.
 * @param next the number of the statement that is expected first; a message that is sent again begins earlier
 */
export function placesIn<Part extends ScriptPart>(
  message: string,
  script: readonly Part[],
  next: number,
): readonly StatementPlace<Part>[] {
  const ahead = placesFrom(message, script, next);
  return ahead.length > 0 || next <= 1 ? ahead : placesFrom(message, script, 1);
}

function placesFrom<Part extends ScriptPart>(
  message: string,
  script: readonly Part[],
  next: number,
): readonly StatementPlace<Part>[] {
  const places: StatementPlace<Part>[] = [];
  let at = 0;
  for (const part of script) {
    if (part.number < next) {
      continue;
    }
    const start = startOf(message, part.sql, at);
    if (start === undefined && places.length > 0) {
      break;
    }
    if (start !== undefined) {
      places.push({ part, start, end: start + part.sql.length });
      at = start + part.sql.length;
    }
  }
  return places;
}

function startOf(message: string, sql: string, from: number): number | undefined {
  for (let start = message.indexOf(sql, from); start !== -1; start = message.indexOf(sql, start + 1)) {
    const end = start + sql.length;
    const begins = start === 0 || message.endsWith(SEPARATOR, start) || message.endsWith('*/ ', start);
    if (begins && (end === message.length || message.startsWith(SEPARATOR, end))) {
      return start;
    }
  }
  return undefined;
}
