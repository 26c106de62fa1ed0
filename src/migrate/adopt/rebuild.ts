/** Makes the schema that adopted migrations say they make: by applying them to an empty database. */
import { isPlinthError } from '../../core/index.js';
import { keyOf, type MigrationFolder } from '../migration.js';
import type { MigrateOptions } from '../options.js';
import { runOne } from '../run/one.js';
import { withRun } from '../run/with-run.js';
import type { ForeignTool } from './foreign-tool.js';
import type { MatchedMigration } from './match-history.js';

/**
 * Applies the migrations to the scratch database as the tool would have.
 * @returns why it could not be done, or nothing
 */
export async function rebuild(
  options: MigrateOptions,
  folder: MigrationFolder,
  tool: ForeignTool,
  matched: readonly MatchedMigration[],
): Promise<string | undefined> {
  const task = 'build the schema anew';
  const onProgress = options.onProgress;
  try {
    await withRun(options, 'adopt', folder.path, async ({ context }) => {
      for (const [index, { migration }] of matched.entries()) {
        const text = migration.up.read();
        await runOne(context, {
          direction: 'up',
          version: keyOf(migration),
          name: migration.name,
          kind: migration.kind,
          scripts: { up: tool.sends?.(text) ?? text, down: undefined },
          file: migration.up.file,
          withoutTransaction: migration.up.withoutTransaction ?? false,
          resumed: undefined,
        });
        onProgress?.({ task, done: index + 1, total: matched.length, unit: 'migrations' });
      }
    });
    return undefined;
  } catch (error) {
    if (isPlinthError(error, 'MIGRATE_STATEMENT_FAILED', 'MIGRATE_SCRIPT_INVALID')) {
      return error.message;
    }
    throw error;
  } finally {
    onProgress?.({ task, state: 'done' });
  }
}
