/** Comments and code as HTML. */
import { readableExpression } from '../dictionary/expression.js';
import { type Html, html } from './html.js';

/** A comment that runs on: backticks that come in pairs on a line mark code. */
export function inline(text: string): readonly Html[] {
  return text
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== '')
    .map((part, index) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`') && !part.slice(1, -1).includes('`')
        ? html`<code>${part.slice(1, -1)}</code>`
        : html`${index === 0 ? part.trimStart() : part}`,
    );
}

/** A comment as paragraphs; line breaks inside one stay. */
export function paragraphs(text: string | undefined): readonly Html[] {
  return (text ?? '')
    .trim()
    .split(/(?:\r?\n){2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p>${inline(paragraph)}</p>`);
}

export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** A name that may break after its underscores. */
export function nameCode(name: string): Html {
  const parts = name.split(/(?<=_)(?=[^_])/);
  return html`<code>${parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}</code>`;
}

/** An expression as a person would have written it. */
export function expressionCode(expression: string): Html {
  return code(readableExpression(expression));
}

/** The items with commas between them. */
export function listed(items: readonly Html[]): readonly Html[] {
  return items.map((item, index) => (index === 0 ? item : html`, ${item}`));
}

/** `1 table`, `2 tables`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
