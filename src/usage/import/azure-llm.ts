/**
 * The Azure LLM inference traces: `TIMESTAMP,ContextTokens,GeneratedTokens`, times to 100 ns in UTC. They hold
 * requests that were answered, without tenant, model, cache or latency.
 * https://github.com/Azure/AzurePublicDataset
 */
import { MAX_TOKENS } from '../event.js';
import { parseTimeMs, TIME_WANTED } from '../event-time.js';
import { type CsvTable, csvTable } from './csv-table.js';
import { malformed, quoted } from './malformed.js';
import { traceScope } from './scope.js';
import type { TraceFormat } from './trace-format.js';

const COLUMNS = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'] as const;

export const azureLlm: TraceFormat = {
  name: 'azure-llm',
  source: 'azure-llm-trace',
  summary: `an Azure LLM trace (CSV with ${COLUMNS.join(', ')})`,
  hasHeader: true,
  recognizes: (line) => !line.startsWith('{') && COLUMNS.some((column) => line.includes(column)),
  open(header, place, scope) {
    const { organizationId, apiKeyId, userId, provider, model, operation, currency } = traceScope(
      scope,
      place.file,
    );
    const table = csvTable(header, COLUMNS, place);
    const [time, input, output] = COLUMNS.map((column) => {
      const index = table.indexOf.get(column);
      if (index === undefined) {
        throw malformed(place, header, {
          offset: header.length,
          found: 'its end',
          wanted: `a column ${column}`,
        });
      }
      return index;
    }) as [number, number, number];
    return (line) => {
      const fields = table.row(line);
      return {
        organizationId,
        apiKeyId,
        userId,
        provider,
        model,
        operation,
        currency,
        status: 200,
        eventTime: new Date(timeOf(table, line, fields[time]!, time)),
        tokens: {
          inputUncached: tokensOf(table, line, fields[input]!, input),
          inputCacheRead: 0,
          inputCacheWrite: 0,
          outputText: tokensOf(table, line, fields[output]!, output),
          outputReasoning: 0,
        },
      };
    };
  },
};

function timeOf(table: CsvTable<string>, line: string, text: string, index: number): number {
  const time = parseTimeMs(text);
  if (time === undefined) {
    throw table.reject(line, index, { found: quoted(text), wanted: TIME_WANTED, field: 'TIMESTAMP' });
  }
  return time;
}

function tokensOf(table: CsvTable<string>, line: string, text: string, index: number): number {
  const tokens = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (tokens < 0 || tokens > MAX_TOKENS) {
    const wanted = `a whole number of tokens from 0 to ${MAX_TOKENS}`;
    throw table.reject(line, index, { found: quoted(text), wanted, field: 'tokens' });
  }
  return tokens;
}
