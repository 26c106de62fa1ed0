/**
 * One line of CSV as RFC 4180 has it, except that a quoted field cannot hold a line break: no column of a usage
 * file does, and so a line is a record, its number tells where it is, and it can be identified by itself.
 */
import type { Fault } from './malformed.js';

/** The fields of a line, or what is wrong with its quotes. */
export function csvFields(line: string): string[] | Fault {
  return line.includes('"') ? quotedFields(line) : line.split(',');
}

function quotedFields(line: string): string[] | Fault {
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    const end = fieldEnd(line, at);
    if (typeof end !== 'number') {
      return end;
    }
    fields.push(unquoted(line.slice(at, end)));
    if (end === line.length) {
      return fields;
    }
    at = end;
  }
}

/** Where the field that begins at `start` ends: at a comma or at the end of the line. */
function fieldEnd(line: string, start: number): number | Fault {
  if (line[start] !== '"') {
    const comma = line.indexOf(',', start);
    return comma === -1 ? line.length : comma;
  }
  let quote = line.indexOf('"', start + 1);
  while (quote !== -1 && line[quote + 1] === '"') {
    quote = line.indexOf('"', quote + 2);
  }
  if (quote === -1) {
    return { offset: start, found: 'a quote that is not closed', wanted: 'a closing quote on the same line' };
  }
  if (quote + 1 < line.length && line[quote + 1] !== ',') {
    return { offset: quote + 1, found: 'more text after a closing quote', wanted: 'a comma' };
  }
  return quote + 1;
}

function unquoted(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}

/** The offset of the field with that index in a line whose quotes are in order. */
export function csvFieldOffset(line: string, index: number): number {
  let at = 0;
  for (let field = 0; field < index; field += 1) {
    at = (fieldEnd(line, at) as number) + 1;
  }
  return at;
}
