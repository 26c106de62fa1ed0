/** Text and code for Markdown, so that what a comment or an expression holds stands for itself. */

/**
 * Text that runs on: what Markdown and HTML would read as markup is escaped; backticks that come in pairs on a line go
 * on marking code, because comments use them so.
 */
export function inlineText(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeMarks(part)))
    .join('');
}

/** Paragraphs: a line break stays one, and no line becomes a heading, a list or a rule. */
export function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => escapeLineStart(inlineText(line.trim())))
    .join('  \n')
    .replaceAll(/(?: {2}\n){2,}/g, '\n\n');
}

/** A code span of any text; line breaks become spaces. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') {
    return '';
  }
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const gap = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}

/** A fenced block, with a fence that the text cannot close. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** A link; the target is a path or an anchor of these documents. */
export function link(text: string, target: string): string {
  return `[${escapeMarks(text)}](${target})`;
}

/** The anchor that GitHub and GitLab give a heading of this text; `taken` counts those of the page. */
export function headingAnchor(heading: string, taken: Map<string, number>): string {
  const base = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
  const count = taken.get(base) ?? 0;
  taken.set(base, count + 1);
  return count === 0 ? base : `${base}-${count}`;
}

/** Underscores inside words mean nothing in Markdown, and stay readable. */
export function escapeMarks(text: string): string {
  return text
    .replaceAll(/[\\`*[\]|~<]/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll(/&(?=#?\w+;)/g, '&amp;');
}

function escapeLineStart(line: string): string {
  return line.replace(/^(#{1,6}(?=\s|$)|[-+=>])/, '\\$1').replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}
