import type { Column, Constraint, TableIndex } from '../../schema/index.js';
import type { CheckEntry, Field } from './dictionary.js';
import { exampleValue } from './example-value.js';
import { listedValues } from './expression.js';
import { meaningOf } from './meaning.js';
import type { DictionarySource } from './source.js';

interface FieldOwner {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
}

/** The fields of a table or view, in their order. */
export function entityFields(
  owner: FieldOwner,
  constraints: readonly Constraint[],
  indexes: readonly TableIndex[],
  source: DictionarySource,
): Field[] {
  const checks = ownChecks(constraints);
  return owner.columns.map((column) => {
    const address = `${owner.schema}.${owner.name}.${column.name}`;
    const own = checks.get(column.name) ?? [];
    const expressions = own.map(({ expression }) => expression);
    const position = primaryKeyPosition(column.name, constraints);
    const values = allowedValues(column, expressions, source);
    const classification = source.extras.classification?.get(address);
    const example =
      source.extras.examples?.get(address) ??
      exampleValue({ column, checks: expressions, types: source.types });
    return {
      name: column.name,
      type: column.type,
      nullable: !column.notNull && !refusesNull(column.type, source),
      ...(column.default === undefined ? {} : { default: column.default }),
      ...(column.identity ? { identity: column.identity.generation } : {}),
      ...(column.generated ? { generated: column.generated } : {}),
      ...(position > 0 ? { primaryKeyPosition: position } : {}),
      ...(isUnique(column.name, constraints, indexes) ? { unique: true as const } : {}),
      references: referencesOf(column.name, constraints),
      checks: own,
      ...(values ? { values } : {}),
      ...meaningOf(column.comment),
      ...(classification === undefined ? {} : { classification }),
      ...(example === undefined ? {} : { example }),
    };
  });
}

/** A domain may refuse null itself, or be over one that does. */
function refusesNull(type: string, source: DictionarySource): boolean {
  const own = source.types.get(type);
  return own?.kind === 'domain' && (own.notNull === true || refusesNull(own.baseType, source));
}

/** The checks that read one column only, by column. */
function ownChecks(constraints: readonly Constraint[]): ReadonlyMap<string, readonly CheckEntry[]> {
  const byColumn = new Map<string, CheckEntry[]>();
  for (const constraint of constraints) {
    const [column, ...others] = constraint.columns;
    if (constraint.kind === 'check' && column !== undefined && others.length === 0) {
      const checks = byColumn.get(column) ?? [];
      checks.push({
        name: constraint.name,
        expression: constraint.expression,
        ...meaningOf(constraint.comment),
      });
      byColumn.set(column, checks);
    }
  }
  return byColumn;
}

function primaryKeyPosition(column: string, constraints: readonly Constraint[]): number {
  const key = constraints.find(({ kind }) => kind === 'primary key');
  return (key?.columns.indexOf(column) ?? -1) + 1;
}

/** By a constraint or by an index over all rows. */
function isUnique(
  column: string,
  constraints: readonly Constraint[],
  indexes: readonly TableIndex[],
): boolean {
  const isAlone = ({ columns }: Constraint) => columns.length === 1 && columns[0] === column;
  return (
    constraints.some((constraint) => constraint.kind === 'unique' && isAlone(constraint)) ||
    indexes.some(
      ({ unique, predicate, constraint, keys }) =>
        unique && predicate === undefined && !constraint && keys.length === 1 && keys[0]!.column === column,
    )
  );
}

function referencesOf(column: string, constraints: readonly Constraint[]): string[] {
  const targets = constraints.flatMap((constraint) =>
    constraint.kind === 'foreign key' && constraint.columns.includes(column)
      ? [`${constraint.references.schema}.${constraint.references.table}`]
      : [],
  );
  return [...new Set(targets)];
}

function allowedValues(
  { type }: Column,
  checks: readonly string[],
  { types }: DictionarySource,
): readonly string[] | undefined {
  const own = types.get(type);
  return own?.kind === 'enum' ? own.labels : checks.map(listedValues).find((values) => values !== undefined);
}
