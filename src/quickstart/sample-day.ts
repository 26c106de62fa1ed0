/** A day of generated usage for the seeded tenants, as a file that anybody can look at and import again. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FILE_ERRORS, reasonOf } from '../core/index.js';
import type { Session } from '../database/index.js';
import { generateUsageDay, type SampleModel, type SampleTenant } from '../usage/index.js';

export interface SampleFileOptions {
  /** Any time of the day to generate. */
  readonly day: Date;
  readonly path: string;
  /** About how many events. */
  readonly events?: number;
  readonly signal?: AbortSignal;
}

/** The models of the seed that are in use, with the kind of requests that each gets. */
const MODELS: readonly SampleModel[] = [
  { provider: 'sample-labs', name: 'sample-large-2', shape: 'conversation', weight: 4, writesCache: true },
  { provider: 'sample-labs', name: 'sample-small-2', shape: 'conversation', weight: 3, writesCache: true },
  {
    provider: 'example-ai',
    name: 'example-reason-1',
    shape: 'long-context',
    weight: 1,
    reasoningShare: 0.6,
  },
  { provider: 'example-ai', name: 'example-mini-3', shape: 'code', weight: 2 },
];

/**
 * Writes the day's events as Plinth's event CSV, whole or not at all. The same seeded tenants and day give the
 * same bytes.
 * @throws FILE_NOT_WRITTEN
 */
export async function writeSampleDay(session: Session, options: SampleFileOptions): Promise<void> {
  const tenants = await readTenants(session);
  const { day, path, events, signal } = options;
  const lines = generateUsageDay({
    day,
    tenants,
    models: MODELS,
    ...(events === undefined ? {} : { events }),
  });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(Readable.from(lines), createWriteStream(temporary), signal ? { signal } : {});
    await rename(temporary, path);
  } catch (cause) {
    if (signal?.aborted) {
      throw cause;
    }
    throw FILE_ERRORS.NOT_WRITTEN({
      message: `Cannot write ${path}: ${reasonOf(cause)}`,
      details: { path },
      cause,
    });
  }
}

/** Living, active tenants and their usable keys, in the order of their ids: the first are the largest. */
async function readTenants(session: Session): Promise<SampleTenant[]> {
  const rows = await session.query<{
    organization_id: string;
    keys: { apiKeyId: string; userId?: string }[];
  }>(
    `select o.id as organization_id,
            coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                       'apiKeyId', k.id, 'userId', k.created_by_user_id)) order by k.id)
                     filter (where k.id is not null), '[]') as keys
       from (select id
               from platform.organizations
              where deleted_at is null and status = 'active'
              order by id
              limit 500) as o
       left join platform.api_keys as k
         on k.organization_id = o.id and k.revoked_at is null and k.expires_at is null
      group by o.id
      order by o.id`,
  );
  return rows.map((row) => ({ organizationId: row.organization_id, keys: row.keys }));
}
