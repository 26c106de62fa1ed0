import type { Refusal } from './batch.js';
import type { Obstacle } from './fill-report.js';
import type { FillTable } from './rows/fill-table.js';

const KINDS: Readonly<Record<string, Obstacle['kind']>> = {
  '23502': 'not null',
  '23503': 'foreign key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
  '42501': 'privilege',
  P0001: 'trigger',
};

/** What the server's refusal of rows says about what stopped them. */
export function obstacleOfRefusal({ table }: FillTable, refusal: Refusal): Obstacle {
  const { constraint, column, message, sqlstate = '' } = refusal;
  const found = table.constraints.find(({ name }) => name === constraint);
  const index = table.indexes.find(({ name }) => name === constraint);
  const name = constraint ?? column;
  const isPolicy = sqlstate === '42501' && /row-level security/.test(message);
  return {
    kind: isPolicy ? 'policy' : (KINDS[sqlstate] ?? 'other'),
    ...(name !== undefined && { name }),
    ...(found || index ? { definition: (found ?? index)!.definition } : {}),
    message,
  };
}
