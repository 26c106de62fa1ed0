export { type BranchOptions, branchVersions } from './branch-versions.js';
export { PROVE_ERRORS } from './errors.js';
export type { Filler, Unfilled } from './filler.js';
export { type GeneratedRowsOptions, generatedRows } from './generated-rows.js';
export type { MeasuredLock } from './measure/statement-measure.js';
export type {
  MigrationProof,
  Proof,
  ProofReason,
  ProvenScript,
  ProvenStatement,
  RowLoss,
  SchemaDifference,
  Verdict,
} from './proof.js';
export { proofDocument, proofJsonSchema } from './proof-document.js';
export { type ProveOptions, prove } from './prove.js';
