/** Whether the project's databases are fit for use. */

import { targetSettings } from '../config/index.js';
import { isPlinthError } from '../core/index.js';
import type { Database, Session } from '../database/index.js';
import {
  checkHealth,
  type DriftState,
  type HealthOptions,
  type HealthReason,
  type HealthStatus,
  statusOf,
  type TargetHealth,
  unreadableHealth,
} from '../migrate/index.js';
import { type ExportState, exportState, log, setGauge } from '../telemetry/index.js';
import type { ProjectContext } from './context.js';
import { fleetOf } from './fleet.js';
import { chosenTargets, folderOf, type TargetChoice } from './migrations.js';
import { exportOptions } from './telemetry.js';
import type { Upkeep } from './upkeep.js';
import { healthOfUpkeep } from './upkeep-health.js';

export interface HealthChoice extends TargetChoice {
  /** Compare the live schema with what the applied migrations make, where that is known. */
  readonly drift?: boolean;
  /** How long the look at a target may take, in milliseconds. 5,000 unless told. */
  readonly timeoutMs?: number;
}

/** How a project is. `failing`: a target is not fit for use; `degraded`: all are, and somebody should look. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly ready: boolean;
  /** What is wrong beside the targets. */
  readonly reasons: readonly HealthReason[];
  readonly targets: readonly TargetHealth[];
  /** What of the upkeep of usage is late; absent where no usage is kept, or it could not be looked at. */
  readonly upkeep?: Upkeep;
  readonly telemetry: ExportState;
  readonly durationMs: number;
}

export interface HealthCalls {
  /** Looks at the targets, all at once, and at every member of a fleet; starts and changes nothing. */
  health(choice?: HealthChoice): Promise<HealthReport>;
}

export function healthCalls(context: ProjectContext): HealthCalls {
  return {
    health: async (choice = {}) => {
      const startedMs = performance.now();
      const names = chosenTargets(context, choice);
      const targets = (await Promise.all(names.map((name) => healthOf(context, name, choice)))).flat();
      const telemetry = exportState(exportOptions(context));
      const { upkeep, reasons: late } = await healthOfUpkeep(context, choice, targets);
      const reasons = [...late, ...telemetryReasons(telemetry)];
      targets.forEach(record);
      const all = [...reasons, ...targets.flatMap((target) => target.reasons)];
      return {
        ...statusOf(all),
        reasons,
        targets,
        ...(upkeep ? { upkeep } : {}),
        telemetry,
        durationMs: performance.now() - startedMs,
      };
    },
  };
}

/** One for a target, one for each member of a fleet. */
async function healthOf(
  context: ProjectContext,
  target: string,
  { drift, timeoutMs }: HealthChoice,
): Promise<readonly TargetHealth[]> {
  const { fleet: settings, order } = targetSettings(context.config, target);
  const database = (): Promise<Database> => context.existingDatabaseOf(target);
  const options: HealthOptions = {
    database,
    target,
    folder: folderOf(context, target),
    order,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(drift ? { readDrift: (session) => glance(context, session, undefined, undefined) } : {}),
  };
  if (!settings) {
    return [await checkHealth(options)];
  }
  const startedMs = performance.now();
  try {
    const fleet = await fleetOf(context, target, { ...options, database: await database() });
    return await eachOf(fleet?.members ?? [], settings.parallel, (member) =>
      checkHealth({
        ...options,
        ...member.options,
        database: async () => member.options.database,
        ...(drift
          ? {
              readDrift: (session) =>
                glance(context, session, member.options.sharedSchemas, member.options.schema),
            }
          : {}),
      }),
    );
  } catch (error) {
    if (!isPlinthError(error)) {
      throw error;
    }
    return [unreadableHealth({ target }, error, performance.now() - startedMs)];
  }
}

/** The results in the order of the items, so many under way at once. */
async function eachOf<Item, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return results;
}

/** Against what an earlier `plinth drift` has kept; unknown where it has not, for a health check makes nothing. */
async function glance(
  context: ProjectContext,
  session: Session,
  sharedSchemas: readonly string[] | undefined,
  scope: string | undefined,
): Promise<DriftState> {
  const [{ driftAtAGlance }, { driftOptions }] = await Promise.all([
    import('../compare/index.js'),
    import('./drift.js'),
  ]);
  return await driftAtAGlance(session, {
    ...driftOptions(context, {}),
    ...(scope === undefined ? {} : { scope }),
    ...(sharedSchemas ? { sharedSchemas } : {}),
  });
}

function telemetryReasons(state: ExportState): HealthReason[] {
  const message =
    state.kind === 'misconfigured'
      ? `telemetry is not sent: ${state.reason}`
      : state.kind === 'sending' && state.lastFailed
        ? `telemetry does not arrive at ${state.collector}`
        : undefined;
  return message === undefined ? [] : [{ kind: 'telemetry', severity: 'degraded', message }];
}

function record(health: TargetHealth): void {
  const attributes = { 'plinth.target': health.target, 'plinth.member': health.member };
  setGauge('plinth.health.ready', Number(health.ready), attributes);
  setGauge('plinth.health.reachable', Number(health.reachable), attributes);
  if (health.reachable && health.database !== undefined) {
    setGauge('plinth.kept.size', health.kept?.bytes ?? 0, attributes);
    setGauge('plinth.kept.expired', health.kept?.expired ?? 0, attributes);
    setGauge('plinth.migrations.pending', health.pending, attributes);
    setGauge('plinth.migrations.interrupted', health.interrupted, attributes);
    setGauge('plinth.migrations.edited', health.edited, attributes);
    setGauge('plinth.migrations.missing', health.missing, attributes);
    setGauge('plinth.schema.info', 1, { ...attributes, 'plinth.schema.version': health.version ?? '' });
  }
  log(health.ready ? 'info' : 'error', 'health.checked', {
    target: health.target,
    member: health.member,
    version: health.version,
    pending: health.pending,
    duration_ms: Math.round(health.durationMs),
    status: health.status,
    reasons: health.reasons.map(({ kind }) => kind),
  });
}
