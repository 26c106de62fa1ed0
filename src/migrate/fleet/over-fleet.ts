/**
 * One call for every member of a fleet: the canaries first and alone, then the others with bounded parallelism, until
 * all are done or too many have failed. What is under way when one fails is finished, never cut off; to go on later
 * is to run it again, since members that are up to date are passed over by the engine itself.
 */
import { type OnProgress, PlinthError, silent } from '../../core/index.js';
import type { FleetMember } from './members.js';

export interface FleetPolicy {
  /** How many are migrated at once. Default 4. */
  readonly parallel: number;
  /** How many are migrated first, one by one; if one of them fails, no other is started. Default 1. */
  readonly canary: number;
  /** Start no more once this many have failed. Default 1. */
  readonly stopAfterFailures: number;
}

const DEFAULT_FLEET_POLICY: FleetPolicy = { parallel: 4, canary: 1, stopAfterFailures: 1 };

/** Why a member failed. */
export interface MemberFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type MemberOutcome<Result> =
  | { readonly name: string; readonly kind: 'done'; readonly result: Result }
  | { readonly name: string; readonly kind: 'failed'; readonly error: MemberFailure }
  | { readonly name: string; readonly kind: 'not-started' };

export interface FleetOutcome<Result> {
  /** One for each member, in their order. */
  readonly members: readonly MemberOutcome<Result>[];
  /** Why members were not started: `a canary failed`, `2 failed`, `it was interrupted`. */
  readonly stopped: string | undefined;
}

export interface OverFleetOptions {
  readonly policy?: Partial<FleetPolicy>;
  /** What progress calls it: `apply to 200 schemas`. */
  readonly task: string;
  readonly unit: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `work` for the members; a coded error is that member's failure, any other is a defect and thrown once what
 * is under way has ended.
 */
export async function overFleet<Result>(
  members: readonly FleetMember[],
  options: OverFleetOptions,
  work: (member: FleetMember) => Promise<Result>,
): Promise<FleetOutcome<Result>> {
  const policy = { ...DEFAULT_FLEET_POLICY, ...options.policy };
  const onProgress = options.onProgress ?? silent;
  const outcomes = new Map<string, MemberOutcome<Result>>();
  let failures = 0;
  let stopped: string | undefined;
  const settle = async (member: FleetMember): Promise<void> => {
    const outcome = await outcomeOf(member, work);
    outcomes.set(member.name, outcome);
    if (outcome.kind === 'failed') {
      failures += 1;
      onProgress({ task: options.task, message: `  ${member.name}: ${outcome.error.message}` });
    }
    onProgress({ task: options.task, done: outcomes.size, total: members.length, unit: options.unit });
  };
  const mayStart = (mostFailures: number, reason: string): boolean => {
    stopped ??= options.signal?.aborted
      ? 'it was interrupted'
      : failures >= mostFailures
        ? reason
        : undefined;
    return stopped === undefined;
  };
  for (const canary of members.slice(0, policy.canary)) {
    if (mayStart(1, CANARY_FAILED)) {
      await settle(canary);
    }
  }
  if (failures > 0) {
    stopped ??= CANARY_FAILED;
  }
  const waiting = members.slice(policy.canary);
  const most = policy.stopAfterFailures;
  const lanes = Array.from({ length: Math.min(policy.parallel, waiting.length) }, async () => {
    while (waiting.length > 0 && mayStart(most, most === 1 ? 'one failed' : `${most} failed`)) {
      await settle(waiting.shift()!);
    }
  });
  await allSettled(lanes);
  onProgress({ task: options.task, state: 'done' });
  return {
    members: members.map(({ name }) => outcomes.get(name) ?? { name, kind: 'not-started' }),
    stopped: outcomes.size < members.length ? stopped : undefined,
  };
}

const CANARY_FAILED = 'a canary failed';

async function outcomeOf<Result>(
  member: FleetMember,
  work: (member: FleetMember) => Promise<Result>,
): Promise<MemberOutcome<Result>> {
  const { name } = member;
  try {
    return { name, kind: 'done', result: await work(member) };
  } catch (error) {
    if (!(error instanceof PlinthError)) {
      throw error;
    }
    const { code, message, hint } = error;
    return { name, kind: 'failed', error: { code, message, hint } };
  }
}

/** Waits for all of them, then throws what the first that failed threw. */
async function allSettled(lanes: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(lanes);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
}
