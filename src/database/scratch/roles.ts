/** The roles of a server, made anew on another without their passwords: grants and owners name them. */
import type { Session } from '../session.js';

export interface ForeignRole {
  readonly name: string;
  /** The names of the roles that it is a member of. */
  readonly memberOf: readonly string[];
}

export async function readRoles(session: Session): Promise<readonly ForeignRole[]> {
  return await session.query<{ name: string; memberOf: string[] }>(
    `select r.rolname::text as name,
            array(select g.rolname::text
                    from pg_catalog.pg_auth_members as m
                    join pg_catalog.pg_roles as g on g.oid = m.roleid
                   where m.member = r.oid and g.rolname not like 'pg\\_%'
                   order by 1) as "memberOf"
       from pg_catalog.pg_roles as r
      where r.rolname not like 'pg\\_%'
      order by 1`,
  );
}

/** Makes those that are missing. None of them may log in. */
export async function copyRoles(session: Session, roles: readonly ForeignRole[]): Promise<void> {
  if (roles.length === 0) {
    return;
  }
  const statements = await session.query<{ sql: string }>(
    `select format('create role %I', role->>'name') as sql
       from jsonb_array_elements($1::jsonb) as role
      where not exists (select from pg_catalog.pg_roles where rolname = role->>'name')
      union all
     select format('grant %I to %I', granted, role->>'name')
       from jsonb_array_elements($1::jsonb) as role, jsonb_array_elements_text(role->'memberOf') as granted
      where not exists (select from pg_catalog.pg_roles where rolname = role->>'name')
      order by 1`,
    [JSON.stringify(roles)],
  );
  if (statements.length > 0) {
    await session.run(statements.map(({ sql }) => `${sql};`).join('\n'));
  }
}
