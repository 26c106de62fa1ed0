/**
 * The migrations of public projects, where PLINTH_CORPORA names a folder that has them. The smallest are proven here;
 * scripts/prove-public-projects.mjs proves all of them and writes docs/proofs-of-public-projects.md.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFolder } from '../../src/migrate/index.js';
import { generatedRows, type Proof, prove } from '../../src/prove/index.js';

const corpora = process.env.PLINTH_CORPORA;

/** What a look at the schema alone finds, measured apart from Plinth; a proof finds at least so many. */
const PROJECTS = [
  { name: 'svix', folder: 'server/svix-server/migrations', downsThatFail: 1, otherSchemas: 1 },
  { name: 'river', folder: 'riverdriver/riverdatabasesql/migration/main', downsThatFail: 0, otherSchemas: 1 },
] as const;

describe.each(PROJECTS)('the migrations of $name', ({ name, folder, downsThatFail, otherSchemas }) => {
  const path = corpora === undefined ? undefined : join(corpora, name, folder);
  const missing = path === undefined || !existsSync(path);
  it.skipIf(missing)(
    missing
      ? 'are proven (skipped: PLINTH_CORPORA names no folder that has them)'
      : 'are proven, and what is wrong is found',
    { timeout: 600_000 },
    async () => {
      const read = readFolder({ path: path!, displayPath: folder });
      const proof = await prove({
        target: name,
        folder: read,
        versions: read.migrations.map(({ version }) => version),
        filler: generatedRows(),
        everyStatement: false,
      });
      expect(proof.migrations).toHaveLength(read.migrations.length);
      expect(countOf(proof, 'down-fails')).toBeGreaterThanOrEqual(downsThatFail);
      expect(countOf(proof, 'schema-differs')).toBeGreaterThanOrEqual(otherSchemas);
      expect(countOf(proof, 'interruption-differs')).toBe(0);
      expect(proof.counts['proven with kept data']).toBeGreaterThan(0);
    },
  );
});

function countOf({ migrations }: Proof, kind: string): number {
  return migrations.filter(({ reasons }) => reasons.some((reason) => reason.kind === kind)).length;
}
