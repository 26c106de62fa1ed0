/** How far the project's upkeep is: what `plinth maintain` and `plinth health` tell, and the metrics of it. */
import type { Session } from '../database/index.js';
import { setGauge } from '../telemetry/index.js';
import type { CappedDimension, Lateness, Rollup, UpkeepState } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { OPERATIONAL_TARGET } from './tenants.js';
import { ANALYTICS_TARGET } from './usage.js';

export interface Upkeep {
  /** `undefined` where usage is not kept or cannot be looked at. */
  readonly usage: UpkeepState | undefined;
  /** Of everything that could be looked at. */
  readonly lateness: readonly Lateness[];
  /** Tenants with more keys, models or others in the last two days than rollups keep. */
  readonly capped: readonly CappedDimension[];
}

/** Looks at a target; answers `undefined` where it cannot. */
export type Look = <T>(target: string, work: (session: Session) => Promise<T>) => Promise<T | undefined>;

const DAY_MS = 86_400_000;

export async function readUpkeep({ config }: ProjectContext, look: Look): Promise<Upkeep> {
  const { cappedSince, latenessOf, platformUpkeep, readRollups, upkeepState } = await import(
    '../usage/index.js'
  );
  const { history, partitionsAhead, lateAfter, failAfter } = config.settings.usage;
  const rollups = readRollups(config.root);
  const found = await look(ANALYTICS_TARGET, async (session) => ({
    usage: await upkeepState(session, {
      rollups,
      ...(history ? { sealAfterDays: wholeDays(history.sealAfter) } : {}),
    }),
    capped: await cappedSince(session, new Date(Date.now() - 2 * DAY_MS)),
  }));
  const platform = await look(OPERATIONAL_TARGET, (session) => platformUpkeep(session));
  const lateness = latenessOf(found?.usage, platform, {
    partitionsAheadMs: partitionsAhead,
    lateAfterMs: lateAfter,
    ...(history
      ? {
          sealAfterMs: wholeDays(history.sealAfter) * DAY_MS,
          keepReplacedMs: history.keepReplaced + lateAfter,
        }
      : {}),
    ...(failAfter === undefined ? {} : { failAfterMs: failAfter }),
  });
  const upkeep = { usage: found?.usage, lateness, capped: found?.capped ?? [] };
  record(upkeep, rollups);
  return upkeep;
}

/** Days move whole. */
export function wholeDays(ms: number): number {
  return Math.max(1, Math.round(ms / DAY_MS));
}

function record({ usage, lateness, capped }: Upkeep, rollups: readonly Rollup[]): void {
  for (const { subject, lateMs } of lateness) {
    setGauge('plinth.upkeep.late', lateMs / 1000, { 'plinth.upkeep.step': subject });
  }
  if (usage) {
    setGauge('plinth.usage.marked', usage.markedBuckets, {});
    for (const { name } of rollups.filter(({ caps }) => caps.length > 0)) {
      const counts = capped.filter(({ rollup }) => rollup === name).map((one) => one.organizationCount);
      setGauge('plinth.usage.capped', Math.max(0, ...counts), { 'plinth.rollup': name });
    }
  }
}
