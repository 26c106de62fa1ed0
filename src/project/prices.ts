/** Prices: in the operational target; events that are priced again in the analytics target. */
import type { Session } from '../database/index.js';
import type { PriceList, PriceSync, Repriced, TimeRange } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { organizationIdOf } from './organization.js';

export interface RepriceChoice extends TimeRange {
  /** Why, in 1 to 500 characters: kept with every correction. */
  readonly reason: string;
  /** An organization's slug or id; every one unless given. */
  readonly organization?: string;
  /** Only tell what would change. */
  readonly dryRun?: boolean;
}

export interface PriceCalls {
  /** The price list, as it is. */
  list(): Promise<PriceList>;
  /** Brings the prices of the catalogue's models up to what is published. */
  sync(choice?: { readonly dryRun?: boolean }): Promise<PriceSync>;
  /** Prices events again; their rollups are brought up to date by the next `rollUp`. */
  reprice(choice: RepriceChoice): Promise<Repriced>;
}

/** Asks a session of a target. */
type Ask = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

const loadUsage = () => import('../usage/index.js');

export function priceCalls(context: ProjectContext, operational: Ask, analytics: Ask): PriceCalls {
  return {
    list: async () => operational((await loadUsage()).readPriceList),
    sync: async (choice = {}) => {
      const { syncPrices } = await loadUsage();
      return operational((session) => syncPrices(session, choice));
    },
    reprice: async ({ organization, ...choice }) => {
      const { readPriceList, repriceUsage } = await loadUsage();
      const { prices, organizationId } = await operational(async (session) => ({
        prices: await readPriceList(session),
        organizationId:
          organization === undefined ? undefined : await organizationIdOf(session, organization),
      }));
      return analytics((session) =>
        repriceUsage(session, {
          ...choice,
          prices,
          onProgress: context.onProgress,
          ...(organizationId === undefined ? {} : { organizationId }),
          ...(context.signal ? { signal: context.signal } : {}),
        }),
      );
    },
  };
}
