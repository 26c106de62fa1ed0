/**
 * PostgreSQL's table-level lock modes, weakest first, and what they keep others from doing.
 * Source: PostgreSQL manual, 13.3.1 Table-Level Locks.
 */
export const LOCK_MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export type LockMode = (typeof LOCK_MODES)[number];

/** The stronger of two modes, by PostgreSQL's own order. */
export function strongerLock(one: LockMode, other: LockMode): LockMode {
  return LOCK_MODES.indexOf(one) >= LOCK_MODES.indexOf(other) ? one : other;
}

/** Others cannot `select` from the table while the lock is held. */
export function blocksReads(mode: LockMode): boolean {
  return mode === 'ACCESS EXCLUSIVE';
}

/** Others cannot `insert`, `update` or `delete` while the lock is held. */
export function blocksWrites(mode: LockMode): boolean {
  return LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf('SHARE');
}

/** The mode of a `lock table` statement, which the parse tree numbers from 1. */
export function lockModeOfNumber(number: number | undefined): LockMode {
  return LOCK_MODES[(number ?? LOCK_MODES.length) - 1] ?? 'ACCESS EXCLUSIVE';
}
