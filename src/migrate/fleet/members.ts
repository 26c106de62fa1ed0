import {
  type Database,
  failureOf,
  openDatabase,
  withDatabaseName,
  withSession,
} from '../../database/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import type { MigrateOptions } from '../options.js';

/** What the members of a fleet are: databases of one server, or schemas of one database. */
export type FleetKind = 'database' | 'schema';

/** One of a fleet, with what the engine needs to migrate it. */
export interface FleetMember {
  readonly name: string;
  readonly options: MigrateOptions;
}

/**
 * The members of these names, in their order, each once.
 * @param options those of the target; its database is the server's, or holds the schemas
 */
export function fleetMembers(
  kind: FleetKind,
  names: readonly string[],
  options: MigrateOptions,
): readonly FleetMember[] {
  return [...new Set(names)].map((name) => ({
    name,
    options:
      kind === 'schema'
        ? { ...options, member: name, schema: name }
        : {
            ...options,
            member: name,
            database: openDatabase(withDatabaseName(options.database.url, name)),
          },
  }));
}

/**
 * The names that a query gives in its first column. It runs in a transaction that can only read.
 * @throws MIGRATE_FLEET_QUERY_FAILED when the server refuses it or a name is no text; DATABASE_UNREACHABLE and alike
 */
export async function queryMemberNames(
  database: Database,
  target: string,
  sql: string,
): Promise<readonly string[]> {
  return withSession(database, async (session) => {
    await session.run('set default_transaction_read_only = on');
    const rows = await session.query(sql).catch((cause: unknown) => {
      const { message } = failureOf((cause as Error).cause, sql);
      throw MIGRATE_ERRORS.FLEET_QUERY_FAILED({
        message: `Cannot list the fleet of '${target}': ${message}`,
        source: { file: `targets.${target}.fleet.query`, text: sql, start: 0, end: sql.length },
        cause,
      });
    });
    return rows.map((row) => {
      const [name] = Object.values(row);
      if (typeof name !== 'string' || name === '') {
        throw MIGRATE_ERRORS.FLEET_QUERY_FAILED({
          message: `Cannot list the fleet of '${target}': its query gave ${name === null ? 'null' : `a ${typeof name}`} (a name was wanted in the first column)`,
        });
      }
      return name;
    });
  });
}
