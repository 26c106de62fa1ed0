export { type AdoptOptions, type AdoptReport, adopt } from './adopt.js';
export { type ApplyOptions, apply } from './apply.js';
export { type ApprovalFolder, readApprovalFolder } from './approvals/approval-files.js';
export { type Approval, type ApproveOptions, approve } from './approvals/approve.js';
export type {
  ApprovalVerdict,
  GivenApproval,
  NeededApproval,
  VoidApproval,
} from './approvals/judge.js';
export { type ApprovalReport, listApprovals } from './approvals/list.js';
export type { ApprovalFile, ApprovalPolicy } from './approvals/policy.js';
export type { Risk, RiskFinding } from './approvals/risk.js';
export { type BaselineOptions, type BaselineReport, baseline } from './baseline.js';
export { type MadeBundle, type MakeBundleOptions, makeBundle } from './bundle/make-bundle.js';
export type { BundleManifest } from './bundle/manifest.js';
export {
  LARGEST_BUNDLE_BYTES,
  type OpenBundle,
  openBundle,
  openTrustedBundle,
} from './bundle/open-bundle.js';
export { MIGRATE_ERRORS } from './errors.js';
export {
  applyFleet,
  type Fleet,
  fleetStatus,
  planFleet,
  rollbackFleet,
} from './fleet/calls.js';
export { type FleetKind, type FleetMember, fleetMembers, queryMemberNames } from './fleet/members.js';
export type { FleetPolicy, MemberFailure } from './fleet/over-fleet.js';
export type {
  FleetMemberRun,
  FleetMemberStatus,
  FleetPlan,
  FleetPlanGroup,
  FleetRunReport,
  FleetStatusReport,
} from './fleet/report.js';
export { readFolder } from './folder/read-folder.js';
export { checkHealth, type HealthOptions, type TargetHealth, unreadableHealth } from './health.js';
export {
  type DriftState,
  type HealthReason,
  type HealthReasonKind,
  type HealthStatus,
  statusOf,
} from './health-reasons.js';
export {
  listKept,
  planPurge,
  purgeKept,
  type RestoredByHand,
  restoreKeptEntry,
  type ShownKept,
  showKept,
} from './kept.js';
export type { KeptEntry, KeptNotes, KeptReport } from './kept-entries.js';
export {
  type AppliedFolder,
  type AppliedMigration,
  appliedFolders,
  filesUpTo,
  readAdoptedTables,
  readAppliedHistory,
} from './ledger/applied-history.js';
export { keyOf, type Migration, type MigrationFolder } from './migration.js';
export { type NewMigration, type NewMigrationOptions, newMigration } from './new.js';
export type { FolderChoice, MigrateLimits, MigrateOptions } from './options.js';
export {
  type MigrationPlan,
  type PlannedMigration,
  type PlannedStatement,
  type PlanOptions,
  plan,
} from './plan.js';
export { folderOfOne, recordApplied } from './record-applied.js';
export type { Problem, ProblemKind, Step } from './repair/find-problems.js';
export { type RepairedProblem, type RepairOptions, type RepairReport, repair } from './repair.js';
export type { MigrationOutcome, RunReport } from './report.js';
export { type RollbackOptions, rollback } from './rollback.js';
export type { ScriptOutcome, StatementOutcome } from './run/context.js';
export { irreversibleReason } from './run/script.js';
export { type ShownMigration, showMigration } from './show.js';
export type { MigrationState } from './state.js';
export { type MigrationStatus, type StatusReport, status } from './status.js';
export { type Validation, type ValidationFinding, validate } from './validate.js';
export { compareVersions, findVersion } from './version.js';
