/**
 * Where things are in a line of JSON. `JSON.parse` reads the lines; it does not always say where a fault is, and
 * never where a value was, so a line with a fault is walked once more by this one.
 */
import type { Fault } from './malformed.js';

/** Where the object's own fields are, by name. */
export type FieldOffsets = ReadonlyMap<string, FieldOffset>;

export interface FieldOffset {
  /** Offset of the quote that the name begins with, in UTF-16 code units. */
  readonly name: number;
  readonly value: number;
}

/** Walks a line that should be one JSON object: the places of its fields, or its first fault. */
export function walkJsonObject(line: string): FieldOffsets | Fault {
  const walk = new Walk(line);
  try {
    return walk.line();
  } catch (thrown) {
    if (thrown === walk) {
      return walk.fault!;
    }
    throw thrown;
  }
}

/** As `JSON.parse` does; a recursion deeper than this is no usage event. */
const DEEPEST = 64;

const LITERAL = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold control characters
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** The state of one walk; thrown itself to end at the first fault. */
class Walk {
  fault: Fault | undefined;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  line(): FieldOffsets {
    const offsets = new Map<string, FieldOffset>();
    this.#space();
    if (this.#text[this.#at] !== '{') {
      this.#fail('a JSON object');
    }
    this.#object(1, (field, offset) => offsets.set(field, offset));
    this.#space();
    if (this.#at < this.#text.length) {
      this.#fail('nothing more on the line');
    }
    return offsets;
  }

  #value(depth: number): void {
    if (depth > DEEPEST) {
      this.#fail('less nesting');
    }
    const first = this.#text[this.#at];
    if (first === '{') {
      this.#object(depth, () => {});
    } else if (first === '[') {
      this.#list(']', () => this.#value(depth + 1));
    } else if (!this.#match(first === '"' ? STRING : NUMBER) && !this.#match(LITERAL)) {
      this.#fail(first === '"' ? 'a complete string' : 'a value');
    }
  }

  #object(depth: number, onField: (field: string, offset: FieldOffset) => void): void {
    this.#list('}', () => {
      const name = this.#at;
      if (!this.#match(STRING)) {
        this.#fail('a field name in quotes');
      }
      const field = JSON.parse(this.#text.slice(name, this.#at)) as string;
      this.#space();
      this.#take(':');
      this.#space();
      onField(field, { name, value: this.#at });
      this.#value(depth + 1);
    });
  }

  /** The bracket that is here, items with commas between, and the closing bracket. */
  #list(close: ']' | '}', item: () => void): void {
    this.#at += 1;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      this.#space();
      if (this.#text[this.#at] === close) {
        this.#at += 1;
        return;
      }
      this.#take(',', `',' or '${close}'`);
      this.#space();
    }
  }

  #take(character: string, wanted = `'${character}'`): void {
    if (this.#text[this.#at] !== character) {
      this.#fail(wanted);
    }
    this.#at += 1;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    this.#at = found ? pattern.lastIndex : this.#at;
    return found;
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) {
      this.#at += 1;
    }
  }

  #fail(wanted: string): never {
    const found = this.#at >= this.#text.length ? 'the end of the line' : 'something else';
    this.fault = { offset: this.#at, found, wanted };
    throw this;
  }
}
