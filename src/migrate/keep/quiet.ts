/**
 * Putting rows back is no event of the application: its triggers and rules stay silent meanwhile. Those of foreign
 * keys go on checking, which `session_replication_role = replica` would not let them.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { nameOf } from './layout.js';
import { withoutForcedPolicies } from './row-security.js';
import type { TableFacts } from './table-facts.js';

const LOUD = `
  with tables as (
    select $1::oid as oid
    union
    select relid from pg_catalog.pg_partition_tree($1::oid::regclass)
  )
  select c.oid::pg_catalog.regclass::text as table, g.tgname as name, g.tgenabled as state, 'trigger' as what
    from tables
    join pg_catalog.pg_class as c on c.oid = tables.oid
    join pg_catalog.pg_trigger as g on g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled <> 'D'
  union all
  select c.oid::pg_catalog.regclass::text, w.rulename, w.ev_enabled, 'rule'
    from tables
    join pg_catalog.pg_class as c on c.oid = tables.oid and c.relkind in ('r', 'p')
    join pg_catalog.pg_rewrite as w on w.ev_class = c.oid and w.ev_enabled <> 'D'`;

const ENABLE: Readonly<Record<string, string>> = { O: 'enable', A: 'enable always', R: 'enable replica' };

interface Loud {
  readonly table: string;
  readonly name: string;
  readonly state: string;
  readonly what: string;
}

/** Calls `work` while no trigger, rule or policy of the application acts on the table. */
export async function quietly<T>(session: Session, table: TableFacts, work: () => Promise<T>): Promise<T> {
  const loud = table.kind === 'm' ? [] : await session.query<Loud>(LOUD, [table.oid]);
  const alter = async (how: (one: Loud) => string): Promise<void> => {
    if (loud.length > 0) {
      const commands = loud.map(
        (one) => `alter table only ${one.table} ${how(one)} ${one.what} ${quoteIdentifier(one.name)}`,
      );
      await session.run(commands.join(';\n'));
    }
  };
  const identities = table.columns.filter(({ isAlwaysIdentity }) => isAlwaysIdentity);
  // A partition has the identity of its table.
  const [root] =
    identities.length > 0 && table.isPartition
      ? await session.query<{ name: string }>(
          'select pg_catalog.pg_partition_root($1::oid::regclass)::text as name',
          [table.oid],
        )
      : [{ name: nameOf(table) }];
  const generate = async (how: string): Promise<void> => {
    for (const { name } of identities) {
      await session.run(
        `alter table ${root!.name} alter column ${quoteIdentifier(name)} set generated ${how}`,
      );
    }
  };
  return withoutForcedPolicies(session, table, async () => {
    await alter(() => 'disable');
    await generate('by default');
    const result = await work();
    await generate('always');
    await alter(({ state }) => ENABLE[state] ?? 'enable');
    return result;
  });
}
