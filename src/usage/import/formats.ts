import { nearest } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { azureLlm } from './azure-llm.js';
import { quoted } from './malformed.js';
import { mooncake } from './mooncake.js';
import { otlpJson } from './otlp-json.js';
import { plinthCsv } from './plinth-csv.js';
import { plinthJson } from './plinth-json.js';
import type { TraceFormat } from './trace-format.js';

/** Every format that can be imported; a file is of the first one that recognizes its first line. */
const FORMATS: readonly TraceFormat[] = [azureLlm, mooncake, otlpJson, plinthCsv, plinthJson];

/** The names that an import's `format` may have. */
export const FORMAT_NAMES: readonly string[] = FORMATS.map((format) => format.name);

/** @throws USAGE_OPTION_INVALID with the nearest name */
export function formatNamed(name: string): TraceFormat {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (!format) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot import usage: there is no format ${quoted(name)} (${nearest(name, FORMAT_NAMES) ?? FORMAT_NAMES.join(', ')} was wanted)`,
      details: { option: 'format' },
    });
  }
  return format;
}

/** @throws USAGE_FORMAT_UNKNOWN */
export function detectFormat(firstLine: string, file: string): TraceFormat {
  const format = FORMATS.find((candidate) => candidate.recognizes(firstLine));
  if (!format) {
    throw unknownFormat(file, `it begins with ${quoted(firstLine)}`);
  }
  return format;
}

export function unknownFormat(file: string, found: string): Error {
  return USAGE_ERRORS.FORMAT_UNKNOWN({
    message: `Cannot import ${file}: ${found} (${FORMATS.map((format) => format.summary).join('; ')} was wanted)`,
    details: { file, formats: FORMAT_NAMES },
  });
}
