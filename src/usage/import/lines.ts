/**
 * Lines of a stream in constant memory. Lines end with LF or CRLF, the last one perhaps with nothing; a
 * byte-order mark is dropped. A line with bytes that are not UTF-8 text comes with replacement characters in their
 * places; `checkText` finds them.
 */
import { type LinePlace, malformed } from './malformed.js';

/** Longest line, in characters: what keeps memory constant on a file without line ends. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * Yields the lines of each chunk together. `place.line` is the number of lines before them.
 * @throws USAGE_TRACE_MALFORMED for a line beyond four million characters
 */
export async function* readLines(
  chunks: AsyncIterable<string | Uint8Array>,
  place: LinePlace,
): AsyncGenerator<string[]> {
  // It drops the mark from bytes; from text that was decoded before, we do.
  const decoder = new TextDecoder('utf-8');
  let isFirst = true;
  let rest = '';
  for await (const chunk of chunks) {
    const decoded = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const text = rest + (isFirst && typeof chunk === 'string' ? decoded.replace(/^\uFEFF/, '') : decoded);
    isFirst = false;
    const end = text.lastIndexOf('\n');
    rest = text.slice(end + 1);
    if (end !== -1) {
      yield linesOf(text.slice(0, end));
    }
    if (rest.length > LONGEST_LINE) {
      throw tooLong(rest, place);
    }
  }
  rest += decoder.decode();
  if (rest !== '') {
    yield linesOf(rest);
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (text.includes('\r')) {
    lines.forEach((line, index) => {
      lines[index] = line.endsWith('\r') ? line.slice(0, -1) : line;
    });
  }
  return lines;
}

/** @throws USAGE_TRACE_MALFORMED for a line that is not text */
export function checkText(line: string, place: LinePlace): void {
  if (NOT_TEXT.test(line)) {
    throw notText(line, place);
  }
}

/** What the decoder puts for bytes that are not UTF-8, and the one character that PostgreSQL cannot hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const NOT_TEXT = /[\u0000\ufffd]/;

/** How the two bytes that open every gzip file come out of the decoder. */
const GZIP = '\u001f\ufffd';

function notText(line: string, place: LinePlace): Error {
  return malformed(place, line, {
    offset: line.search(NOT_TEXT),
    found: line.startsWith(GZIP) ? 'compressed data' : 'bytes that are not text',
    wanted: 'text in UTF-8',
  });
}

function tooLong(rest: string, place: LinePlace): Error {
  return malformed({ file: place.file, line: place.line + 1 }, rest, {
    offset: LONGEST_LINE,
    found: 'no end of the line yet',
    wanted: `a line of at most ${LONGEST_LINE} characters`,
  });
}
