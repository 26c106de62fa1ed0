/** The down that takes back what an up has made, written from the two schemas and proven like any other. */
import type { Migration } from '../migrate/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { ProofReason } from './proof.js';
import type { Trial } from './trial.js';

/** Loaded by the first down that has to be written: most proofs need none. */
const loadDdl = () => import('../ddl/index.js');

const MENDABLE: ReadonlySet<ProofReason['kind']> = new Set([
  'down-fails',
  'no-down',
  'schema-differs',
  'reapply-fails',
  'reapply-schema-differs',
]);

/**
 * The migration with other downs, the best first: one written from the schemas alone, and its own with what it leaves
 * taken care of, which comes first where it changes rows. Empty where none is wanted, or SQL cannot bridge the schemas.
 */
export async function withProposedDowns(migration: Migration, trial: Trial): Promise<readonly Migration[]> {
  if (!trial.reasons.some(({ kind }) => MENDABLE.has(kind))) {
    return [];
  }
  const { before, after, back } = trial;
  const { diffSql } = await loadDdl();
  /** `undefined` where something would stay different. */
  const statementsBetween = (from: SchemaModel, to: SchemaModel): readonly string[] | undefined => {
    const { statements, gaps } = diffSql(from, to, { ignoreColumnOrder: true });
    return gaps.length === 0 ? statements.map(({ text }) => text) : undefined;
  };
  const rest = back && statementsBetween(back, before);
  const all = after && statementsBetween(after, before);
  const mended = rest && migration.down ? [completed(migration.down.read(), rest)] : [];
  const written = all ? [fromSchemas(migration, all)] : [];
  const texts = changesData(trial) ? [...mended, ...written] : [...written, ...mended];
  return texts.map((text) => ({ ...migration, down: { file: downFile(migration), read: () => text } }));
}

/** Whether the down does more than change the schema. */
function changesData({ down }: Trial): boolean {
  return (down?.statements ?? []).some(({ tag }) =>
    /^(INSERT|UPDATE|DELETE|MERGE|SELECT|DO|CALL|COPY)\b/.test(tag),
  );
}

/** The file of its down, where it has one of its own. */
function downFile({ up, down }: Migration): string {
  return down && down.file !== up.file ? down.file : up.file.replace(/(\.up)?\.sql$/, '.down.sql');
}

function completed(own: string, rest: readonly string[]): string {
  const body = own.trimEnd();
  return `${body}${/[;*]$/.test(body) ? '' : ';'}\n\n-- What the statements above leave other than it was.\n${sqlOf(rest)}`;
}

function fromSchemas({ up }: Migration, statements: readonly string[]): string {
  const name = up.file.split('/').at(-1);
  const body = statements.length > 0 ? sqlOf(statements) : '-- It made nothing that is left to take back.\n';
  return `-- Takes back ${name}: from the schema after it to the one before.\n\n${body}`;
}

function sqlOf(statements: readonly string[]): string {
  const hasRoutines = statements.some((text) => /^create (or replace )?(function|procedure)/i.test(text));
  const settings = hasRoutines ? ['set local check_function_bodies = off'] : [];
  return [...settings, ...statements].map((statement) => `${statement};\n`).join('\n');
}
