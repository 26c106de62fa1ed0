/**
 * Roles belong to a server, and throwaway databases stand for moments of one history on it: what a script has made on
 * one database is not there yet on another. While one database is worked on, the roles that were made on others have
 * other names.
 */
import { quoteIdentifier } from '../../sql/index.js';
import type { Session } from '../session.js';

export interface RoleSets {
  /** Gives roles the names that scripts on the database know them by. */
  switchTo(database: string): Promise<void>;
  /** The new database begins with the roles of the one that it was copied from. */
  begin(database: string, template: string | undefined): Promise<void>;
  /** The database is gone, and roles that were made on it alone go too. */
  end(database: string): Promise<void>;
}

/** By oid: a role that has been dropped and made again is another. */
type RoleNames = ReadonlyMap<number, string>;

const PARKED = 'plinth_role_of_another_';

/** @param session a superuser's, on a server that nobody else uses */
export function roleSets(session: Session): RoleSets {
  const sets = new Map<string, RoleNames>();
  let first: ReadonlySet<number> | undefined;
  let active: string | undefined;
  /** The roles that were made since the first database was. */
  const madeRoles = async (): Promise<RoleNames> => {
    const roles = await session.query<{ oid: number; name: string }>(
      'select oid::int8::float8 as oid, rolname::text as name from pg_catalog.pg_roles where oid >= 16384',
    );
    first ??= new Set(roles.map(({ oid }) => oid));
    const made = new Map(roles.flatMap(({ oid, name }) => (first!.has(oid) ? [] : [[oid, name] as const])));
    if (active !== undefined) {
      sets.set(active, new Map([...made].filter(([, name]) => !name.startsWith(PARKED))));
    }
    return made;
  };
  const switchTo = async (database: string): Promise<void> => {
    if (active === database) {
      return;
    }
    const made = await madeRoles();
    const wanted = sets.get(database) ?? new Map<number, string>();
    const renames = [...made].flatMap(([oid, name]) => {
      const next = wanted.get(oid) ?? `${PARKED}${oid}`;
      return next === name ? [] : [{ oid, name, next }];
    });
    // Those that are in the way go first.
    const order = [...renames].sort((a, b) => Number(wanted.has(a.oid)) - Number(wanted.has(b.oid)));
    for (const { name, next } of order) {
      await session.run(`alter role ${quoteIdentifier(name)} rename to ${quoteIdentifier(next)}`);
    }
    active = database;
  };
  return {
    switchTo,
    async begin(database, template) {
      await madeRoles();
      sets.set(database, (template === undefined ? undefined : sets.get(template)) ?? new Map());
      await switchTo(database);
    },
    async end(database) {
      const made = await madeRoles();
      const own = sets.get(database) ?? new Map<number, string>();
      sets.delete(database);
      active = active === database ? undefined : active;
      const others = new Set([...sets.values()].flatMap((set) => [...set.keys()]));
      for (const oid of [...own.keys()].filter((each) => !others.has(each))) {
        // What it has to do with in other databases keeps it there, and is in nobody's way.
        await session.run(`drop role if exists ${quoteIdentifier(made.get(oid) ?? '')}`).catch(() => {});
      }
    },
  };
}
