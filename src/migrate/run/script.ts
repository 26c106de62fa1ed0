/**
 * A script, divided into what the engine executes: segments. A segment is either one transaction or one
 * statement that no transaction can hold. Most scripts are one transaction.
 *
 * The division follows the parse tree, not flags: a statement that PostgreSQL refuses in a transaction block
 * stands alone; the file's own `begin` and `commit` bound a transaction of their own; and an enum label that
 * a later statement names is committed first, because PostgreSQL refuses to use it in the transaction that
 * added it.
 */
import {
  analyzeScript,
  bodyOf,
  type Directive,
  loadParser,
  namesOf,
  readDirectives,
  type SqlStatement,
} from '../../sql/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { type ConcurrentWork, concurrentWork } from './concurrent-work.js';

export interface ScriptStatement extends SqlStatement {
  /** Its place among all statements of the script, from 0. */
  readonly index: number;
  /** The command tag, e.g. `CREATE TABLE`. */
  readonly tag: string;
  /** What it does concurrently, and so can leave half-done. */
  readonly concurrent: ConcurrentWork | undefined;
}

export interface TransactionSegment {
  readonly kind: 'transaction';
  /** How the transaction begins: the file's own words where it has some. */
  readonly begin: string;
  readonly statements: readonly ScriptStatement[];
}

export interface AloneSegment {
  readonly kind: 'alone';
  readonly statement: ScriptStatement;
}

export type Segment = TransactionSegment | AloneSegment;

export interface Script {
  /** The file's path as messages show it. */
  readonly file: string;
  readonly text: string;
  readonly statements: readonly ScriptStatement[];
  readonly segments: readonly Segment[];
  /** Its `-- plinth:` lines. */
  readonly directives: readonly Directive[];
  /** It sets or resets settings of the session, its role among them, that outlive its transactions. */
  readonly changesSession: boolean;
}

export interface ScriptText {
  readonly file: string;
  readonly text: string;
  /** The file asks that no transaction be wrapped around its statements: each stands for itself. */
  readonly withoutTransaction: boolean;
  /** Statements that the server has refused to run in a transaction, by index. */
  readonly refusedInTransaction?: ReadonlySet<number>;
}

/** @throws MIGRATE_SCRIPT_INVALID when the script holds what no server can run */
export async function parseScript(source: ScriptText): Promise<Script> {
  await loadParser();
  const statements = analyzeScript(source.text)
    .map(
      (statement, index): ScriptStatement =>
        // Not copied: its parse tree is made when somebody asks for it.
        Object.assign(statement, {
          index,
          tag: statement.classification.tag,
          concurrent: isRefusedInTransaction(statement) ? concurrentWork(statement) : undefined,
        }),
    )
    .filter((statement) => !isDumpMarker(statement));
  for (const statement of statements) {
    checkRunnable(source, statement);
  }
  return {
    file: source.file,
    text: source.text,
    statements,
    segments: divide(source, statements),
    directives: readDirectives(source.text),
    changesSession: statements.some(leavesTrace),
  };
}

/** The reason given in `-- plinth: irreversible reason="…"`, if the script has that line. */
export function irreversibleReason(text: string): string | undefined {
  const directive = readDirectives(text).find(({ words }) => words[0]?.text === 'irreversible');
  return directive && (directive.settings.find(({ key }) => key === 'reason')?.value ?? 'no reason given');
}

/**
 * The settings that earlier segments left in the session. Each segment starts with them again, because it may
 * run in a new session: after a crash, or behind a proxy.
 */
export function sessionSettingsBefore(script: Script, index: number): readonly ScriptStatement[] {
  return script.statements.filter((statement) => statement.index < index && leavesTrace(statement));
}

/**
 * What is left of a script whose first `done` statements are done. A segment may be half done: the division
 * depends on what the server has refused, and on statements that may have been mended since.
 */
export function segmentsLeft({ segments }: Script, done: number): readonly Segment[] {
  return segments
    .filter((segment) => segmentEnd(segment) > done)
    .map((segment) =>
      segment.kind === 'alone'
        ? segment
        : { ...segment, statements: segment.statements.filter(({ index }) => index >= done) },
    );
}

/** How many statements of the script are done once the segment is. */
export function segmentEnd(segment: Segment): number {
  return (segment.kind === 'alone' ? segment.statement.index : segment.statements.at(-1)!.index) + 1;
}

function leavesTrace({ classification }: ScriptStatement): boolean {
  const effect = classification.sessionEffect;
  return effect?.until === 'session' && (effect.kind === 'set' || effect.kind === 'reset');
}

