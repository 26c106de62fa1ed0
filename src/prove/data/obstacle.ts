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
export function obstacleOfRefusal(fill: FillTable, refusal: Refusal): Obstacle {
  const { table } = fill;
  const { constraint, column, message, sqlstate = '' } = refusal;
  const found = table.constraints.find(({ name }) => name === constraint);
  const index = table.indexes.find(({ name }) => name === constraint);
  if (sqlstate === '' || (fill.hasRules && sqlstate.startsWith('0A'))) {
    return turnedAway(fill);
  }
  if (sqlstate === '23514' && constraint === undefined) {
    return { kind: 'partition', message };
  }
  const name = constraint ?? column;
  const isPolicy = sqlstate === '42501' && /row-level security/.test(message);
  return {
    kind: isPolicy ? 'policy' : (KINDS[sqlstate] ?? 'other'),
    ...(name !== undefined && { name }),
    ...(found || index ? { definition: (found ?? index)!.definition } : {}),
    message,
  };
}

/** What can make rows vanish without an error: a rule, a trigger, a key that is taken. */
export function turnedAway({ table }: FillTable): Obstacle {
  const [rule] = table.rules;
  const trigger = table.triggers.find(({ definition }) => definition.includes(' BEFORE '));
  const unique = table.indexes.find(({ unique }) => unique);
  const found =
    (rule && { kind: 'rule' as const, object: rule }) ??
    (trigger && { kind: 'trigger' as const, object: trigger }) ??
    (unique && { kind: 'unique' as const, object: unique });
  return found === undefined
    ? { kind: 'other', message: 'the rows were turned away without an error' }
    : { kind: found.kind, name: found.object.name, definition: found.object.definition };
}
