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
  /** It only looks whether the statement after it would destroy something. */
  readonly isGuard?: boolean;
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

/**
 * Sends the parts in one message; the observer is told of the statements among them.
 * @param onAnswer called as each part's answer is read, with the first value of the last row in it
 * @throws PartFailure
 */
export async function sendMessage(
  session: Session,
  parts: readonly Part[],
  observer: MigrationObserver,
  onAnswer?: (part: Part, value: string | undefined) => void,
): Promise<PartOutcome[]> {
  const sent = observer.wantsTimes() ? withClock(parts) : parts;
  const sql = sent.map((part) => part.sql).join(SEPARATOR);
  const answers: Answer[] = [];
  const startedMs = performance.now();
  const tell = (index: number, rows?: number, failure?: unknown): number => {
    const times = timesOf(answers, index, startedMs, sent !== parts);
    const { statement } = sent[index] ?? {};
    if (statement) {
      observer.statementEnded({ statement, ...times, rows, failure });
    }
    return times.endedMs - times.startedMs;
  };
  try {
    const results = await session.run(sql, (index, value) => {
      const part = sent[index]!;
      answers.push({ atMs: performance.now(), clockMs: part === CLOCK ? Number(value) : undefined });
      onAnswer?.(part, value);
    });
    return sent.flatMap((part, index) => {
      const rows = results[index]?.rowCount;
      return part === CLOCK ? [] : [{ part, durationMs: tell(index, rows), rows }];
    });
  } catch (cause) {
    answers.forEach((_, index) => {
      tell(index);
    });
    const position = failureOf((cause as Error).cause, sql).position;
    const index = position === undefined ? answers.length : partAt(sent, position);
    const within = position === undefined ? undefined : position - startOf(sent, index);
    tell(index, undefined, cause);
    throw new PartFailure(cause, sent[index], within);
  }
}

const SEPARATOR = '\n;\n';

/** Where a part starts in the message. */
function startOf(sent: readonly Part[], index: number): number {
  return sent.slice(0, index).reduce((offset, part) => offset + part.sql.length + SEPARATOR.length, 0);
}

/** The part that holds a position of the message. */
function partAt(sent: readonly Part[], position: number): number {
  return sent.findLastIndex((_, index) => startOf(sent, index) <= position);
}

/** Asks the server for its time, in milliseconds. */
const CLOCK: Part = {
  sql: "select pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000",
};

/**
 * The parts with the time asked before and after each statement, because a server holds its answers back until the
 * message ends. Not around what sets the transaction: after a query the server would refuse it.
 */
function withClock(parts: readonly Part[]): Part[] {
  const sent: Part[] = [];
  for (const part of parts) {
    const isTimed = part.statement !== undefined && part.statement.classification.kind !== 'transaction';
    if (isTimed && sent.at(-1) !== CLOCK) {
      sent.push(CLOCK);
    }
    sent.push(part, ...(isTimed ? [CLOCK] : []));
  }
  return sent;
}

interface Answer {
  /** When it was read here. */
  readonly atMs: number;
  /** What the server's clock showed, where the part asked for that. */
  readonly clockMs: number | undefined;
}

/** When a part began and ended: by the server's clock where it was asked, else by when the answers were read. */
function timesOf(
  answers: readonly Answer[],
  index: number,
  messageStartedMs: number,
  hasClock: boolean,
): { readonly startedMs: number; readonly endedMs: number } {
  const firstMs = hasClock ? (answers.find(({ clockMs }) => clockMs !== undefined)?.clockMs ?? 0) : 0;
  const timeOf = (answer: Answer | undefined): number | undefined =>
    answer?.clockMs === undefined ? undefined : messageStartedMs + Math.max(0, answer.clockMs - firstMs);
  const startedMs = timeOf(answers[index - 1]) ?? answers[index - 1]?.atMs ?? messageStartedMs;
  const endedMs = timeOf(answers[index + 1]) ?? answers[index]?.atMs ?? performance.now();
  return { startedMs, endedMs: Math.max(startedMs, endedMs) };
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