/** Whether the script changes settings of the session or the transaction, or runs code that may do so without showing it. */
export function mayChangeSession({
  changesSession,
  statements,
}: Pick<Script, 'changesSession' | 'statements'>): boolean {
  return changesSession || statements.some(maySet);
}

/** A function may set something that its call does not show. */
function maySet({ classification: { kind, tag, sessionEffect } }: ScriptStatement): boolean {
  return kind === 'opaque' || kind === 'unknown' || sessionEffect !== undefined || /^SELECT\b/.test(tag);
}

/** `\restrict` and `\unrestrict`, which pg_dump writes around its output, guard psql and mean nothing here. */
function isDumpMarker({ kind, text }: ScriptStatement): boolean {
  return kind === 'meta-command' && /^\\(un)?restrict\b/.test(text);
}

function checkRunnable(source: ScriptText, statement: ScriptStatement): void {
  const flaw = flawOf(statement);
  if (flaw) {
    throw invalid(source, statement, flaw);
  }
}

function flawOf({ kind, text, unterminated, classification }: ScriptStatement): string | undefined {
  if (kind === 'meta-command') {
    return `${text.split(/\s/)[0]} is a command for psql, which no server can run`;
  }
  if (unterminated) {
    return `a ${unterminated.kind.replaceAll('-', ' ')} is never closed`;
  }
  switch (classification.transactionControl) {
    case 'rollback':
      return 'it ends a transaction with rollback, so that nothing of it would be kept';
    case 'prepare':
    case 'commit-prepared':
    case 'rollback-prepared':
      return 'two-phase commit cannot be part of a migration';
    default:
      return undefined;
  }
}

function invalid(source: ScriptText, statement: ScriptStatement, reason: string): Error {
  const at = statement.unterminated ?? statement;
  return MIGRATE_ERRORS.SCRIPT_INVALID({
    message: `Cannot run ${source.file}: ${reason}`,
    source: { file: source.file, text: source.text, start: at.start, end: at.end },
  });
}

function divide(source: ScriptText, statements: readonly ScriptStatement[]): Segment[] {
  const segments: Segment[] = [];
  let open:
    | { begin: string; explicit: ScriptStatement | undefined; statements: ScriptStatement[] }
    | undefined;
  const close = (): void => {
    if (open && open.statements.length > 0) {
      segments.push({ kind: 'transaction', begin: open.begin, statements: open.statements });
    }
    open = undefined;
  };
  for (const statement of statements) {
    const control = statement.classification.transactionControl;
    if (control === 'begin') {
      close();
      open = { begin: statement.text, explicit: statement, statements: [] };
    } else if (control === 'commit') {
      close();
    } else if (!open?.explicit && standsAlone(source, statement)) {
      close();
      segments.push({ kind: 'alone', statement });
    } else {
      open ??= { begin: 'begin', explicit: undefined, statements: [] };
      open.statements.push(statement);
      if (!open.explicit && (source.withoutTransaction || mustCommitBefore(statement, statements))) {
        close();
      }
    }
  }
  if (open?.explicit) {
    throw invalid(source, open.explicit, 'it begins a transaction that it never commits');
  }
  close();
  return segments;
}

function isRefusedInTransaction({ classification }: SqlStatement): boolean {
  return classification.transactionBlock.rule === 'forbidden';
}

function standsAlone(source: ScriptText, statement: ScriptStatement): boolean {
  const { index, classification } = statement;
  return (
    isRefusedInTransaction(statement) ||
    (source.refusedInTransaction?.has(index) ?? false) ||
    (classification.tag === 'DO' && classification.transactionBlock.rule === 'depends')
  );
}

/** The name of the enum that the statement creates, without its schema. */
function createdEnum({ outcome }: ScriptStatement): string | undefined {
  const created = outcome.kind === 'parsed' ? bodyOf(outcome.node, 'CreateEnumStmt') : undefined;
  return created && namesOf(created.typeName).at(-1);
}

/** True for an enum label that a later statement names, unless the script creates the type itself. */
function mustCommitBefore(statement: ScriptStatement, all: readonly ScriptStatement[]): boolean {
  const added = statement.classification.addsEnumValue;
  if (!added) {
    return false;
  }
  const type = added.type.at(-1)!;
  const isNew = all.some((other) => createdEnum(other) === type);
  return !isNew && all.some(({ index, text }) => index > statement.index && text.includes(added.value));
}
