/** Where a table's checks are told: short ones beside the field that they read, the others below. */
import type { CheckEntry, Entity, Field } from './dictionary.js';
import { readableExpression } from './expression.js';

/** A check longer than this is told below the fields, not among them. */
const LONGEST_IN_CELL = 44;

/** The checks that are told beside the field, as a person would have written them. */
export function checksInCell({ checks }: Pick<Field, 'checks'>): readonly string[] {
  return checks.map(({ expression }) => readableExpression(expression)).filter(isShort);
}

/** The checks that the fields have no room for, and those that a comment explains. */
export function checksBelow({ fields, checks }: Entity): readonly CheckEntry[] {
  const told = new Set(
    fields
      .flatMap((field) =>
        field.checks.filter(
          ({ expression, meaning }) => meaning === undefined && isShort(readableExpression(expression)),
        ),
      )
      .map(({ name }) => name),
  );
  return checks.filter(({ name }) => !told.has(name));
}

function isShort(expression: string): boolean {
  return expression.length <= LONGEST_IN_CELL;
}
