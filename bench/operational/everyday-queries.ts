/** What services ask of the operational database all day, each as a prepared statement. */
import { readPackageFile } from '../../src/core/index.js';
import type { Session } from '../../src/database/index.js';
import {
  authenticateApiKey,
  parseApiKey,
  type SeededOrganization,
  seededApiKey,
  seededOrganization,
} from '../../src/seed/index.js';
import { apiKeyRecord } from '../../src/seed/seeded-api-key.js';

export interface EverydayQuery {
  readonly title: string;
  readonly sql: string;
  /** The statement's parameters for an organization. */
  readonly values: (organization: SeededOrganization) => readonly unknown[];
  /** Prepares one request, outside the time that is measured; what it returns is measured. */
  readonly request: (organization: SeededOrganization) => (session: Session) => Promise<unknown>;
}

const SEED = 1;
const NEWEST_FIRST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export const EVERYDAY_QUERIES: readonly EverydayQuery[] = [
  {
    title: 'authenticate an API key',
    sql: readPackageFile('src/seed/authenticate-api-key.sql'),
    values: ({ index }) => {
      const key = parseApiKey(seededApiKey(index))!;
      return [key.organizationId, key.prefix];
    },
    request: ({ index }) => {
      const text = seededApiKey(index);
      return (session) => authenticateApiKey(session, text);
    },
  },
  prepared({
    title: 'load an organization',
    sql: `
      select o.id, o.slug, o.display_name, o.status, o.default_currency, o.time_zone,
             array(select json_build_object('model', m.name, 'provider', m.provider, 'enabled', e.enabled,
                                            'requests', e.requests_per_minute, 'tokens', e.tokens_per_minute)
                   from platform.model_entitlements as e
                   join platform.models as m on m.id = e.model_id
                   where e.organization_id = o.id) as entitlements,
             array(select json_build_object('period', b.period, 'currency', b.currency, 'limit', b.limit_nanos,
                                            'soft', b.soft_threshold_percent, 'hard', b.hard_threshold_percent)
                   from platform.budgets as b
                   where b.organization_id = o.id and b.deleted_at is null) as budgets
      from platform.organizations as o
      where o.id = $1 and o.deleted_at is null`,
    values: ({ id }) => [id],
  }),
  prepared({
    title: 'list members',
    sql: `
      select u.id, u.display_name, u.email, u.status, m.role, m.created_at
      from platform.memberships as m
      join platform.users as u on u.id = m.user_id
      where m.organization_id = $1 and m.deleted_at is null and u.deleted_at is null
      order by m.user_id
      limit 50`,
    values: ({ id }) => [id],
  }),
  prepared({
    title: 'append an audit event',
    sql: `
      insert into platform.audit_events
        (organization_id, actor_kind, actor_id, action, target_kind, target_id, outcome, request_id, details)
      values ($1, 'user', $2, 'api_key.create', 'api_key', $3, 'success', 'bench', '{"scopes": ["inference:invoke"]}')`,
    values: (organization) => [organization.id, organization.id, apiKeyRecord(organization, 0).id],
  }),
  prepared({
    title: 'page through API keys',
    sql: `
      select id, name, key_prefix, scopes, created_at, expires_at, revoked_at
      from platform.api_keys
      where organization_id = $1 and id < $2
      order by id desc
      limit 20`,
    values: (organization) => [
      organization.id,
      organization.apiKeyCount < 2
        ? NEWEST_FIRST
        : apiKeyRecord(organization, organization.apiKeyCount - 1).id,
    ],
  }),
];

function prepared(query: Omit<EverydayQuery, 'request'>): EverydayQuery {
  const name = query.title.replaceAll(' ', '_');
  return {
    ...query,
    request: (organization) => {
      const values = query.values(organization);
      return (session) => session.query(query.sql, values, { name });
    },
  };
}

/** Of how many random organizations a busy one is the largest. */
const BUSY_AMONG = 8;

/** Who asks: any organization, or, every second time, the largest of a few, as large ones ask more. */
export function pickOrganization(organizations: number): SeededOrganization {
  const any = (): SeededOrganization => seededOrganization(SEED, Math.floor(Math.random() * organizations));
  if (Math.random() < 0.5) {
    return any();
  }
  return Array.from({ length: BUSY_AMONG }, any).reduce((one, other) =>
    other.userCount > one.userCount ? other : one,
  );
}
