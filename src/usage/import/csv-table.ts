import { csvFieldOffset, csvFields } from './csv-line.js';
import { type LinePlace, malformed, quoted, unknownColumn } from './malformed.js';

/** The rows under a header line, whose columns may stand in any order. */
export interface CsvTable<Column extends string> {
  /** Where a column stands; `undefined` when the header does not have it. */
  readonly indexOf: ReadonlyMap<Column, number>;
  /** The fields of a row. @throws USAGE_TRACE_MALFORMED when there are not as many as the header has */
  row(line: string): string[];
  /** The error for a field of a row. */
  reject(line: string, index: number, fault: { found: string; wanted: string; field: string }): Error;
}

/**
 * @throws USAGE_COLUMN_UNKNOWN for a column that is not `known`; USAGE_TRACE_MALFORMED for one that comes twice
 */
export function csvTable<Column extends string>(
  header: string,
  known: readonly Column[],
  place: LinePlace,
): CsvTable<Column> {
  const columns = splitLine(header, place);
  const indexOf = new Map<Column, number>();
  columns.forEach((name, index) => {
    const column = known.find((candidate) => candidate === name);
    if (column === undefined) {
      throw unknownColumn(place, header, { name, offset: csvFieldOffset(header, index), known });
    }
    if (indexOf.has(column)) {
      const offset = csvFieldOffset(header, index);
      throw malformed(place, header, { offset, found: `${quoted(name)} again`, wanted: 'each column once' });
    }
    indexOf.set(column, index);
  });
  return {
    indexOf,
    row: (line) => checkedRow(splitLine(line, place), columns.length, line, place),
    reject: (line, index, fault) => malformed(place, line, { offset: csvFieldOffset(line, index), ...fault }),
  };
}

function splitLine(line: string, place: LinePlace): string[] {
  const fields = csvFields(line);
  if (!Array.isArray(fields)) {
    throw malformed(place, line, fields);
  }
  return fields;
}

function checkedRow(fields: string[], wanted: number, line: string, place: LinePlace): string[] {
  if (fields.length !== wanted) {
    const isMore = fields.length > wanted;
    throw malformed(place, line, {
      offset: isMore ? csvFieldOffset(line, wanted) : line.length,
      found: `${isMore ? 'another field' : 'its end'} after ${Math.min(fields.length, wanted)}`,
      wanted: `${wanted} fields as in the header`,
    });
  }
  return fields;
}
