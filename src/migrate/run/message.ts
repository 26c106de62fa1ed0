/**
 * Several statements sent to the server as one message: a migration then costs one round trip. Which part an
 * error belongs to is told by its position in the message, or by how many statements had completed.
 */
import type { SourceRange } from '../../core/index.js';
import { failureOf, type Session } from '../../database/index.js';
import type { MigrationObserver } from './observer.js';
import type { Script, ScriptStatement } from './script.js';

/** A statement of the script, or SQL of the engine's own (no `statement`). */
export interface Part {
  readonly sql: string;
  readonly statement?: ScriptStatement;
}

export interface PartOutcome {
  readonly part: Part;
  readonly durationMs: number;
  readonly rows: number | undefined;
}

/** Thrown when a part fails: the server's error, and which part it was. */
export class PartFailure extends Error {
  override readonly name = 'PartFailure';
  readonly part: Part | undefined;
  /** Offset in the part's own text, where the server told one. */
  readonly position: number | undefined;

  constructor(cause: unknown, part: Part | undefined, position: number | undefined) {
    super('a part of a message failed', { cause });
    this.part = part;
    this.position = position;
  }
}

/** Sends the parts in one message; the observer is told of the statements among them. @throws PartFailure */
export async function sendMessage(
  session: Session,
  parts: readonly Part[],
  observer: MigrationObserver,
): Promise<PartOutcome[]> {
  const separator = '\n;\n';
  const completedMs: number[] = [];
  const startedMs = performance.now();
  const sql = parts.map((part) => part.sql).join(separator);
  const times = (index: number) => ({
    startedMs: completedMs[index - 1] ?? startedMs,
    endedMs: completedMs[index] ?? performance.now(),
  });
  const tell = (index: number, rows?: number, failure?: unknown): void => {
    const { statement } = parts[index] ?? {};
    if (statement) {
      observer.statementEnded({ statement, ...times(index), rows, failure });
    }
  };
  try {
    const results = await session.run(sql, () => completedMs.push(performance.now()));
    return parts.map((part, index) => {
      const rows = results[index]?.rowCount;
      tell(index, rows);
      const { startedMs: from, endedMs: to } = times(index);
      return { part, durationMs: to - from, rows };
    });
  } catch (cause) {
    completedMs.forEach((_, index) => {
      tell(index);
    });
    const position = failureOf((cause as Error).cause, sql).position;
    let offset = 0;
    const starts = parts.map((part) => {
      const start = offset;
      offset += part.sql.length + separator.length;
      return start;
    });
    const index =
      position === undefined ? completedMs.length : starts.findLastIndex((start) => start <= position);
    const within = position === undefined ? undefined : position - starts[index]!;
    tell(index, undefined, cause);
    throw new PartFailure(cause, parts[index], within);
  }
}

/** The place in the script's file that a failed part speaks of. */
export function sourceOf(
  script: Script,
  statement: ScriptStatement,
  position: number | undefined,
): SourceRange {
  const start = position === undefined ? statement.start : statement.start + position;
  const word =
    position === undefined ? undefined : /^[\w$]+|^"[^"]*"|^./su.exec(script.text.slice(start))?.[0];
  const end = word === undefined ? firstLineEnd(script.text, statement) : start + word.length;
  return { file: script.file, text: script.text, start, end };
}

function firstLineEnd(text: string, statement: ScriptStatement): number {
  const newline = text.indexOf('\n', statement.start);
  return newline === -1 ? statement.end : Math.min(newline, statement.end);
}
