/** The lexical elements of SQL text as PostgreSQL and psql see them. */

export type TokenKind =
  /** A keyword or an unquoted identifier. */
  | 'word'
  /** `"…"` and `U&"…"`. */
  | 'quoted-word'
  /** `'…'` with any prefix (`E`, `U&`, `B`, `X`, `N`), and what continues it on following lines. */
  | 'string'
  /** `$tag$…$tag$` */
  | 'dollar-string'
  /** A number, with whatever letters PostgreSQL would call junk behind it. */
  | 'number'
  /** `$1` */
  | 'parameter'
  /** One or more of `~ ! @ # ^ & | ? + - * / % < > =`. */
  | 'operator'
  /** `( ) [ ] , ; . .. : :: :=` */
  | 'punctuation'
  /** `-- …`, without the line ending. */
  | 'line-comment'
  /** A slash-star comment, with those nested in it. */
  | 'block-comment'
  /** A psql command: a backslash outside quotes, to the end of the line. No server can run it. */
  | 'meta-command'
  /** The lines that follow `copy … from stdin;`, with the line `\.` that ends them. */
  | 'copy-data'
  /** A character that is no part of SQL, such as `{`. */
  | 'unknown';

/** A lexical element; offsets are UTF-16 code units, `end` is exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** The text ended before the token did: a quote, comment or COPY block that is never closed. */
  readonly unterminated: boolean;
}

/** True for the tokens that carry no meaning. */
export function isComment(token: Token): boolean {
  return token.kind === 'line-comment' || token.kind === 'block-comment';
}
