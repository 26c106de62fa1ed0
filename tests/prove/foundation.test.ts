import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { openDatabase } from '../../src/database/index.js';
import { readFolder } from '../../src/migrate/index.js';
import { generatedRows, type Proof, prove } from '../../src/prove/index.js';
import { proofText, styleFor } from '../../src/report/index.js';
import { describeOnEveryServer } from '../support/every-server.js';

const MIGRATIONS = join(PACKAGE_ROOT, 'db/migrations');

async function proofOf(target: string, url: string | undefined, last?: number): Promise<Proof> {
  const path = `db/migrations/${target}`;
  const folder = readFolder({ path: join(MIGRATIONS, target), displayPath: path });
  const versions = folder.migrations.map(({ version }) => version);
  return await prove({
    target,
    folder,
    versions: last === undefined ? versions : versions.slice(-last),
    filler: generatedRows(),
    everyStatement: false,
    ...(url === undefined ? {} : { like: openDatabase(url) }),
  });
}

function told(proof: Proof): string {
  return proofText(proof, styleFor(false));
}

describe("the foundation's own migrations", () => {
  it.each(readdirSync(MIGRATIONS))(
    'of the target %s are all proven',
    { timeout: 300_000 },
    async (target) => {
      const proof = await proofOf(target, undefined);
      const { counts, migrations } = proof;
      expect(counts.proven + counts['proven with kept data'], told(proof)).toBe(migrations.length);
      expect(migrations.every(({ interruptions }) => interruptions.tried > 0)).toBe(true);
    },
  );
});

describeOnEveryServer('the newest migrations of the foundation are proven', (server) => {
  it('on the version of its own', { timeout: 300_000 }, async () => {
    const proof = await proofOf('operational', await server.url(), 2);
    expect(proof.serverVersion).toMatch(new RegExp(`^${server.major}\\.`));
    expect(proof.counts.broken + proof.counts.unproven, told(proof)).toBe(0);
  });
});
