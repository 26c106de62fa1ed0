/** What each statement did, from the probes around it: pure. */
import { blocksReads, blocksWrites, LOCK_MODES, type LockMode } from '../../sql/index.js';
import type { Probe, ProbedRelation, ProbedStatement } from './probed-statement.js';
import type { KnownRelation } from './relations.js';

export interface MeasuredLock {
  /** `schema.name`. */
  readonly relation: string;
  readonly kind: 'table' | 'index' | 'materialized view' | 'view' | 'sequence' | 'other';
  readonly lock: LockMode;
  /** It was there before the script: others may be using it. */
  readonly isShared: boolean;
  readonly blocksReads: boolean;
  readonly blocksWrites: boolean;
}

export interface StatementMeasure {
  /** From 1. */
  readonly number: number;
  /** From the beginning of the script's first statement, by the server's clock. */
  readonly startMs: number;
  readonly durationMs: number;
  /** No transaction holds it. */
  readonly alone: boolean;
  /** The locks that it took, in so far as they are stronger than what was held already; weak ones left out. */
  readonly locks: readonly MeasuredLock[];
  /** Tables that were there before and whose rows were written anew into another file: `schema.name`. */
  readonly rewrites: readonly string[];
  /** Rows inserted, updated and deleted in users' tables. */
  readonly rows: number;
  /** Bytes written to the write-ahead log, by all that ran on the server at that time. */
  readonly walBytes: number;
}

/** @param known the relations as they were before the script */
export function statementMeasures(
  probed: readonly ProbedStatement[],
  known: ReadonlyMap<number, KnownRelation>,
): readonly StatementMeasure[] {
  const zeroMs = probed[0]?.before.ms ?? 0;
  const files = new Map([...known].map(([oid, { file }]) => [oid, file]));
  return probed.map(({ number, before, after, alone }, index) => {
    const rewrites = rewrittenBy(after, files, known);
    return {
      number,
      startMs: before.ms - zeroMs,
      durationMs: Math.max(0, after.ms - before.ms),
      alone,
      locks: locksTaken(heldBefore(probed[index - 1]?.after, before), after, known),
      rewrites,
      rows: Math.max(0, rowsOf(after, known) - rowsOf(before, known)),
      walBytes: Math.max(0, after.wal - before.wal),
    };
  });
}

/** Plinth's own tables are no business of the script; one that it has moved there to keep it is. */
function isUsers([oid, , schema]: ProbedRelation, known: ReadonlyMap<number, KnownRelation>): boolean {
  return !OWN_SCHEMAS.has(known.get(oid)?.schema ?? schema ?? '');
}

const OWN_SCHEMAS: ReadonlySet<string> = new Set(['plinth', 'plinth_kept', 'pg_toast']);

function rowsOf({ locks }: Probe, known: ReadonlyMap<number, KnownRelation>): number {
  return locks
    .filter((one) => isUsers(one, known))
    .reduce((sum, [, , , , kind, , rows]) => sum + (kind === 't' ? 0 : (rows ?? 0)), 0);
}

/**
 * What the transaction held from the statement before. What the engine has locked in between, to keep what this
 * statement destroys, counts as this statement's.
 */
function heldBefore(earlier: Probe | undefined, before: Probe): ReadonlyMap<number, LockMode> {
  const still = new Map(before.locks.map(([oid, modes]) => [oid, strongest(modes)]));
  const held = (earlier?.locks ?? []).map(([oid, modes]) => [oid, strongest(modes)] as const);
  return new Map(held.filter(([oid]) => still.has(oid)));
}

function locksTaken(
  held: ReadonlyMap<number, LockMode>,
  after: Probe,
  known: ReadonlyMap<number, KnownRelation>,
): readonly MeasuredLock[] {
  return after.locks
    .filter((one) => isUsers(one, known))
    .flatMap((relation) => {
      const [oid, modes, schema, name, kind] = relation;
      const lock = strongest(modes);
      const then = known.get(oid);
      const isNew = held.get(oid) !== lock && rank(lock) > rank('ACCESS SHARE');
      const relationKind = kind ?? then?.kind ?? '';
      return isNew && KINDS[relationKind]
        ? [
            {
              relation: `${then?.schema ?? schema ?? '?'}.${then?.name ?? name ?? oid}`,
              kind: KINDS[relationKind],
              lock,
              isShared: then !== undefined,
              blocksReads: blocksReads(lock),
              blocksWrites: blocksWrites(lock),
            },
          ]
        : [];
    })
    .sort((a, b) => rank(b.lock) - rank(a.lock) || (a.relation < b.relation ? -1 : 1));
}

const KINDS: Readonly<Record<string, MeasuredLock['kind']>> = {
  r: 'table',
  p: 'table',
  f: 'table',
  i: 'index',
  I: 'index',
  m: 'materialized view',
  v: 'view',
  S: 'sequence',
};

/** Keeps `files` up to date. */
function rewrittenBy(
  after: Probe,
  files: Map<number, number | null>,
  known: ReadonlyMap<number, KnownRelation>,
): readonly string[] {
  const rewritten: string[] = [];
  for (const [oid, , schema, name, kind, file] of after.locks) {
    if (file === null || !known.has(oid)) {
      continue;
    }
    if (files.get(oid) !== file && (kind === 'r' || kind === 'm')) {
      const { schema: then, name: called } = known.get(oid) ?? { schema, name };
      rewritten.push(`${then}.${called}`);
    }
    files.set(oid, file);
  }
  return rewritten.sort();
}

function strongest(modes: readonly string[]): LockMode {
  return LOCK_MODES[Math.max(0, ...modes.map((mode) => rank(lockMode(mode))))]!;
}

/** `AccessExclusiveLock` as the manual writes it. */
function lockMode(name: string): LockMode {
  const words = name
    .replace(/Lock$/, '')
    .replace(/(?<=.)(?=[A-Z])/g, ' ')
    .toUpperCase();
  return LOCK_MODES.find((mode) => mode === words) ?? 'ACCESS SHARE';
}

function rank(mode: LockMode): number {
  return LOCK_MODES.indexOf(mode);
}
