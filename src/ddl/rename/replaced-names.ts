import { lex, quoteIdentifier } from '../../sql/index.js';

type Neighbours = readonly [first: string | undefined, second: string | undefined];

/** The text with other names for the identifiers that are meant: each is shown with what follows and what stands before. */
export function replaced(
  text: string,
  isMeant: (own: Neighbours, before: Neighbours) => boolean,
  nameOf: () => string,
): string {
  const tokens = lex(text);
  const values = tokens.map(({ kind, start, end }) => {
    const source = text.slice(start, end);
    return kind === 'quoted-word' ? source.slice(1, -1).replaceAll('""', '"') : source;
  });
  let result = '';
  let done = 0;
  for (const [place, { kind, start, end }] of tokens.entries()) {
    const isName = kind === 'word' || kind === 'quoted-word';
    if (isName && isMeant([values[place], values[place + 1]], [values[place - 2], values[place - 1]])) {
      result += text.slice(done, start) + quoteIdentifier(nameOf());
      done = end;
    }
  }
  return result + text.slice(done);
}
