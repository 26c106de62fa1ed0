/** The columns of usage events that rollups may be made from. */

export type ColumnType = 'uuid' | 'integer' | 'smallint' | 'bigint' | 'boolean' | 'text';

export interface SourceColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** One sentence, which becomes the comment of a dimension's column. */
  readonly meaning: string;
}

const column = (name: string, type: ColumnType, nullable: boolean, meaning: string): SourceColumn => ({
  name,
  type,
  nullable,
  meaning,
});

export const SOURCE_COLUMNS: readonly SourceColumn[] = [
  column('organization_id', 'uuid', false, 'The tenant.'),
  column('api_key_id', 'uuid', true, 'The key that asked; null when a person asked.'),
  column('user_id', 'uuid', true, 'The person who asked; null when not known. Personal data.'),
  column('batch_id', 'uuid', true, 'The import that brought the events; null for live ones.'),
  column('price_id', 'uuid', true, 'The price that costs were computed with.'),
  column('model_id', 'integer', false, 'Which model; analytics.models.id, not enforced.'),
  column('status', 'smallint', false, 'HTTP status of the answers, 100 to 599.'),
  column('operation', 'text', false, 'What was asked for, such as chat.'),
  column('currency', 'text', false, 'Currency of the costs, as an ISO 4217 code.'),
  column('cost_source', 'text', true, 'local or provider; null when the cost is not known.'),
  column('source', 'text', false, 'Who reported the events.'),
  column('region', 'text', true, 'Where it was served; null when not known.'),
  column('error_type', 'text', true, 'Kind of error; null when all went well.'),
  column('usage_known', 'boolean', false, 'Whether the token counts are known.'),
  column('input_uncached_tokens', 'bigint', false, 'Input tokens read afresh.'),
  column('input_cache_read_tokens', 'bigint', false, 'Input tokens taken from the provider’s cache.'),
  column('input_cache_write_tokens', 'bigint', false, 'Input tokens put into the provider’s cache.'),
  column('output_text_tokens', 'bigint', false, 'Output tokens of the answer.'),
  column('output_reasoning_tokens', 'bigint', false, 'Output tokens of reasoning.'),
  column('ttft_us', 'bigint', true, 'Microseconds until the first token.'),
  column('latency_us', 'bigint', true, 'Microseconds until the answer was complete.'),
  column('cost_nanos', 'bigint', true, 'Cost in billionths of the currency unit.'),
];

/** What can tell rows apart: not what is counted. */
export function isDimension({ type }: SourceColumn): boolean {
  return type !== 'bigint';
}

export function sourceColumn(name: string): SourceColumn | undefined {
  return SOURCE_COLUMNS.find((known) => known.name === name);
}
