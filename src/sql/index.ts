export { analyzeScript, type SqlStatement } from './analyze.js';
export {
  type Classification,
  classifyStatement,
  type EnumValueAdded,
  type StatementKind,
  type TransactionControl,
} from './classify.js';
export { type Directive, type DirectiveSetting, type DirectiveWord, readDirectives } from './directives.js';
export { SQL_ERRORS } from './errors.js';
export { meaningDigest, statementDigests } from './fingerprint.js';
export { lex, lexWithoutComments } from './lexer.js';
export { maskLiterals } from './mask.js';
export { bodyOf, type NodeBody, type NodeName, namesOf, nodeName } from './node.js';
export { loadParser, offsetOfByte, type ParseOutcome, parseStatement } from './parse.js';
export { qualifiedName, quoteIdentifier, quoteLiteral } from './quote.js';
export type { SessionEffect } from './session-effect.js';
export { type StatementText, splitStatements, type TextRange } from './split.js';
export { isComment, type Token, type TokenKind } from './token.js';
export type { TransactionBlock } from './transaction-block.js';
