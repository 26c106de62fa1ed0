import type { ProofReason, Verdict } from './proof.js';

/** The verdict that the reasons amount to. @param keptTables tables of kept data that were needed */
export function verdictOf(reasons: readonly ProofReason[], keptTables: number): Verdict {
  if (reasons.some(({ kind }) => kind === 'not-reached')) {
    return 'unproven';
  }
  if (reasons.some(({ breaks }) => breaks)) {
    return 'broken';
  }
  if (reasons.length > 0) {
    return 'unproven';
  }
  return keptTables > 0 ? 'proven with kept data' : 'proven';
}
