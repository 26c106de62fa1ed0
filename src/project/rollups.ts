import { nearest } from '../core/index.js';
import type { Session } from '../database/index.js';
import type { EngineName, Rollup, RollupCheck } from '../usage/index.js';

export interface RollupSqlChoice {
  /** The name of a rollup. */
  readonly rollup: string;
  /** For which engine; `postgresql` unless given. */
  readonly engine?: EngineName;
  /** The table for a migration, instead of the query that computes the rows. */
  readonly table?: boolean;
}

export interface RollupsChecked {
  readonly isAsDeclared: boolean;
  readonly rollups: readonly RollupCheck[];
  /** Subjects of marks that no declaration knows. */
  readonly strayMarks: readonly string[];
}

export interface RollupCalls {
  /** As declared in `analytics/rollups`, sources first. @throws USAGE_ROLLUP_INVALID */
  list(): Promise<readonly Rollup[]>;
  /** Compares the tables of the database with the declarations, and tells how far behind they are. */
  check(): Promise<RollupsChecked>;
  /** A rollup as SQL. @throws USAGE_ROLLUP_UNKNOWN */
  sql(choice: RollupSqlChoice): Promise<string>;
}

export function rollupCalls(
  declared: () => Promise<readonly Rollup[]>,
  analytics: <T>(work: (session: Session) => Promise<T>) => Promise<T>,
): RollupCalls {
  const load = () => import('../usage/index.js');
  return {
    list: declared,
    check: async () => {
      const { checkRollups, strayMarks } = await load();
      const rollups = await declared();
      return analytics(async (session) => {
        const checks = await checkRollups(session, rollups);
        const stray = await strayMarks(session, rollups);
        const isAsDeclared = stray.length === 0 && checks.every(({ flaws }) => flaws.length === 0);
        return { isAsDeclared, rollups: checks, strayMarks: stray };
      });
    },
    sql: async ({ rollup: name, engine = 'postgresql', table = false }) => {
      const { insertSql, rollupQuery, rollupTable, tableSql, USAGE_ERRORS } = await load();
      const rollups = await declared();
      const rollup = rollups.find((one) => one.name === name);
      if (!rollup) {
        const names = rollups.map((one) => one.name);
        const near = nearest(name, names);
        throw USAGE_ERRORS.ROLLUP_UNKNOWN({
          message: `Cannot show the rollup '${name}': the project declares ${names.join(', ') || 'none'}`,
          ...(near ? { hint: `Did you mean '${near}'?` } : {}),
        });
      }
      if (table) {
        return tableSql(rollup);
      }
      const source = rollup.source === 'usage_events' ? rollup.source : rollupTable({ name: rollup.source });
      return engine === 'postgresql' ? insertSql(rollup) : rollupQuery(rollup, { engine, from: source });
    },
  };
}
