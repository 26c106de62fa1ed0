/**
 * The names in a text of the catalogue. PostgreSQL writes those with every name outside pg_catalog qualified, so what a
 * text uses can be read off it: a `schema.name` is an object, a word may be a column. That finds more than is used (an
 * alias may look like a schema), never less, but for casts and operators without a name; what is found in vain costs a
 * view made anew, at worst.
 */
import { lex } from '../sql/index.js';

export interface NamesInText {
  /** Every `schema.name`, as `schema\0name`. */
  readonly qualified: ReadonlySet<string>;
  /** Every identifier and word. */
  readonly words: ReadonlySet<string>;
  /** `.*` stands for all columns. */
  readonly hasWholeRows: boolean;
}

const NOTHING: NamesInText = { qualified: new Set(), words: new Set(), hasWholeRows: false };

const known = new Map<string, NamesInText>();
/** As many texts as a large schema has views and functions. */
const KNOWN_LIMIT = 20_000;

export function namesIn(text: string): NamesInText {
  if (text === '') {
    return NOTHING;
  }
  let names = known.get(text);
  if (names === undefined) {
    names = readNames(text);
    if (known.size >= KNOWN_LIMIT) {
      known.clear();
    }
    known.set(text, names);
  }
  return names;
}

function readNames(text: string): NamesInText {
  const qualified = new Set<string>();
  const words = new Set<string>();
  let hasWholeRows = false;
  /** The identifiers before the next one, as far as dots join them. */
  let chain: string[] = [];
  let afterDot = false;
  for (const { kind, start, end } of lex(text)) {
    const source = text.slice(start, end);
    if (kind === 'word' || kind === 'quoted-word') {
      const name = kind === 'word' ? source : source.slice(1, -1).replaceAll('""', '"');
      words.add(name);
      if (afterDot && chain.length > 0) {
        qualified.add(`${chain.at(-1)}\0${name}`);
        chain.push(name);
      } else {
        chain = [name];
      }
      afterDot = false;
    } else if (source === '.') {
      afterDot = true;
    } else {
      if (afterDot && kind === 'operator') {
        hasWholeRows ||= source === '*';
        qualified.add(`${chain.at(-1)}\0${source}`);
      } else if (kind === 'string') {
        addNamed(source, qualified);
      }
      chain = [];
      afterDot = false;
    }
  }
  return { qualified, words, hasWholeRows };
}

/** A constant that is a name: `'app.numbers'::regclass`. */
function addNamed(literal: string, qualified: Set<string>): void {
  const inside = literal.slice(1, -1);
  if (inside.includes('.') && inside.length < 260) {
    for (const name of readNames(inside).qualified) {
      qualified.add(name);
    }
  }
}
