export { type AddedColumn, addedColumns } from './added-columns.js';
export { analyzeScript, type SqlStatement } from './analyze.js';
export type {
  CatalogFacts,
  ColumnFacts,
  ConstraintFacts,
  DomainFacts,
  ReferenceFacts,
  ReferentialAction,
  RelationFacts,
  RelationKind,
} from './catalog-facts.js';
export type {
  Classification,
  EnumValueAdded,
  StatementKind,
  TransactionControl,
} from './classify.js';
export type { DestroyedKind, Destruction } from './destroyed.js';
export { type Directive, type DirectiveSetting, type DirectiveWord, readDirectives } from './directives.js';
export type { RelationEffect } from './effect.js';
export { type StatementEffects, statementEffects } from './effects.js';
export { SQL_ERRORS } from './errors.js';
export { meaningDigest, statementDigests } from './fingerprint.js';
export { lex, lexWithoutComments } from './lexer.js';
export { blocksReads, blocksWrites, LOCK_MODES, type LockMode } from './lock-mode.js';
export { maskLiterals } from './mask.js';
export { bodyOf, type NodeBody, type NodeName, namesOf, nodeName } from './node.js';
export type { ObjectAction, ObjectUse } from './object-use.js';
export { type StatementObjects, statementObjects } from './objects.js';
export { loadParser, offsetOfByte, type ParseOutcome, parseStatement } from './parse.js';
export { qualifiedName, quoteIdentifier, quoteLiteral } from './quote.js';
export { isSameRelation, type RelationName } from './relation-name.js';
export {
  type RelationUse,
  type RelationUseKind,
  relationUses,
  type WritingStatement,
} from './relation-uses.js';
export type { SessionEffect } from './session-effect.js';
export { type StatementText, splitStatements, type TextRange } from './split.js';
export type { Token, TokenKind } from './token.js';
export type { TransactionBlock } from './transaction-block.js';
export { type Certainty, type TypeChange, typeChangeIsLossless, typeChangeRewrites } from './type-change.js';
export { formatTypeName } from './type-name.js';
