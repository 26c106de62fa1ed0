/**
 * HTML that cannot be broken by what it is filled with: every text put into a template is escaped, and only what came
 * from a template itself is taken as it is.
 */
import { visible } from '../erd/visible.js';

export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template takes: texts are escaped, lists joined, `undefined` and `false` nothing. */
export type Filling = string | number | Html | false | undefined | readonly Filling[];

/** Text between elements and in quoted attributes: html`<p title="${title}">${text}</p>`. */
export function html(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Html {
  return new Html(parts.map((part, index) => part + filled(fillings[index])).join(''));
}

/** Markup that is known to be well formed and escaped, such as a drawing of the `erd` part. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function filled(filling: Filling): string {
  if (filling === undefined || filling === false) {
    return '';
  }
  if (filling instanceof Html) {
    return filling.toString();
  }
  return Array.isArray(filling) ? filling.map(filled).join('') : escaped(String(filling));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are shown as pictures of them; line breaks and tabs stay. */
function escaped(text: string): string {
  return ORDINARY.test(text) ? text : withEntities(text);
}

/** Most texts have nothing to escape. */
const ORDINARY = /^[\w .,:;()[\]=/*+|-]*$/;

function withEntities(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : visible(part)))
    .join('')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
