/**
 * Measures each statement of a script while the engine runs it: the same message, with a probe before and after each
 * statement whose answer is a text. What a statement took is the difference between its two probes.
 */
import { codePointOffset, readPackageFile } from '../../core/index.js';
import type { Database, Session, StatementResult } from '../../database/index.js';
import { watchLocks } from './lock-watch.js';
import type { Probe, ProbedStatement } from './probed-statement.js';
import { placesIn, type ScriptPart, SEPARATOR, type StatementPlace } from './statement-places.js';
import { type OnStatement, wrappedDatabase } from './wrapped-database.js';

export interface MeasuredDatabase {
  /** To be given to the engine. */
  readonly database: Database;
  /** What was seen, in the order of the script; of a statement that was tried again, the last time. */
  statements(): readonly ProbedStatement[];
}

const PROBE = readPackageFile('src/prove/measure/probe.sql')
  .replace(/^--.*\n/gm, '')
  .trim();

export function measuredDatabase(database: Database, script: readonly ScriptPart[]): MeasuredDatabase {
  const seen = new Map<number, ProbedStatement>();
  let next = 1;
  const run = async (
    session: Session,
    sql: string,
    onStatement: OnStatement | undefined,
  ): Promise<StatementResult[]> => {
    const places = placesIn(sql, script, next);
    next = (places.at(-1)?.part.number ?? next - 1) + 1;
    const [only] = places;
    if (only?.part.alone) {
      return aloneStatement(database, session, sql, only, seen, onStatement);
    }
    const timed = places.filter(({ part }) => part.tag !== 'SET' || !/^set\s+transaction\b/i.test(part.sql));
    return timed.length === 0
      ? session.run(sql, onStatement)
      : probedMessage(session, sql, timed, seen, onStatement);
  };
  return {
    database: wrappedDatabase(database, run),
    statements: () => [...seen.values()].sort((a, b) => a.number - b.number),
  };
}

/** A message with probes in it, and which of its parts are probes. */
interface ProbedSql {
  readonly sql: string;
  /** By part of the new message: -1 for a probe, else the place of the part in the old one. */
  readonly origins: readonly number[];
  /** Where in the old message something was put in, and how much. */
  readonly inserts: readonly { readonly at: number; readonly length: number }[];
}

async function probedMessage(
  session: Session,
  sql: string,
  places: readonly StatementPlace[],
  seen: Map<number, ProbedStatement>,
  onStatement: OnStatement | undefined,
): Promise<StatementResult[]> {
  const probed = withProbes(sql, places);
  const probes: (Probe | undefined)[] = [];
  try {
    const results = await session.run(probed.sql, (index, value) => {
      const origin = probed.origins[index];
      if (origin === -1) {
        probes.push(value === undefined ? undefined : (JSON.parse(value) as Probe));
      } else if (origin !== undefined) {
        onStatement?.(origin, value);
      }
    });
    return results.filter((_, index) => probed.origins[index] !== -1);
  } catch (error) {
    placeInOriginal(error, probed, sql);
    throw error;
  } finally {
    places.forEach(({ part }, index) => {
      const [before, after] = [probes[index * 2], probes[index * 2 + 1]];
      if (before && after) {
        seen.set(part.number, { number: part.number, before, after, alone: false });
      }
    });
  }
}

function withProbes(sql: string, places: readonly StatementPlace[]): ProbedSql {
  const inserts: { readonly at: number; readonly length: number }[] = [];
  const origins: number[] = [];
  let text = '';
  let from = 0;
  let part = 0;
  const engineParts = (gap: string, isBetween: boolean): void => {
    const count = gap.split(SEPARATOR).length - 1 - (isBetween ? 1 : 0);
    for (let counted = 0; counted < count; counted += 1) {
      origins.push(part++);
    }
  };
  for (const { start, end } of places) {
    const gap = sql.slice(from, start);
    engineParts(gap, from > 0);
    origins.push(-1, part++, -1);
    inserts.push(
      { at: start, length: PROBE.length + SEPARATOR.length },
      { at: end, length: PROBE.length + SEPARATOR.length },
    );
    text += `${gap}${PROBE}${SEPARATOR}${sql.slice(start, end)}${SEPARATOR}${PROBE}`;
    from = end;
  }
  const rest = sql.slice(from);
  engineParts(rest, false);
  return { sql: text + rest, origins, inserts };
}

/** Moves the position that the server told to where it is in the message without probes. */
function placeInOriginal(error: unknown, probed: ProbedSql, sql: string): void {
  const server = (error as { readonly cause?: { position?: string } } | null)?.cause;
  if (server?.position === undefined) {
    return;
  }
  let offset = codePointOffset(probed.sql, Number(server.position) - 1);
  for (const { at, length } of probed.inserts) {
    if (offset >= at + length) {
      offset -= length;
    }
  }
  server.position = String(Array.from(sql.slice(0, offset)).length + 1);
}

/** A statement that no transaction holds has the probes in messages of their own, and its locks watched. */
async function aloneStatement(
  database: Database,
  session: Session,
  sql: string,
  { part }: StatementPlace,
  seen: Map<number, ProbedStatement>,
  onStatement: OnStatement | undefined,
): Promise<StatementResult[]> {
  const before = await probe(session);
  const watch = await watchLocks(database, session.server.processId);
  try {
    const result = await session.run(sql, onStatement);
    const { locks } = await watch.stop();
    const after = await probe(session);
    seen.set(part.number, { number: part.number, before, after: { ...after, locks }, alone: true });
    return result;
  } finally {
    await watch.stop();
  }
}

async function probe(session: Session): Promise<Probe> {
  const [row] = await session.query<{ json_build_object: string }>(PROBE);
  return JSON.parse(Object.values(row!)[0]!) as Probe;
}
