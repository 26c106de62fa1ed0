/**
 * The case folders: `before.sql` makes a schema with rows, `up.sql` and `down.sql` are the migration to prove, and
 * `expected.txt` is what the proof must find. Values of rows are left out of it: only their columns are told.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScratchServer } from '../../src/database/index.js';
import type { Migration } from '../../src/migrate/index.js';
import { generatedRows } from '../../src/prove/generated-rows.js';
import { openLine } from '../../src/prove/line.js';
import type { MigrationProof } from '../../src/prove/proof.js';
import { proveOne } from '../../src/prove/prove-one.js';
import { scratchEngine } from '../../src/prove/scratch-engine.js';
import { openStage } from '../../src/prove/stage.js';
import { reasonLines } from '../../src/report/prove/words.js';

const CASES = join(import.meta.dirname, 'cases');

export interface ProofCase {
  readonly name: string;
  readonly expected: string;
}

export function proofCases(): readonly ProofCase[] {
  return readdirSync(CASES).map((name) => ({ name, expected: join(CASES, name, 'expected.txt') }));
}

/** Proves the migration of a case on a server that is there, cut off at so many of the last statements of a script. */
export async function proveCase(
  server: ScratchServer,
  { name }: Pick<ProofCase, 'name'>,
  placesPerScript = 100,
): Promise<MigrationProof> {
  const filler = generatedRows();
  const engine = scratchEngine({ name: 'cases', folder: name });
  const migrations = migrationsOf(name);
  const line = await openLine({ server, engine, filler, migrations, prepare: async () => {} });
  const migration = migrations[1]!;
  const stage = openStage(line, filler);
  const proof = await proveOne({ line, stage, engine, filler, migration, index: 1, placesPerScript });
  await stage.close();
  await line.close();
  return proof;
}

function migrationsOf(name: string): readonly Migration[] {
  return [
    { version: '1', name: 'before', kind: 'versioned', up: scriptOf(name, 'before.sql')!, down: undefined },
    {
      version: '2',
      name,
      kind: 'versioned',
      up: scriptOf(name, 'up.sql')!,
      down: scriptOf(name, 'down.sql'),
    },
  ];
}

function scriptOf(name: string, file: string): Migration['down'] {
  const path = join(CASES, name, file);
  return existsSync(path) ? { file, read: () => readFileSync(path, 'utf8') } : undefined;
}

/** What was found, as a person checks it. */
export function describeProof(proof: MigrationProof): string {
  return [
    proof.verdict,
    ...proof.reasons.flatMap(({ kind, message, ...reason }) => [
      `${kind}: ${message}`,
      ...reasonLines({ kind, message, ...reason }).map((line) => `  ${withoutValues(line)}`),
    ]),
    ...proof.remarks.map((remark) => `remark: ${remark}`),
    ...[proof.up, proof.down].flatMap((script) =>
      (script?.statements ?? []).flatMap(({ disagreements }) => disagreements.map((text) => `plan: ${text}`)),
    ),
    '',
  ].join('\n');
}

function withoutValues(line: string): string {
  return line.replace(
    /; for example (.*)$/,
    (_, example: string) => `; for example ${example.replace(/=[^,:]*/g, '=…').replace(/was .*$/, 'was …')}`,
  );
}
