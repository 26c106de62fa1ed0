import type { Session } from '../database/index.js';
import { SEED_ERRORS } from './errors.js';
import { CATALOGUE_TABLES, ORGANIZATION_TABLES } from './tables.js';

/** Checks that the tables which the seed fills are there. @throws SEED_SCHEMA_MISSING */
export async function checkSchema(session: Session): Promise<void> {
  const wanted = [...CATALOGUE_TABLES, ...ORGANIZATION_TABLES].map((table) => table.name);
  const missing = await session.query<{ name: string }>(
    `select name
     from unnest($1::text[]) with ordinality as wanted (name, place)
     where to_regclass(name) is null
     order by place`,
    [wanted],
  );
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name);
    throw SEED_ERRORS.SCHEMA_MISSING({
      message: `Cannot seed the database '${session.server.database}': it has no table ${names.join(', ')} (the foundation's schema was wanted)`,
      details: { missing: names },
    });
  }
}
