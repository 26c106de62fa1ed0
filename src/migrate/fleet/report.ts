import type { MigrationPlan } from '../plan.js';
import type { RunReport } from '../report.js';
import type { StatusReport } from '../status.js';
import type { FleetKind } from './members.js';
import type { MemberFailure } from './over-fleet.js';

interface FleetHead {
  readonly target: string;
  /** What the members are; tells a report on a fleet from one on a single database. */
  readonly fleet: FleetKind;
}

/** What a run did to a fleet. */
export interface FleetRunReport extends FleetHead {
  readonly action: 'apply' | 'rollback';
  readonly members: readonly FleetMemberRun[];
  readonly counts: Readonly<Record<FleetMemberRun['state'], number>>;
  /** Why members were not started, where some were not: `a canary failed`, `2 failed`, `it was interrupted`. */
  readonly stopped: string | undefined;
  readonly durationMs: number;
}

/** `changed`: migrations were applied or rolled back; `unchanged`: there was nothing to do. */
export interface FleetMemberRun {
  readonly name: string;
  readonly state: 'changed' | 'unchanged' | 'failed' | 'not-started';
  readonly run: RunReport | undefined;
  readonly error: MemberFailure | undefined;
}

/** Where a fleet stands: each member's version and what it has pending. */
export interface FleetStatusReport extends FleetHead {
  readonly folder: string;
  readonly format: string;
  readonly members: readonly FleetMemberStatus[];
}

export interface FleetMemberStatus {
  readonly name: string;
  /** The newest applied version. */
  readonly version: string | undefined;
  readonly counts: StatusReport['counts'] | undefined;
  /** The versions that are neither applied nor part of a baseline. */
  readonly unsettled: readonly string[];
  readonly lockedBy: StatusReport['lockedBy'];
  readonly error: MemberFailure | undefined;
}

/** What a run would do to a fleet; members for which it would do the same are told of together. */
export interface FleetPlan extends FleetHead {
  readonly direction: 'up' | 'down';
  readonly groups: readonly FleetPlanGroup[];
  readonly failed: readonly { readonly name: string; readonly error: MemberFailure }[];
}

export interface FleetPlanGroup {
  readonly members: readonly string[];
  /** The plan of the first of them; what it tells of sizes is that member's. */
  readonly plan: MigrationPlan;
}
