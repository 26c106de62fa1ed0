import { withSession } from '../database/index.js';
import type { ApiKeyAuthentication, SeedProfile, SeedResult } from '../seed/index.js';
import type { ProjectContext } from './context.js';

export interface SeedChoice {
  /** How much: `dev`, `ci` or `staging`. `dev` unless told. */
  readonly profile?: SeedProfile;
  /** How many organizations, instead of the profile's number. */
  readonly organizations?: number;
  /** Another number gives other data. */
  readonly seed?: number;
}

/** Calls on the operational target's tenants. */
export interface TenantCalls {
  /** Loads the sample data; what is there already stays as it is. */
  seed(choice?: SeedChoice): Promise<SeedResult>;
  /** Checks an API key as a service does for each request. */
  authenticate(keyText: string): Promise<ApiKeyAuthentication>;
}

/** The target that holds the foundation's operational schema. */
export const OPERATIONAL_TARGET = 'operational';

/** Loaded by the call that needs it, so that the other commands start without it. */
const loadSeed = () => import('../seed/index.js');

export function tenantCalls(context: ProjectContext): TenantCalls {
  return {
    seed: async ({ profile = 'dev', organizations, seed: number } = {}) => {
      const { seed } = await loadSeed();
      return withSession(await context.databaseOf(OPERATIONAL_TARGET), (session) =>
        seed(session, {
          profile,
          onProgress: context.onProgress,
          ...(organizations === undefined ? {} : { organizations }),
          ...(number === undefined ? {} : { seed: number }),
          ...(context.signal ? { signal: context.signal } : {}),
        }),
      );
    },
    authenticate: async (keyText) => {
      const { authenticateApiKey } = await loadSeed();
      return withSession(await context.databaseOf(OPERATIONAL_TARGET), (session) =>
        authenticateApiKey(session, keyText),
      );
    },
  };
}
