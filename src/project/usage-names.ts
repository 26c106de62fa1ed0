/** Names of what usage is told by, from the operational target. */
import type { Session } from '../database/index.js';
import type { UsageGroups } from '../usage/index.js';
import { PROJECT_ERRORS } from './errors.js';

/** The groups with `organization` (its slug) and `key` (its name) beside the ids; null for what is not there. */
export async function groupNames(session: Session, answer: UsageGroups): Promise<UsageGroups> {
  const ids = (column: string): string[] => [
    ...new Set(
      answer.groups.flatMap(({ key }) => {
        const id = key[column];
        return typeof id === 'string' && UUID.test(id) ? [id] : [];
      }),
    ),
  ];
  const organizations = await namesOf(
    session,
    'select id, slug as name from platform.organizations where id = any ($1::uuid[])',
    ids('organization_id'),
  );
  const keys = await namesOf(
    session,
    'select id, name from platform.api_keys where id = any ($1::uuid[])',
    ids('api_key_id'),
  );
  return {
    ...answer,
    groups: answer.groups.map((group) => ({
      ...group,
      key: {
        ...group.key,
        ...('organization_id' in group.key
          ? { organization: organizations.get(String(group.key.organization_id)) ?? null }
          : {}),
        ...('api_key_id' in group.key ? { key: keys.get(String(group.key.api_key_id)) ?? null } : {}),
      },
    })),
  };
}

async function namesOf(session: Session, sql: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = ids.length === 0 ? [] : await session.query<{ id: string; name: string }>(sql, [ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of the key of that id or prefix, of an organization where one is given. @throws PROJECT_KEY_UNKNOWN */
export async function keyIdOf(
  session: Session,
  key: string,
  organizationId: string | undefined,
): Promise<string> {
  // Events may name keys that are gone.
  if (UUID.test(key)) {
    return key;
  }
  const rows = await session.query<{ id: string }>(
    `select id from platform.api_keys
      where key_prefix = $1 and organization_id = coalesce($2::uuid, organization_id)
      limit 2`,
    [key, organizationId ?? null],
  );
  if (rows.length !== 1) {
    throw PROJECT_ERRORS.KEY_UNKNOWN({
      message: `Cannot use the key '${key}': ${rows.length === 0 ? 'no key has' : 'several organizations have a key with'} that prefix`,
      details: { key },
    });
  }
  return rows[0]!.id;
}
