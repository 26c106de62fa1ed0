/** Every case folder that can be read is run: all up, down as far as there is a way, up again. */
import { describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, rollback } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type FolderCase, folderCases, readCase } from './folder-cases.js';

describe('A folder of any tool is applied, rolled back and applied again', () => {
  for (const folderCase of folderCases().filter(isRunnable)) {
    test(folderCase.name, async () => {
      const { migrations } = readCase(folderCase);
      const test = await createTestDatabase();
      const options: MigrateOptions = {
        database: test.database,
        target: 'main',
        folder: { path: folderCase.input, displayPath: 'migrations' },
      };
      try {
        const up = await apply(options);
        expect(up.migrations.map(({ version }) => version)).toHaveLength(migrations.length);
        const versioned = migrations.filter(({ kind }) => kind === 'versioned');
        const lastWithoutDown = versioned.findLastIndex(({ down }) => down === undefined);
        const steps = versioned.length - 1 - lastWithoutDown;
        if (steps > 0) {
          const down = await rollback({ ...options, steps });
          expect(down.migrations).toHaveLength(steps);
          if (lastWithoutDown === -1) {
            expect(await relations(test)).toEqual([]);
          }
          expect((await apply(options)).migrations).toHaveLength(steps);
        }
      } finally {
        await test.drop();
      }
    });
  }
});

function isRunnable(folderCase: FolderCase): boolean {
  try {
    const { migrations } = readCase(folderCase);
    for (const { up, down } of migrations) {
      up.read();
      down?.read();
    }
    return migrations.length > 0;
  } catch {
    return false;
  }
}

/** What stands in the schema public. */
function relations({ database }: TestDatabase): Promise<readonly { name: string }[]> {
  return withSession(database, (session) =>
    session.query<{ name: string }>(
      `select relname as name from pg_catalog.pg_class where relnamespace = 'public'::regnamespace
       union all
       select proname from pg_catalog.pg_proc where pronamespace = 'public'::regnamespace
       order by name`,
    ),
  );
}
