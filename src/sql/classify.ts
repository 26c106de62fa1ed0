/** What sort of statement a parse tree is: its command tag, its kind, and how it sits with transactions. */
import type { Node } from 'libpg-query';
import { commandTag } from './command-tag.js';
import { lexWithoutComments } from './lexer.js';
import { bodyOf, namesOf, nodeName } from './node.js';
import type { ParseOutcome } from './parse.js';
import { type SessionEffect, sessionEffect } from './session-effect.js';
import { type TransactionBlock, transactionBlockRule } from './transaction-block.js';

/**
 * - `definition`: creates, changes or drops objects, rights and comments
 * - `data`: changes rows (also `truncate`, `refresh materialized view`, `copy … from`, a `select` that writes)
 * - `query`: reads
 * - `transaction`: begins, ends or divides a transaction, or sets how it runs
 * - `session`: changes the session only
 * - `maintenance`: vacuum, analyze, reindex, cluster, checkpoint
 * - `opaque`: runs code whose effects the statement does not show: `do`, `call`, `execute`
 * - `unknown`: not understood by the parser
 */
export type StatementKind =
  | 'definition'
  | 'data'
  | 'query'
  | 'transaction'
  | 'session'
  | 'maintenance'
  | 'opaque'
  | 'unknown';

export type TransactionControl =
  | 'begin'
  | 'commit'
  | 'rollback'
  | 'savepoint'
  | 'release'
  | 'rollback-to'
  | 'prepare'
  | 'commit-prepared'
  | 'rollback-prepared';

/** A label that `alter type … add value` adds; PostgreSQL refuses its use before the commit. */
export interface EnumValueAdded {
  /** The parts of the type's name as written, schema first where there is one. */
  readonly type: readonly string[];
  readonly value: string;
}

export interface Classification {
  /** The command tag as the server has it: `CREATE INDEX`. */
  readonly tag: string;
  readonly kind: StatementKind;
  readonly transactionBlock: TransactionBlock;
  readonly transactionControl: TransactionControl | undefined;
  readonly sessionEffect: SessionEffect | undefined;
  readonly addsEnumValue: EnumValueAdded | undefined;
}

/** Classifies a statement from what the parser made of it; `text` is the statement's own. */
export function classifyStatement(text: string, outcome: ParseOutcome): Classification {
  return outcome.kind === 'parsed' ? classifyNode(outcome.node) : classifyUnparsed(text);
}

function classifyNode(node: Node): Classification {
  const tag = commandTag(node);
  return {
    tag,
    kind: kindOf(node, tag),
    transactionBlock: transactionBlockRule(node),
    transactionControl: transactionControl(node),
    sessionEffect: sessionEffect(node),
    addsEnumValue: addedEnumValue(node),
  };
}

/** Only the server knows the statement: its first words stand for the tag. */
function classifyUnparsed(text: string): Classification {
  const words: string[] = [];
  for (const { kind, start, end } of lexWithoutComments(text)) {
    if (kind !== 'word' || words.length === 2) {
      break;
    }
    words.push(text.slice(start, end).toUpperCase());
  }
  return {
    tag: words.join(' ') || '???',
    kind: 'unknown',
    transactionBlock: { rule: 'depends', reason: 'the parser does not know the statement' },
    transactionControl: undefined,
    sessionEffect: undefined,
    addsEnumValue: undefined,
  };
}

const KINDS: Readonly<Record<string, StatementKind>> = {
  INSERT: 'data',
  UPDATE: 'data',
  DELETE: 'data',
  MERGE: 'data',
  'TRUNCATE TABLE': 'data',
  'REFRESH MATERIALIZED VIEW': 'data',
  SHOW: 'query',
  FETCH: 'query',
  MOVE: 'query',
  'CLOSE CURSOR': 'session',
  'CLOSE CURSOR ALL': 'session',
  'LOCK TABLE': 'transaction',
  'SET CONSTRAINTS': 'transaction',
  NOTIFY: 'session',
  VACUUM: 'maintenance',
  ANALYZE: 'maintenance',
  CLUSTER: 'maintenance',
  REINDEX: 'maintenance',
  CHECKPOINT: 'maintenance',
  DO: 'opaque',
  CALL: 'opaque',
  EXECUTE: 'opaque',
};

function kindOf(node: Node, tag: string): StatementKind {
  switch (nodeName(node)) {
    case 'TransactionStmt':
      return 'transaction';
    case 'SelectStmt':
      return tag === 'SELECT INTO' ? 'definition' : writesRows(node) ? 'data' : 'query';
    case 'ExplainStmt':
      return writesRows(node) && explainsByRunning(node) ? 'data' : 'query';
    case 'CopyStmt':
      return bodyOf(node, 'CopyStmt')?.is_from ? 'data' : 'query';
    case 'VariableSetStmt':
      return bodyOf(node, 'VariableSetStmt')?.name?.startsWith('TRANSACTION') ? 'transaction' : 'session';
    default:
      return KINDS[tag] ?? (sessionEffect(node) ? 'session' : 'definition');
  }
}

const WRITERS = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** True when an insert, update, delete or merge stands anywhere in the statement, as in `with … as (delete …)`. */
function writesRows(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return Object.entries(value).some(([key, child]) => WRITERS.includes(key) || writesRows(child));
}

function explainsByRunning(node: Node): boolean {
  const options = bodyOf(node, 'ExplainStmt')?.options ?? [];
  return options.some((element) => bodyOf(element, 'DefElem')?.defname === 'analyze');
}

const CONTROLS = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'commit-prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback-prepared',
} as const;

function transactionControl(node: Node): TransactionControl | undefined {
  const kind = bodyOf(node, 'TransactionStmt')?.kind;
  return kind && CONTROLS[kind];
}

function addedEnumValue(node: Node): EnumValueAdded | undefined {
  const { typeName, oldVal, newVal } = bodyOf(node, 'AlterEnumStmt') ?? {};
  // With an old value it is a rename, which is not restricted.
  return newVal === undefined || oldVal ? undefined : { type: namesOf(typeName), value: newVal };
}
