/** Usage calls on the analytics target. Prices and tenants' names come from the operational target. */
import { type Session, withSession } from '../database/index.js';
import type {
  BadRows,
  Grain,
  GrainRollUp,
  ImportResult,
  ImportScope,
  Reconciliation,
  TimeRange,
  UsageInput,
  UsageTrend,
} from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { observedImport } from './observed-import.js';
import { organizationIdOf } from './organization.js';
import { OPERATIONAL_TARGET } from './tenants.js';

/** The target that holds usage events and their rollups. */
export const ANALYTICS_TARGET = 'analytics';

export interface UsageImport extends Omit<ImportScope, 'organizationId'> {
  readonly input: UsageInput;
  /** A format's name; found out from the first line unless given. */
  readonly format?: string;
  readonly source?: string;
  /** The file of a mapping, for a file of a format that Plinth does not know. */
  readonly mapping?: string;
  /** What becomes of rows that are no valid events: `quarantine` unless given. */
  readonly badRows?: BadRows;
  /** The organization that a trace without tenants belongs to: its slug or its id. */
  readonly organization?: string;
  /** Do not roll up the span that was imported. */
  readonly withoutRollUp?: boolean;
}

export interface UsageImported extends ImportResult {
  readonly rollUps: readonly GrainRollUp[];
}

/** A span; what is left out is where the events begin and end. */
export interface UsageSpan {
  readonly from?: Date;
  readonly to?: Date;
}

export interface UsageQuestion extends UsageSpan {
  readonly grain?: Grain;
  /** An organization's slug or id. */
  readonly organization?: string;
  readonly provider?: string;
  readonly model?: string;
}

export interface UsageCalls {
  /** Imports events, all or none of the valid ones, and rolls up their span. */
  import(options: UsageImport): Promise<UsageImported>;
  /** Recomputes rollups from their events; every grain unless told. */
  rollUp(options?: UsageSpan & { readonly grains?: readonly Grain[] }): Promise<readonly GrainRollUp[]>;
  /** Usage over time, from rollups; by the finest grain that is readable unless told. `undefined` when there are no events. */
  trend(question?: UsageQuestion): Promise<UsageTrend | undefined>;
  /** Compares rollups with their events; by hour unless told. `undefined` when there are no events. */
  reconcile(options?: UsageSpan & { readonly grain?: Grain }): Promise<Reconciliation | undefined>;
}

const KEPT_GRAINS: readonly Grain[] = ['minute', 'hour', 'day', 'month'];

/** Loaded by the call that needs it, so that the other commands start without it. */
const loadUsage = () => import('../usage/index.js');

export function usageCalls(context: ProjectContext): UsageCalls {
  const analytics = async <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    withSession(await context.databaseOf(ANALYTICS_TARGET), work);
  const operational = async <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    withSession(await context.databaseOf(OPERATIONAL_TARGET), work);
  const talk = {
    onProgress: context.onProgress,
    ...(context.signal ? { signal: context.signal } : {}),
  };
  return {
    import: async ({ organization, withoutRollUp, mapping: mappingFile, ...options }) => {
      const { importUsage, readMapping, readPriceList, rollUpUsage } = await loadUsage();
      const mapping = mappingFile === undefined ? {} : { mapping: readMapping(mappingFile) };
      const { prices, organizationId } = await operational(async (session) => ({
        prices: await readPriceList(session),
        organizationId:
          organization === undefined ? undefined : await organizationIdOf(session, organization),
      }));
      return analytics(async (session) => {
        const scope = organizationId === undefined ? {} : { organizationId };
        const imported = await observedImport(() =>
          importUsage(session, { ...options, ...mapping, ...scope, prices, ...talk }),
        );
        const range = imported.totals.range;
        const rollUps =
          range && !withoutRollUp
            ? await rollUpUsage(session, { ...range, grains: KEPT_GRAINS, ...talk })
            : [];
        return { ...imported, rollUps };
      });
    },
    rollUp: async ({ grains = KEPT_GRAINS, ...span } = {}) => {
      const { rollUpUsage } = await loadUsage();
      return analytics((session) => rollUpUsage(session, { grains, ...span, ...talk }));
    },
    trend: async ({ grain, organization, from, to, ...filter } = {}) => {
      const { readableGrain, usageTrend } = await loadUsage();
      const organizationId =
        organization === undefined
          ? undefined
          : await operational((session) => organizationIdOf(session, organization));
      return analytics(async (session) => {
        const range = await spanOf(session, { from, to });
        return (
          range &&
          usageTrend(session, {
            ...range,
            grain: grain ?? readableGrain(range),
            ...filter,
            ...(organizationId ? { organizationId } : {}),
          })
        );
      });
    },
    reconcile: async ({ grain = 'hour', from, to } = {}) => {
      const { reconcileUsage } = await loadUsage();
      return analytics(async (session) => {
        const range = await spanOf(session, { from, to });
        return (
          range &&
          reconcileUsage(session, { ...range, grain, ...(context.signal ? { signal: context.signal } : {}) })
        );
      });
    },
  };
}

/** The span asked for; what is left open is where the rollups begin and end. */
async function spanOf(session: Session, { from, to }: UsageSpan): Promise<TimeRange | undefined> {
  if (from && to) {
    return { from, to };
  }
  const { usageExtent } = await loadUsage();
  const extent = await usageExtent(session);
  return extent && { from: from ?? extent.from, to: to ?? extent.to };
}
