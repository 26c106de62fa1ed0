/**
 * The data that pg_dump writes behind `copy … from stdin;`: the following lines up to one that is `\.`. psql
 * sends them to the server as COPY data; lexed as SQL they would be noise.
 */
import { CLASS, classAt, lineEnd } from './characters.js';
import { isComment, type Token } from './token.js';

/**
 * Where data begins behind the semicolon that is the last of `tokens`, or `undefined` if the statement that began
 * with token `first` is no `copy … from stdin`, or something else stands on its last line, or nothing follows.
 */
export function copyDataStart(text: string, tokens: readonly Token[], first: number): number | undefined {
  return isCopyFromStdin(text, tokens, first) ? nextLine(text, tokens[tokens.length - 1]!.end) : undefined;
}

function isCopyFromStdin(text: string, tokens: readonly Token[], first: number): boolean {
  let start = first;
  while (start < tokens.length && isComment(tokens[start]!)) {
    start += 1;
  }
  if (!isWord(text, tokens[start], 'copy')) {
    return false;
  }
  for (let index = start + 1; index < tokens.length - 1; index += 1) {
    if (isWord(text, tokens[index], 'from') && isWord(text, nextMeaningful(tokens, index), 'stdin')) {
      return true;
    }
  }
  return false;
}

function nextMeaningful(tokens: readonly Token[], index: number): Token | undefined {
  let next = index + 1;
  while (next < tokens.length && isComment(tokens[next]!)) {
    next += 1;
  }
  return tokens[next];
}

function isWord(text: string, token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && text.slice(token.start, token.end).toLowerCase() === word;
}

function nextLine(text: string, at: number): number | undefined {
  let end = at;
  while (classAt(text, end) === CLASS.space) {
    end += 1;
  }
  if (text.startsWith('--', end)) {
    end = lineEnd(text, end);
  }
  if (classAt(text, end) !== CLASS.newline) {
    return undefined;
  }
  const start = end + (text.startsWith('\r\n', end) ? 2 : 1);
  return text.slice(start).trim() === '' ? undefined : start;
}

/** A line that is `\.` and nothing else. */
const TERMINATOR = /(?<![^\n])\\\.(?![^\r\n])/g;

/** The end of the data's last line: of the terminator `\.`, or of the text where there is none. */
export function dataBlockEnd(
  text: string,
  start: number,
): { readonly end: number; readonly terminated: boolean } {
  TERMINATOR.lastIndex = start;
  const terminated = TERMINATOR.test(text);
  return { end: terminated ? TERMINATOR.lastIndex : text.length, terminated };
}
