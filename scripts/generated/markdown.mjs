/**
 * Text for a cell of a Markdown table: its backticks mark code, everything else stands for itself.
 * @param {string} text
 */
export function cell(text) {
  const words = text.replaceAll('\n', ' ').split(/(`[^`]*`)/);
  return words
    .map((part) =>
      part.startsWith('`') ? part.replaceAll('|', '\\|') : part.replace(/[\\|<*_[\]]/g, '\\$&'),
    )
    .join('');
}
