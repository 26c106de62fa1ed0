import { join } from 'node:path';
import { withSession } from '../database/index.js';
import type { QuickstartReport, QuickstartStep } from '../quickstart/index.js';
import type { ProjectContext } from './context.js';
import { migrateOptions } from './migrations.js';
import { OPERATIONAL_TARGET } from './tenants.js';
import { ANALYTICS_TARGET } from './usage.js';

export interface QuickstartChoice {
  /** A trace of your own, instead of a generated day. */
  readonly trace?: string;
  /** Called when the databases are there, before the first step. */
  readonly onServer?: (server: ServerInUse) => void;
  /** Called as each step is done. */
  readonly onStep?: (step: QuickstartStep) => void;
}

/** The server that the quickstart works on. */
export interface ServerInUse {
  readonly version: string;
  /** Connection string without its password. */
  readonly displayUrl: string;
  readonly isEmbedded: boolean;
  /** The embedded server was started by this call. */
  readonly startedHere: boolean;
}

export interface QuickstartCalls {
  /** The main job, end to end: migrate, seed, serve a request, import a day of usage, roll it up, check it. */
  quickstart(choice?: QuickstartChoice): Promise<QuickstartReport>;
  /** Writes a generated day of usage for the seeded tenants as a CSV file. */
  writeSampleDay(options: {
    readonly path: string;
    readonly day?: Date;
    readonly events?: number;
  }): Promise<void>;
}

/** Loaded by the call that needs it, so that the other commands start without it. */
const loadQuickstart = () => import('../quickstart/index.js');

export function quickstartCalls(context: ProjectContext): QuickstartCalls {
  const talk = { onProgress: context.onProgress, ...(context.signal ? { signal: context.signal } : {}) };
  return {
    quickstart: async ({ trace, onServer, onStep } = {}) => {
      const { quickstart, SAMPLE_DAY } = await loadQuickstart();
      const { readRollups } = await import('../usage/index.js');
      const operational = await context.databaseOf(OPERATIONAL_TARGET);
      const analytics = await context.databaseOf(ANALYTICS_TARGET);
      const version = await withSession(operational, async ({ server }) => server.version);
      onServer?.({
        version,
        displayUrl: operational.displayUrl,
        isEmbedded: context.usesEmbedded(OPERATIONAL_TARGET),
        startedHere: context.embedded()?.startedHere ?? false,
      });
      return quickstart({
        targets: [
          await migrateOptions(context, OPERATIONAL_TARGET),
          await migrateOptions(context, ANALYTICS_TARGET),
        ],
        operational,
        analytics,
        rollups: readRollups(context.config.root),
        sampleFile: join(
          context.config.root,
          '.plinth',
          `usage-${SAMPLE_DAY.toISOString().slice(0, 10)}.csv`,
        ),
        ...(trace === undefined ? {} : { trace: { path: trace } }),
        ...(onStep ? { onStep } : {}),
        ...talk,
      });
    },
    writeSampleDay: async ({ path, day, events }) => {
      const { SAMPLE_DAY, writeSampleDay } = await loadQuickstart();
      await withSession(await context.databaseOf(OPERATIONAL_TARGET), (session) =>
        writeSampleDay(session, {
          path,
          day: day ?? SAMPLE_DAY,
          ...(events === undefined ? {} : { events }),
          ...(context.signal ? { signal: context.signal } : {}),
        }),
      );
    },
  };
}
