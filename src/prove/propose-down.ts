/** The down that takes back what an up has made, written from the two schemas and proven like any other. */
import { diffSql } from '../ddl/index.js';
import type { Migration } from '../migrate/index.js';
import type { ProofReason } from './proof.js';
import type { Trial } from './trial.js';

const MENDABLE: ReadonlySet<ProofReason['kind']> = new Set([
  'down-fails',
  'no-down',
  'schema-differs',
  'reapply-fails',
  'reapply-schema-differs',
]);

/** The migration with another down; `undefined` where none is wanted, or SQL cannot bridge the schemas. */
export function withProposedDown(migration: Migration, trial: Trial): Migration | undefined {
  const isWanted = trial.reasons.some(({ kind }) => MENDABLE.has(kind));
  if (!isWanted || !trial.after) {
    return undefined;
  }
  const { statements, gaps } = diffSql(trial.after, trial.before);
  if (gaps.length > 0) {
    return undefined;
  }
  const text = downText(
    migration,
    statements.map(({ text: statement }) => statement),
  );
  return { ...migration, down: { file: downFile(migration), read: () => text } };
}

/** The file of its down, where it has one of its own. */
export function downFile({ up, down }: Migration): string {
  return down && down.file !== up.file ? down.file : up.file.replace(/(\.up)?\.sql$/, '.down.sql');
}

function downText({ up }: Migration, statements: readonly string[]): string {
  const name = up.file.split('/').at(-1);
  const hasRoutines = statements.some((statement) =>
    /^create (or replace )?(function|procedure)/i.test(statement),
  );
  const settings = hasRoutines ? ['set local check_function_bodies = off'] : [];
  const body = [...settings, ...statements].map((statement) => `${statement};\n`).join('\n');
  return `-- Takes back ${name}: from the schema after it to the one before.\n\n${body || '-- It made nothing that is left to take back.\n'}`;
}
