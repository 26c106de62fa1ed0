/** Statements for logs and spans: what they do, without the values that they carry. */
import { lex } from './lexer.js';
import type { Token } from './token.js';

/**
 * `text` with every constant as `?` and without comments and COPY data, also when it is cut off in the middle of
 * a constant. Names stay.
 */
export function maskLiterals(text: string): string {
  let masked = '';
  let at = 0;
  for (const token of lex(text)) {
    masked += text.slice(at, token.start) + shown(text, token);
    at = token.end;
  }
  return masked + text.slice(at);
}

function shown(text: string, token: Token): string {
  if (token.unterminated) {
    return token.kind === 'block-comment' || token.kind === 'copy-data' ? '' : '?';
  }
  switch (token.kind) {
    case 'string':
    case 'dollar-string':
    case 'number':
      return '?';
    case 'line-comment':
    case 'block-comment':
    case 'copy-data':
    case 'meta-command':
      return '';
    default:
      return text.slice(token.start, token.end);
  }
}
