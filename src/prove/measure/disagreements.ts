/** Where what a statement was measured to do is not what the plan says beforehand. */
import type { PlannedStatement } from '../../migrate/index.js';
import { LOCK_MODES, type LockMode } from '../../sql/index.js';
import type { MeasuredLock, StatementMeasure } from './statement-measure.js';

/** A sentence each; empty where plan and measurement agree. */
export function disagreements(planned: PlannedStatement, measured: StatementMeasure): readonly string[] {
  const { impact } = planned;
  if (impact.isOpaque || impact.isUnknown) {
    return [];
  }
  const predicted = new Map(impact.locks.map((lock) => [lock.relation, lock]));
  const shared = measured.locks.filter(({ isShared, kind }) => isShared && kind === 'table');
  // Where rows are captured the plan says beside that others wait to write: if there are any to be written.
  const captured = new Map(
    impact.keeps.flatMap(({ how, relation }) => (how === 'captured' ? [[relation, CAPTURING] as const] : [])),
  );
  const locks = shared
    .filter(({ lock, relation }) => lock !== predictedFor(relation, captured))
    .flatMap((lock) => lockDisagreement(lock, predictedFor(lock.relation, predicted)?.lock));
  const rewrites = impact.locks.flatMap(({ relation, rewrites: wanted }) => {
    const did = measured.rewrites.some((name) => isNamed(name, relation));
    if (wanted === 'yes' && !did) {
      return [`plan says that ${relation} is rewritten; it was not`];
    }
    return wanted === 'no' && did && !/^TRUNCATE/.test(planned.tag)
      ? [`plan says that ${relation} is not rewritten; it was`]
      : [];
  });
  return [...locks, ...rewrites];
}

/** To put triggers on a table. */
const CAPTURING: LockMode = 'SHARE ROW EXCLUSIVE';

/** Weaker locks than this keep nobody waiting but those who change the table themselves. */
const TOLD_FROM: LockMode = 'SHARE UPDATE EXCLUSIVE';

function lockDisagreement(measured: MeasuredLock, planned: LockMode | undefined): string[] {
  const isTold = [measured.lock, planned ?? 'ACCESS SHARE'].some((lock) => rank(lock) >= rank(TOLD_FROM));
  if (measured.lock === planned || !isTold) {
    return [];
  }
  return [
    planned === undefined
      ? `plan does not name the lock ${measured.lock} on ${measured.relation}`
      : `plan says ${planned} on ${measured.relation}; it took ${measured.lock}`,
  ];
}

function predictedFor<T>(relation: string, predicted: ReadonlyMap<string, T>): T | undefined {
  return predicted.get(relation) ?? predicted.get(relation.slice(relation.indexOf('.') + 1));
}

function isNamed(name: string, relation: string): boolean {
  return name === relation || name.endsWith(`.${relation}`);
}

function rank(lock: LockMode): number {
  return LOCK_MODES.indexOf(lock);
}
