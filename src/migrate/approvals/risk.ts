/**
 * What may go wrong with a migration that a second person should look at, told from its statements alone: the same
 * files have the same risks on every machine, whatever stands in the database. What cannot be told counts as a risk.
 */
import { blocksWrites, type LockMode, statementEffects } from '../../sql/index.js';
import { keyOf, type Migration } from '../migration.js';
import { irreversibleReason, parseScript, type Script, type ScriptStatement } from '../run/script.js';
import { newRelations } from './new-relations.js';
import { type RestrictedColumns, touchedColumns } from './touched-columns.js';

/**
 * - `destructive`: rows, columns or values may be lost
 * - `restricted-data`: a column that is classified as restricted is touched
 * - `long-lock`: a table is rewritten or read whole while nobody can write to it
 * - `irreversible`: there is no way back
 */
export const RISKS = ['destructive', 'restricted-data', 'long-lock', 'irreversible'] as const;
export type Risk = (typeof RISKS)[number];

export interface RiskFinding {
  readonly risk: Risk;
  /** Why, in words: `drop table drops the table orders`. */
  readonly reason: string;
  /** The line of the script that the statement starts on; absent where it is about the whole migration. */
  readonly line: number | undefined;
}

/** The risks of each direction of a migration. */
export interface MigrationRisks {
  readonly up: readonly RiskFinding[];
  readonly down: readonly RiskFinding[];
}

/** @throws MIGRATE_SCRIPT_INVALID when a script holds what no server can run */
export async function migrationRisks(
  migration: Migration,
  restricted: RestrictedColumns,
): Promise<MigrationRisks> {
  const up = await parse(migration.up);
  const down = migration.down && (await parse(migration.down));
  return {
    up: [...scriptRisks(up, restricted), ...wayBackRisks(migration, up.text)],
    down: down ? scriptRisks(down, restricted) : [],
  };
}

/** The different risks among findings, in the order of `RISKS`. */
export function risksIn(findings: readonly RiskFinding[]): readonly Risk[] {
  return RISKS.filter((risk) => findings.some((finding) => finding.risk === risk));
}

function parse(source: Migration['up']): Promise<Script> {
  const withoutTransaction = source.withoutTransaction ?? false;
  return parseScript({ file: source.file, text: source.read(), withoutTransaction });
}

function wayBackRisks(migration: Migration, up: string): RiskFinding[] {
  const declared = irreversibleReason(up);
  if (declared !== undefined) {
    return [{ risk: 'irreversible', reason: `declared irreversible: ${declared}`, line: undefined }];
  }
  return migration.down || migration.kind === 'repeatable'
    ? []
    : [{ risk: 'irreversible', reason: `${keyOf(migration)} has no down script`, line: undefined }];
}

/** The risks of running one script. */
function scriptRisks(script: Script, restricted: RestrictedColumns): RiskFinding[] {
  const made = newRelations(script.statements);
  return script.statements.flatMap((statement) => statementRisks(statement, made, restricted));
}

function statementRisks(
  statement: ScriptStatement,
  made: ReturnType<typeof newRelations>,
  restricted: RestrictedColumns,
): RiskFinding[] {
  const { outcome, line, index } = statement;
  const tag = statement.tag.toLowerCase();
  const finding = (risk: Risk, reason: string): RiskFinding => ({ risk, reason, line });
  if (outcome.kind === 'unparsed') {
    return RISKS.filter((risk) => risk !== 'irreversible').map((risk) =>
      finding(risk, 'the statement is not known to the parser, so what it does cannot be told'),
    );
  }
  const { destroys, relations, isOpaque } = statementEffects(outcome.node);
  if (isOpaque) {
    const reason = `${tag} runs code that is not looked into`;
    return [finding('destructive', reason), finding('long-lock', reason)].concat(
      restricted.size > 0 ? [finding('restricted-data', reason)] : [],
    );
  }
  const lost = destroys
    .filter(({ kind, relation }) => kind !== 'sequence position' && !made.has(relation, index))
    .map(({ kind, relation, columns, by }) =>
      finding('destructive', `${by} takes ${[kind, ...(columns ?? [])].join(' ')} of ${nameOf(relation)}`),
    );
  const locked = relations
    .filter(({ relation }) => !made.has(relation, index))
    .filter(({ lock, rewrites, scans }) => isLong(statement, lock, rewrites !== 'no' || scans !== 'no'))
    .map(({ relation, lock, rewrites }) =>
      finding(
        'long-lock',
        `${tag} ${rewrites === 'no' ? 'reads' : 'rewrites'} ${nameOf(relation)} under ${lock.toLowerCase()}`,
      ),
    );
  const touched = touchedColumns(statement, outcome.node, restricted).map((column) =>
    finding('restricted-data', `${tag} touches ${column}, which is restricted`),
  );
  return [...lost, ...touched, ...locked];
}

/** What truncate writes anew is empty. */
function isLong({ tag }: ScriptStatement, lock: LockMode, passesOverRows: boolean): boolean {
  return passesOverRows && blocksWrites(lock) && tag !== 'TRUNCATE TABLE';
}

function nameOf({ schema, name }: { readonly schema: string | undefined; readonly name: string }): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
