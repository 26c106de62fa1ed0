/** The schemas of public projects, and the end states of migration projects: rebuilt from what is written of them. */
import { beforeAll, describe, test } from 'vitest';
import { readFolder } from '../../src/migrate/folder/read-folder.js';
import { loadParser } from '../../src/sql/index.js';
import { PUBLIC_SCHEMAS, scriptOf } from '../catalog/public-schemas.js';
import { applyWithPsql, corpusFolder, runnableCopy } from '../migrate/corpora.js';
import { CORPORA } from '../migrate/corpora-list.js';
import { createTestDatabase, serverUrl } from '../support/database.js';
import { noPrograms, runScript } from '../support/postgres-programs.js';
import { MAJORS, testServer } from '../support/servers.js';
import { expectRebuilt } from './rebuilt.js';

const majors = MAJORS.filter((major) => testServer(major).missing === undefined);
const root = process.env.PLINTH_CORPORA;

/** Their migrations say what PostgreSQL 15 does not take. */
const REFUSED_BY_15: readonly string[] = ['river'];

beforeAll(loadParser);

for (const schema of PUBLIC_SCHEMAS) {
  const script = scriptOf(schema);
  const reason = noPrograms ?? ('missing' in script ? script.missing : undefined);
  const title = reason === undefined ? schema.name : `${schema.name} (skipped: ${reason})`;
  describe.skipIf(reason !== undefined)(title, { timeout: 120_000 }, () => {
    test.each(majors.filter((major) => major >= (schema.since ?? 0)))(
      'is rebuilt on PostgreSQL %i',
      async (major) => {
        const url = await serverUrl(major);
        const original = await createTestDatabase({ serverUrl: url });
        await runScript(original.url, 'text' in script ? script.text : '');
        await expectRebuilt({ original, serverUrl: url, major });
        await original.drop();
      },
    );
  });
}

for (const corpus of CORPORA) {
  const folder = root === undefined ? undefined : corpusFolder(root, corpus);
  const reason =
    noPrograms ?? (folder === undefined ? `there is no ${corpus.name} below PLINTH_CORPORA` : undefined);
  const title = `the end of ${corpus.name}${reason === undefined ? '' : ` (skipped: ${reason})`}`;
  describe.skipIf(reason !== undefined)(title, { timeout: 180_000 }, () => {
    test.each(
      majors.filter((major) => major === 18 || (major === 15 && !REFUSED_BY_15.includes(corpus.name))),
    )('is rebuilt on PostgreSQL %i', async (major) => {
      const url = await serverUrl(major);
      const original = await createTestDatabase({ serverUrl: url });
      const copy = runnableCopy(folder!, corpus);
      applyWithPsql(original.url, readFolder({ path: copy.path }), copy.path);
      copy.drop();
      await expectRebuilt({ original, serverUrl: url, major });
      await original.drop();
    });
  });
}
