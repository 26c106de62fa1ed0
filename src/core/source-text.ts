/** Positions in texts. Offsets are UTF-16 code units from 0; lines and columns count from 1. */

export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** The line and column of `offset`; an offset past the end is the end. Columns count code points. */
export function lineColumnAt(text: string, offset: number): LineColumn {
  const end = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: Array.from(text.slice(lineStart, end)).length + 1 };
}

/** The text of the line that holds `offset`, without its line ending, and where that line starts. */
export function lineAround(text: string, offset: number): { readonly start: number; readonly line: string } {
  const at = Math.max(0, Math.min(offset, text.length));
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const end = newline === -1 ? text.length : newline;
  return { start, line: text.slice(start, end).replace(/\r$/, '') };
}

/**
 * Turns an offset counted in Unicode code points, as PostgreSQL reports error positions, into code units.
 */
export function codePointOffset(text: string, codePoints: number): number {
  let offset = 0;
  for (let counted = 0; counted < codePoints && offset < text.length; counted += 1) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}
