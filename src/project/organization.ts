import type { Session } from '../database/index.js';
import { PROJECT_ERRORS } from './errors.js';

/** The id of the living organization of that slug or id. @throws PROJECT_ORGANIZATION_UNKNOWN */
export async function organizationIdOf(session: Session, slugOrId: string): Promise<string> {
  return (await organizationOf(session, slugOrId)).id;
}

export interface Organization {
  readonly id: string;
  /** The IANA name of the zone in which it reads its days. */
  readonly timeZone: string;
}

/** The living organization of that slug or id. @throws PROJECT_ORGANIZATION_UNKNOWN */
export async function organizationOf(session: Session, slugOrId: string): Promise<Organization> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(slugOrId);
  const [row] = await session.query<{ id: string; time_zone: string }>(
    `select id, time_zone from platform.organizations where ${isId ? 'id = $1::uuid' : 'slug = $1'} and deleted_at is null`,
    [slugOrId],
  );
  if (!row) {
    throw PROJECT_ERRORS.ORGANIZATION_UNKNOWN({
      message: `Cannot use the organization '${slugOrId}': there is no living one of that ${isId ? 'id' : 'slug'}`,
      details: { organization: slugOrId },
    });
  }
  return { id: row.id, timeZone: row.time_zone };
}
