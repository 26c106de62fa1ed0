import { targetSettings } from '../config/index.js';
import { isPlinthError, type PlinthError } from '../core/index.js';
import { sqlstateOf, withSession } from '../database/index.js';
import type { HealthReason, TargetHealth } from '../migrate/index.js';
import type { ProjectContext } from './context.js';
import { type Look, readUpkeep, type Upkeep } from './upkeep.js';
import { ANALYTICS_TARGET } from './usage.js';

export interface UpkeepHealth {
  readonly upkeep?: Upkeep;
  readonly reasons: readonly HealthReason[];
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * What of the upkeep of usage is late, of targets that answered. A role that may not read the tables, and a database
 * without them, have no upkeep to tell of.
 */
export async function healthOfUpkeep(
  context: ProjectContext,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: { readonly timeoutMs?: number },
  targets: readonly TargetHealth[],
): Promise<UpkeepHealth> {
  const answered = targets
    .filter(({ target, reachable }) => reachable && !targetSettings(context.config, target).fleet)
    .map(({ target }) => target);
  if (!answered.includes(ANALYTICS_TARGET)) {
    return { reasons: [] };
  }
  const failures: PlinthError[] = [];
  const look: Look = async (target, work) => {
    if (!answered.includes(target)) {
      return undefined;
    }
    try {
      const database = await context.existingDatabaseOf(target);
      return await withSession(
        database,
        async (session) => {
          await session.query("select set_config('statement_timeout', $1, false)", [String(timeoutMs)]);
          return work(session);
        },
        { applicationName: 'plinth health', timeoutMs },
      );
    } catch (error) {
      if (!isPlinthError(error)) {
        throw error;
      }
      if (!isAbsent(error)) {
        failures.push(error);
      }
      return undefined;
    }
  };
  try {
    const upkeep = await readUpkeep(context, look);
    return {
      ...(upkeep.usage ? { upkeep } : {}),
      reasons: [...reasonsOf(upkeep), ...failures.map(unreadable)],
    };
  } catch (error) {
    // A declaration that cannot be used is no reason against the database.
    if (!isPlinthError(error)) {
      throw error;
    }
    return { reasons: [unreadable(error)] };
  }
}

function unreadable({ message, code }: PlinthError): HealthReason {
  return { kind: 'unreadable', severity: 'degraded', message, errorCode: code };
}

/** No such tables, or none that this role may read (SQLSTATE 42501). */
function isAbsent(error: PlinthError): boolean {
  return error.code === 'USAGE_SCHEMA_MISSING' || sqlstateOf(error) === '42501';
}

function reasonsOf({ usage, lateness, capped }: Upkeep): HealthReason[] {
  // Before the first partition nobody records usage here.
  const late = usage?.hasPartitions === false ? [] : lateness.filter(({ status }) => status !== 'ok');
  return [
    ...late.map(
      ({ status, message }): HealthReason => ({
        kind: 'late',
        severity: status === 'failing' ? 'failing' : 'degraded',
        message: `${message}: plinth maintain`,
      }),
    ),
    ...capped.map(
      ({ rollup, dimension, atMost, organizationCount, events }): HealthReason => ({
        kind: 'capped',
        severity: 'degraded',
        message: `${organizationCount} ${organizationCount === 1 ? 'organization has' : 'organizations have'} more than ${atMost} values of ${dimension} in ${rollup}: ${events} requests of two days stand as __other__`,
      }),
    ),
  ];
}
