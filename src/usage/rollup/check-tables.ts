/** Whether the database has the tables that the declarations need, and how far behind their source they are. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';
import { dialectOf } from './compile.js';
import { lineage } from './dirty.js';
import { markedBuckets } from './marks.js';
import { EVENTS, type Rollup, rollupTable } from './rollup.js';
import { type TableColumn, tableColumns } from './table-sql.js';

export interface RollupCheck {
  readonly rollup: string;
  readonly table: string;
  /** What of the table is not as declared, in words; empty when all is well. */
  readonly flaws: readonly string[];
  /** Buckets with marks of their own or of what it sums. */
  readonly marked: number;
  /** The age of the oldest of these marks. */
  readonly oldestMarkMs: number | undefined;
}

/** @throws USAGE_SCHEMA_MISSING */
export async function checkRollups(session: Session, rollups: readonly Rollup[]): Promise<RollupCheck[]> {
  return explainMissingSchema('check the rollups', async () => {
    const columns = await session.query<ColumnRow>(readPackageFile('src/usage/rollup/check-tables.sql'), [
      rollups.map(rollupTable),
    ]);
    const marked = await markedBuckets(session);
    return rollups.map((rollup) => {
      const table = rollupTable(rollup);
      const subjects = lineage(rollups, rollup);
      const own = marked.filter(({ subject }) => subjects.includes(subject));
      return {
        rollup: rollup.name,
        table: `analytics.${table}`,
        flaws: flawsOf(
          tableColumns(rollup),
          columns.filter(({ table_name }) => table_name === table),
        ),
        marked: own.length,
        oldestMarkMs: own.length === 0 ? undefined : Math.max(...own.map(({ ageMs }) => ageMs)),
      };
    });
  });
}

/** Subjects of marks that no declaration knows: of rollups that were renamed or removed. */
export async function strayMarks(session: Session, rollups: readonly Rollup[]): Promise<string[]> {
  const known = new Set([EVENTS, ...rollups.map(({ name }) => name)]);
  const marked = await markedBuckets(session);
  return [...new Set(marked.map(({ subject }) => subject).filter((subject) => !known.has(subject)))];
}

interface ColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly type: string;
  readonly nullable: boolean;
}

function flawsOf(wanted: readonly TableColumn[], found: readonly ColumnRow[]): string[] {
  if (found.length === 0) {
    return ['the table is missing'];
  }
  return wanted.flatMap(({ name, type, nullable }) => {
    const column = found.find(({ column_name }) => column_name === name);
    const expected = typeText(type);
    if (!column) {
      return [`the column ${name} is missing`];
    }
    return [
      ...(column.type === expected ? [] : [`the column ${name} is ${column.type} (${expected} was wanted)`]),
      ...(column.nullable === nullable ? [] : [`the column ${name} ${nullable ? 'may not' : 'may'} be null`]),
    ];
  });
}

/** As `format_type` writes it. */
function typeText(type: TableColumn['type']): string {
  return type === 'timestamptz'
    ? 'timestamp with time zone'
    : dialectOf('postgresql').type(type).replace('(38, 0)', '(38,0)');
}
