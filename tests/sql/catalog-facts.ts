/** The catalogue of a test database as the questions that `statementEffects` asks. */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { CatalogFacts, RelationFacts, RelationName } from '../../src/sql/index.js';

const RELATIONS = readFileSync(new URL('catalog-facts.sql', import.meta.url), 'utf8');

/** The facts of the schemas `public` and `app`, `public` being the search path. */
export async function readCatalogFacts(client: pg.Client, serverVersion: number): Promise<CatalogFacts> {
  const { rows: relations } = await client.query<RelationFacts>(RELATIONS);
  const { rows: volatile } = await client.query<{ name: string }>(
    `select distinct proname as name from pg_proc where provolatile = 'v'`,
  );
  const { rows: domains } = await client.query<{ name: string; baseType: string; hasConstraints: boolean }>(
    `select typname as name, format_type(typbasetype, typtypmod) as "baseType",
            typnotnull or exists (select from pg_constraint where contypid = t.oid) as "hasConstraints"
       from pg_type as t where typtype = 'd' and typnamespace = 'public'::regnamespace`,
  );
  const { rows: users } = await client.query<RelationName & { readonly type: string }>(
    `select distinct t.typname as type, c.relnamespace::regnamespace::text as schema, c.relname as name
       from pg_attribute as a join pg_type as t on t.oid = a.atttypid join pg_class as c on c.oid = a.attrelid
      where t.typnamespace = 'public'::regnamespace and c.relkind in ('r', 'm', 'p') and a.attnum > 0`,
  );
  const { rows: statistics } = await client.query<{ name: string; schema: string; table: string }>(
    `select s.stxname as name, 'public' as schema, c.relname as "table"
       from pg_statistic_ext as s join pg_class as c on c.oid = s.stxrelid`,
  );
  const named = new Map(relations.map((facts) => [`${facts.schema}.${facts.name}`, withoutNulls(facts)]));
  return {
    serverVersion,
    timeZoneIsUtc: true,
    relation: ({ schema, name }) => named.get(`${schema ?? 'public'}.${name}`),
    isVolatile: (parts) => volatile.some(({ name }) => name === parts.at(-1)),
    domain: (parts) => domains.find(({ name }) => name === parts.at(-1)),
    relationsUsingType: (parts) => users.filter(({ type }) => type === parts.at(-1)),
    relationsInSchema: (schema) => relations.filter((facts) => facts.schema === schema),
    relationOfStatistics: ({ name }) => {
      const found = statistics.find((candidate) => candidate.name === name);
      return found && { schema: found.schema, name: found.table };
    },
  };
}

function withoutNulls(facts: RelationFacts): RelationFacts {
  return JSON.parse(JSON.stringify(facts, (_, value) => value ?? undefined)) as RelationFacts;
}
