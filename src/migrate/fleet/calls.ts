/** The engine's calls over every member of a fleet. */
import { isPlinthError, type OnProgress } from '../../core/index.js';
import { type ApplyOptions, apply } from '../apply.js';
import { type MigrationPlan, type PlanOptions, plan } from '../plan.js';
import type { RunReport } from '../report.js';
import { type RollbackOptions, rollback } from '../rollback.js';
import { status } from '../status.js';
import type { FleetKind, FleetMember } from './members.js';
import { type FleetPolicy, type MemberOutcome, overFleet } from './over-fleet.js';
import type {
  FleetMemberRun,
  FleetMemberStatus,
  FleetPlan,
  FleetPlanGroup,
  FleetRunReport,
  FleetStatusReport,
} from './report.js';

/** A fleet, and how to go over it. */
export interface Fleet {
  readonly target: string;
  readonly kind: FleetKind;
  readonly members: readonly FleetMember[];
  readonly policy?: Partial<FleetPolicy>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

/** Applies what each member has pending. A member's failure is in the report, not thrown. */
export function applyFleet(
  fleet: Fleet,
  selection: Pick<ApplyOptions, 'to' | 'steps'> = {},
): Promise<FleetRunReport> {
  return runFleet(fleet, 'apply', (member) => apply({ ...quiet(fleet, member), ...selection }));
}

/** Rolls each member back; one in which nothing is applied is left unchanged. */
export function rollbackFleet(
  fleet: Fleet,
  selection: Pick<RollbackOptions, 'to' | 'steps' | 'lastRun'> = {},
): Promise<FleetRunReport> {
  return runFleet(fleet, 'rollback', async (member) => {
    try {
      return await rollback({ ...quiet(fleet, member), ...selection });
    } catch (error) {
      if (isPlinthError(error, 'MIGRATE_NOTHING_TO_ROLL_BACK')) {
        return undefined;
      }
      throw error;
    }
  });
}

/** Where each member stands; changes nothing. A member that cannot be read is in the report with its error. */
export async function fleetStatus(fleet: Fleet): Promise<FleetStatusReport> {
  const outcome = await overFleet(fleet.members, readAll(fleet, 'read'), (member) => status(member.options));
  const read = outcome.members.find((one) => one.kind === 'done')?.result;
  return {
    target: fleet.target,
    fleet: fleet.kind,
    folder: read?.folder ?? '',
    format: read?.format ?? '',
    members: outcome.members.map((member): FleetMemberStatus => {
      const { name } = member;
      const report = member.kind === 'done' ? member.result : undefined;
      return {
        name,
        version: report?.version,
        counts: report?.counts,
        unsettled: (report?.migrations ?? []).filter(isUnsettled).map(({ version }) => version),
        lockedBy: report?.lockedBy,
        error: member.kind === 'failed' ? member.error : undefined,
      };
    }),
  };
}

/** What an apply or a rollback would do to each member. */
export async function planFleet(
  fleet: Fleet,
  selection: Pick<PlanOptions, 'direction' | 'to' | 'steps' | 'lastRun'> = {},
): Promise<FleetPlan> {
  const outcome = await overFleet(fleet.members, readAll(fleet, 'plan'), (member) =>
    plan({ ...member.options, ...selection }),
  );
  return {
    target: fleet.target,
    fleet: fleet.kind,
    direction: selection.direction ?? 'up',
    groups: groupsOf(outcome.members),
    failed: outcome.members.flatMap((member) =>
      member.kind === 'failed' && member.error.code !== 'MIGRATE_NOTHING_TO_ROLL_BACK'
        ? [{ name: member.name, error: member.error }]
        : [],
    ),
  };
}

async function runFleet(
  fleet: Fleet,
  action: FleetRunReport['action'],
  call: (member: FleetMember) => Promise<RunReport | undefined>,
): Promise<FleetRunReport> {
  const startedMs = performance.now();
  const { members, stopped } = await overFleet(
    fleet.members,
    {
      ...goingOver(fleet, action === 'apply' ? 'apply to' : 'roll back'),
      ...(fleet.policy ? { policy: fleet.policy } : {}),
    },
    call,
  );
  const runs = members.map(memberRun);
  const counts = { changed: 0, unchanged: 0, failed: 0, 'not-started': 0 };
  for (const { state } of runs) {
    counts[state] += 1;
  }
  const durationMs = performance.now() - startedMs;
  return { target: fleet.target, fleet: fleet.kind, action, members: runs, counts, stopped, durationMs };
}

function memberRun(member: MemberOutcome<RunReport | undefined>): FleetMemberRun {
  const { name } = member;
  switch (member.kind) {
    case 'done': {
      const state = (member.result?.migrations.length ?? 0) > 0 ? 'changed' : 'unchanged';
      return { name, state, run: member.result, error: undefined };
    }
    case 'failed':
      return { name, state: 'failed', run: undefined, error: member.error };
    case 'not-started':
      return { name, state: 'not-started', run: undefined, error: undefined };
  }
}

/** Members with the same steps in the same order are one group. */
function groupsOf(members: readonly MemberOutcome<MigrationPlan>[]): readonly FleetPlanGroup[] {
  const groups = new Map<string, { members: string[]; plan: MigrationPlan }>();
  for (const member of members) {
    if (member.kind === 'done') {
      const { migrations, notices } = member.result;
      const key = JSON.stringify([migrations.map(({ version, file }) => [version, file]), notices]);
      const group = groups.get(key) ?? { members: [], plan: member.result };
      group.members.push(member.name);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function isUnsettled({ state }: { readonly state: string }): boolean {
  return state !== 'applied' && state !== 'baseline';
}

function goingOver({ kind, members, onProgress, signal }: Fleet, verb: string) {
  const unit = `${kind}s`;
  const task = `${verb} ${members.length} ${unit}`;
  return { task, unit, signal, ...(onProgress ? { onProgress } : {}) };
}

/** Reading stops at nothing: every member is told of. */
function readAll(fleet: Fleet, verb: string) {
  const policy = { ...fleet.policy, canary: 0, stopAfterFailures: Number.POSITIVE_INFINITY };
  return { ...goingOver(fleet, verb), policy, onProgress: countsOnly(fleet.onProgress) };
}

/** What fails while reading stands in the result. */
function countsOnly(onProgress: OnProgress | undefined): OnProgress {
  return (event) => {
    if (event.message === undefined) {
      onProgress?.(event);
    }
  };
}

/** The member's options, its progress told with its name: hundreds of bars would say nothing. */
function quiet(fleet: Fleet, member: FleetMember): FleetMember['options'] {
  return {
    ...member.options,
    onProgress: ({ task, message }) => {
      if (message !== undefined) {
        fleet.onProgress?.({ task, message: `  ${member.name}:${message}` });
      }
    },
  };
}
