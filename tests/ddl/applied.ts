/** Applies what `diffSql` writes to a real database, and says how far the result is from what was wanted. */
import { diff, fingerprint, readSchema } from '../../src/catalog/index.js';
import type { Session } from '../../src/database/index.js';
import { type DiffSqlOptions, diffSql } from '../../src/ddl/index.js';
import { addressText, type SchemaModel } from '../../src/schema/index.js';

/** Runs `ddl` on an empty database, does the work with the schema that it makes, and takes everything back. */
export async function inTransaction<T>(
  session: Session,
  ddl: string,
  work: (model: SchemaModel) => Promise<T>,
): Promise<T> {
  await session.run(`begin; set search_path = public; ${ddl}`);
  try {
    return await work(await readSchema(session, { insideTransaction: true }));
  } finally {
    await session.run('rollback');
  }
}

/** Runs the change from the session's schema to `to`, each statement by itself, and gives what is there then. */
export async function applyChange(
  session: Session,
  from: SchemaModel,
  to: SchemaModel,
  options: DiffSqlOptions & { readonly insideTransaction?: boolean } = {},
): Promise<SchemaModel> {
  await session.run("set check_function_bodies = off; set search_path = ''");
  for (const { text } of diffSql(from, to, options).statements) {
    try {
      await session.run(text);
    } catch (cause) {
      throw new Error(`${cause instanceof Error ? cause.message : cause}\nin\n${text}`, { cause });
    }
  }
  return await readSchema(session, { insideTransaction: options.insideTransaction ?? false });
}

/** What still differs, in one line a change; nothing when the fingerprints are equal. */
export function remaining(found: SchemaModel, wanted: SchemaModel, options: DiffSqlOptions = {}): string[] {
  const compared = { ...options, ignoreColumnOrder: true };
  if (fingerprint(found, compared) === fingerprint(wanted, compared)) {
    return [];
  }
  const { added, removed, changed } = diff(found, wanted, compared);
  return [
    ...added.map(({ address }) => `missing: ${addressText(address)}`),
    ...removed.map(({ address }) => `too much: ${addressText(address)}`),
    ...changed.map(
      ({ address, properties }) =>
        `${addressText(address)}: ${properties.map(({ property, before, after }) => `${property} is ${JSON.stringify(before)}, not ${JSON.stringify(after)}`).join('; ')}`,
    ),
  ];
}
