/** Kept values of types that a statement is about to drop or change become texts. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';

let sql: string | undefined;

/** @param names what the statement speaks of, as parts of names; all types of the application unless given */
export async function releaseTypes(session: Session, names?: readonly string[]): Promise<void> {
  sql ??= readPackageFile('src/migrate/keep/release-types.sql');
  const commands = await session.query<{ command: string }>(sql, [names ?? null]);
  for (const { command } of commands) {
    await session.run(command);
  }
}
