/** The character classes of PostgreSQL's scanner, as a table over UTF-16 code units. */

export const CLASS = {
  other: 0,
  space: 1,
  newline: 2,
  /** Begins a word: a letter, `_`, or anything beyond ASCII. */
  letter: 3,
  digit: 4,
  operator: 5,
  /** A character that is a token by itself: `( ) [ ] , ;`. */
  self: 6,
} as const;

export type CharacterClass = (typeof CLASS)[keyof typeof CLASS];

const TABLE: readonly CharacterClass[] = Array.from({ length: 128 }, (_, code) => classify(code));

export function classAt(text: string, at: number): CharacterClass {
  const code = text.charCodeAt(at);
  if (code < 128) {
    return TABLE[code]!;
  }
  return code >= 128 ? CLASS.letter : CLASS.other;
}

export function isWhitespace(characterClass: CharacterClass): boolean {
  return characterClass === CLASS.space || characterClass === CLASS.newline;
}

/** The first offset at or after `at` that no longer continues a word: letters, digits and `$` do. */
export function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const characterClass = classAt(text, end);
    if (characterClass !== CLASS.letter && characterClass !== CLASS.digit && text[end] !== '$') {
      break;
    }
    end += 1;
  }
  return end;
}

/** The end of the line that holds `at`: the offset of its line ending, or of the end of the text. */
export function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && classAt(text, end) !== CLASS.newline) {
    end += 1;
  }
  return end;
}

function classify(code: number): CharacterClass {
  const character = String.fromCharCode(code);
  if (/[\n\r]/.test(character)) {
    return CLASS.newline;
  }
  if (/[ \t\f\v]/.test(character)) {
    return CLASS.space;
  }
  if (/[A-Za-z_]/.test(character)) {
    return CLASS.letter;
  }
  if (/[0-9]/.test(character)) {
    return CLASS.digit;
  }
  if (/[~!@#^&|`?+\-*/%<>=]/.test(character)) {
    return CLASS.operator;
  }
  return /[()[\],;]/.test(character) ? CLASS.self : CLASS.other;
}
