/** Texts that match a pattern: one for each number, so that several can be had. */
import type { TextPattern } from './branch.js';

/**
 * A text that should match; simple regular expressions are walked, what is not understood is left out.
 * @param repeat how often to write what may be written any number of times; of `like`, how long each `%` is
 */
export function textMatching({ source, syntax }: TextPattern, n: number, repeat?: number): string {
  return syntax === 'like' ? likeText(source, n, repeat) : regexText(source, n, repeat ?? 6);
}

function likeText(pattern: string, n: number, repeat: number | undefined): string {
  const any = repeat === undefined ? String(n) : String(n).slice(0, repeat).padStart(repeat, 'x');
  let text = '';
  for (let place = 0; place < pattern.length; place += 1) {
    const character = pattern[place]!;
    if (character === '\\') {
      place += 1;
      text += pattern[place] ?? '';
    } else {
      text += character === '%' ? any : character === '_' ? String(n % 10) : character;
    }
  }
  return text;
}

interface Reader {
  readonly source: string;
  place: number;
  /** Choices are taken from it digit by digit. */
  choice: number;
  readonly repeat: number;
}

function regexText(source: string, n: number, repeat: number): string {
  return alternatives({ source, place: 0, choice: n, repeat });
}

function choose(reader: Reader, count: number): number {
  const chosen = reader.choice % count;
  reader.choice = Math.floor(reader.choice / count) || (reader.choice === 0 ? 0 : reader.choice % 97);
  return chosen;
}

/** `a|b|c`, up to the closing bracket or the end. */
function alternatives(reader: Reader): string {
  const texts: string[] = [];
  for (;;) {
    texts.push(sequence(reader));
    if (reader.source[reader.place] !== '|') {
      return texts[choose(reader, texts.length)]!;
    }
    reader.place += 1;
  }
}

function sequence(reader: Reader): string {
  let text = '';
  while (reader.place < reader.source.length && !'|)'.includes(reader.source[reader.place]!)) {
    const start = reader.place;
    let piece = atom(reader);
    const end = reader.place;
    const times = repetition(reader);
    const after = reader.place;
    for (let count = 0; count < times; count += 1) {
      if (count > 0) {
        reader.place = start;
        piece = atom(reader);
        reader.place = end;
      }
      text += piece;
    }
    reader.place = after;
  }
  return text;
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const CLASSES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: LOWER + DIGITS,
  s: ' ',
  D: LOWER,
  W: '-',
  S: LOWER,
};

function atom(reader: Reader): string {
  const character = reader.source[reader.place]!;
  reader.place += 1;
  switch (character) {
    case '^':
    case '$':
      return '';
    case '.':
      return one(reader, LOWER);
    case '(':
      return group(reader);
    case '[':
      return one(reader, bracket(reader));
    case '\\': {
      const escaped = reader.source[reader.place] ?? '';
      reader.place += 1;
      return /[ymAZMbB]/.test(escaped) ? '' : escaped in CLASSES ? one(reader, CLASSES[escaped]!) : escaped;
    }
    default:
      return character;
  }
}

function one(reader: Reader, characters: string): string {
  return characters[choose(reader, characters.length)] ?? '';
}

function group(reader: Reader): string {
  const ahead = /^\?(:|=|!|<=|<!)/.exec(reader.source.slice(reader.place));
  reader.place += ahead?.[0].length ?? 0;
  const text = alternatives(reader);
  reader.place += 1;
  return ahead === null || ahead[1] === ':' ? text : '';
}

const NAMED: Readonly<Record<string, string>> = {
  alpha: LOWER,
  alnum: LOWER + DIGITS,
  digit: DIGITS,
  lower: LOWER,
  upper: LOWER.toUpperCase(),
  space: ' ',
  xdigit: `${DIGITS}abcdef`,
  word: `${LOWER}${DIGITS}`,
  punct: '.-',
};

/** The characters of `[…]`; of `[^…]` the ordinary ones that are left. */
function bracket(reader: Reader): string {
  const isNegated = reader.source[reader.place] === '^';
  reader.place += isNegated ? 1 : 0;
  let characters = '';
  for (let first = true; reader.place < reader.source.length; first = false) {
    const named = /^\[:(\w+):\]/.exec(reader.source.slice(reader.place));
    if (named) {
      characters += NAMED[named[1]!] ?? '';
      reader.place += named[0].length;
      continue;
    }
    if (reader.source[reader.place] === ']' && !first) {
      break;
    }
    const from = bracketCharacter(reader);
    const isRange = reader.source[reader.place] === '-' && reader.source[reader.place + 1] !== ']';
    if (from.length === 1 && isRange) {
      reader.place += 1;
      characters += span(from, bracketCharacter(reader));
    } else {
      characters += from;
    }
  }
  reader.place += 1;
  return isNegated ? [...(LOWER + DIGITS)].filter((each) => !characters.includes(each)).join('') : characters;
}

function bracketCharacter(reader: Reader): string {
  const character = reader.source[reader.place]!;
  reader.place += 1;
  if (character !== '\\') {
    return character;
  }
  const escaped = reader.source[reader.place] ?? '';
  reader.place += 1;
  return CLASSES[escaped] ?? escaped;
}

function span(from: string, to: string): string {
  let characters = '';
  for (let code = from.charCodeAt(0); code <= Math.min(to.charCodeAt(0), 0x17f); code += 1) {
    characters += String.fromCharCode(code);
  }
  return characters;
}

/** How often what stands before is written: more than once where that is allowed, so that texts differ. */
function repetition(reader: Reader): number {
  const found = /^(\*|\+|\?|\{(\d+)(,(\d*))?\})\??/.exec(reader.source.slice(reader.place));
  if (found === null) {
    return 1;
  }
  reader.place += found[0].length;
  const [, sign, least, more, most] = found;
  if (least === undefined) {
    return sign === '?' ? choose(reader, 2) : Math.max(sign === '+' ? 1 : 0, reader.repeat);
  }
  return more === undefined
    ? Number(least)
    : Math.max(Number(least), Math.min(reader.repeat, Number(most || reader.repeat)));
}
