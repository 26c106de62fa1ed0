/**
 * What triggers have noted of what scripts did, in a log or an outbox: a rollback does not take it back, and nothing is
 * wrong with that. Other rows that are left are the scripts' own.
 */
import type { PlannedMigration } from '../migrate/index.js';
import type { SchemaModel } from '../schema/index.js';

/**
 * Whether only triggers write to a table, by `schema.name`: it was there before, no statement of the scripts names it or
 * runs code that is not looked into, and the text of a trigger's function or of a rule does name it.
 */
export function writtenByTriggers(
  scripts: readonly (PlannedMigration | undefined)[],
  { tables, routines }: SchemaModel,
): (table: string) => boolean {
  const impacts = scripts.flatMap((script) => script?.statements ?? []).map(({ impact }) => impact);
  const named = new Set(impacts.flatMap(({ locks }) => locks.map(({ relation }) => relation)));
  const isOpaque = impacts.some((impact) => impact.isOpaque || impact.isUnknown);
  const texts = [
    ...routines
      .filter(({ result }) => result === 'trigger' || result === 'event_trigger')
      .map(({ definition }) => definition),
    ...tables.flatMap(({ rules }) => rules.map(({ definition }) => definition)),
  ];
  return (wanted) => {
    const table = tables.find(({ schema, name }) => `${schema}.${name}` === wanted);
    return (
      table !== undefined &&
      table.partitionBy === undefined &&
      !isOpaque &&
      !named.has(wanted) &&
      !named.has(table.name) &&
      texts.some((text) => namesWord(text, table.name))
    );
  };
}

function namesWord(text: string, word: string): boolean {
  const escaped = word.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(^|[^\\w])${escaped}($|[^\\w])`, 'i').test(text);
}
