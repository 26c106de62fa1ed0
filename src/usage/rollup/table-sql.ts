/**
 * The table of a rollup as SQL, for a migration: columns by falling alignment, so that rows have no padding; a key
 * that takes nulls for equal where a dimension may be null; checks of what any row must be; every comment.
 */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import type { Grain } from '../grain.js';
import { dialectOf, measureColumns } from './compile.js';
import type { StoredType } from './dialect.js';
import { otherValue } from './other-value.js';
import { isFromEvents, type Rollup, rollupTable, type StoredMeasure, storedMeasures } from './rollup.js';
import type { SourceColumn } from './source-columns.js';

export interface TableColumn {
  readonly name: string;
  readonly type: StoredType | 'timestamptz';
  readonly nullable: boolean;
  readonly meaning: string;
}

/** The name of the table with its schema. */
export function qualifiedTable(rollup: Pick<Rollup, 'name'>): string {
  return `analytics.${rollupTable(rollup)}`;
}

/** The columns of the table in their order. */
export function tableColumns(rollup: Rollup): readonly TableColumn[] {
  const columns: TableColumn[] = [
    ...rollup.dimensions.map((dimension) => dimensionColumn(rollup, dimension)),
    {
      name: 'bucket_start',
      type: 'timestamptz',
      nullable: false,
      meaning: `Beginning of the ${rollup.grain} (UTC), included; the next one's beginning is excluded.`,
    },
    ...storedMeasures(rollup).flatMap(columnsOfMeasure),
    {
      name: 'refreshed_at',
      type: 'timestamptz',
      nullable: false,
      meaning: 'When the row was last computed from its source.',
    },
  ];
  return columns.sort((a, b) => place(a) - place(b));
}

function dimensionColumn({ caps }: Rollup, dimension: SourceColumn): TableColumn {
  return caps.some(({ column }) => column.name === dimension.name)
    ? {
        ...dimension,
        meaning: `${dimension.meaning} ${otherValue(dimension)} stands for all beyond the cap.`,
      }
    : dimension;
}

/** 16 bytes, 8, 4, 2, then what has a length of its own; what may be null after what is always there. */
const ORDER: readonly TableColumn['type'][] = [
  'uuid',
  'timestamptz',
  'bigint',
  'integer',
  'smallint',
  'boolean',
  'text',
  'money',
  'small-list',
  'big-list',
];

function place({ type, nullable }: TableColumn): number {
  return nullable ? ORDER.indexOf('boolean') + 0.5 : ORDER.indexOf(type);
}

function columnsOfMeasure(measure: StoredMeasure): TableColumn[] {
  const meanings = columnMeanings(measure);
  return measureColumns(measure).map(({ name, type }, index) => ({
    name,
    type,
    nullable: false,
    meaning: meanings[index]!,
  }));
}

function columnMeanings(measure: StoredMeasure): readonly string[] {
  if (measure.kind === 'percentiles') {
    return [
      `Buckets (see analytics.latency_bucket) that hold values of ${measure.column}, rising; empty when none is known.`,
      `How many values each of ${measure.name}_buckets holds.`,
    ];
  }
  if (measure.kind === 'distinct' && measure.estimated) {
    return [
      `${measure.meaning} Registers (0 to 2047) that a value fell into, rising.`,
      `The highest rank (1 to 38) in each of ${measure.name}_registers; merging takes the higher one.`,
    ];
  }
  return [measure.meaning];
}

/** The statements that make the table, its index and its comments. */
export function tableSql(rollup: Rollup): string {
  const table = qualifiedTable(rollup);
  const name = rollupTable(rollup);
  const columns = tableColumns(rollup);
  const body = [...columns.map(columnSql), ...constraints(rollup, name)]
    .map((line) => `  ${line}`)
    .join(',\n');
  const index = `${name}_bucket_start_idx`;
  const comment = (kind: string, what: string, text: string): string =>
    `comment on ${kind} ${what} is\n  ${quoteLiteral(text)};`;
  return [
    `create table ${table} (\n${body}\n);`,
    ...(leadsWithBucket(rollup) ? [] : [`create index ${index}\n  on ${table} (bucket_start);`]),
    [
      comment('table', table, tableMeaning(rollup)),
      ...columns.map((column) =>
        comment('column', `${table}.${quoteIdentifier(column.name)}`, column.meaning),
      ),
      comment('index', `analytics.${keyName(rollup)}`, keyMeaning(rollup)),
      ...(leadsWithBucket(rollup)
        ? []
        : [
            comment(
              'index',
              `analytics.${index}`,
              `All rows of one ${rollup.grain}: to replace them, and totals of the platform.`,
            ),
          ]),
    ].join('\n'),
  ].join('\n\n');
}

function tableMeaning(rollup: Rollup): string {
  const source = isFromEvents(rollup) ? 'events' : `rows of usage_rollups_${rollup.source}`;
  return `${rollup.description} Each row is the sum of its ${source}; there is none where there are none.`;
}

function columnSql({ name, type, nullable }: TableColumn): string {
  const given = type === 'timestamptz' ? type : dialectOf('postgresql').type(type);
  const fallback = name === 'refreshed_at' ? ' default now()' : '';
  return `${quoteIdentifier(name)} ${given}${nullable ? '' : ' not null'}${fallback}`;
}

/** Without an organization the bucket comes first, and its key finds all rows of a bucket. */
function leadsWithBucket(rollup: Rollup): boolean {
  return !rollup.dimensions.some(({ name }) => name === 'organization_id');
}

/** The columns of the key: the tenant first, so that the table is distributed by it. */
function keyColumns(rollup: Rollup): readonly string[] {
  const names = rollup.dimensions.map(({ name }) => name);
  const rest = names.filter((name) => name !== 'organization_id');
  return leadsWithBucket(rollup) ? ['bucket_start', ...names] : ['organization_id', 'bucket_start', ...rest];
}

function keyName(rollup: Rollup): string {
  return `${rollupTable(rollup)}_${hasNullableKey(rollup) ? 'key' : 'pkey'}`;
}

function hasNullableKey(rollup: Rollup): boolean {
  return rollup.dimensions.some(({ nullable }) => nullable);
}

function keyMeaning(rollup: Rollup): string {
  return leadsWithBucket(rollup)
    ? `The rows of a span of time; that each is there once.`
    : `The ${rollup.grain}s of one organization in a span of time; that each row is there once.`;
}

const STEP: Readonly<Record<Grain, string>> = {
  minute: "date_trunc('minute', bucket_start at time zone 'UTC')",
  'quarter-hour': "date_bin(interval '15 minutes', bucket_start at time zone 'UTC', timestamp '2000-01-01')",
  hour: "date_trunc('hour', bucket_start at time zone 'UTC')",
  day: "date_trunc('day', bucket_start at time zone 'UTC')",
  month: "date_trunc('month', bucket_start at time zone 'UTC')",
};

function constraints(rollup: Rollup, table: string): string[] {
  const key = keyColumns(rollup).map(quoteIdentifier).join(', ');
  const measures = storedMeasures(rollup);
  const total = measures.find((measure) => measure.kind === 'count' && !measure.where)!;
  const conditions = (name: string, all: readonly string[]): string[] =>
    all.length === 0 ? [] : [`constraint ${table}_${name}_check check (\n    ${all.join('\n    and ')}\n  )`];
  const counted = measures.flatMap(({ kind, name }) =>
    kind === 'count' && name !== total.name
      ? [`${quoteIdentifier(name)} between 0 and ${quoteIdentifier(total.name)}`]
      : [],
  );
  const summed = measures.flatMap(({ kind, name }) =>
    kind === 'sum' || kind === 'cost' ? [`${quoteIdentifier(name)} >= 0`] : [],
  );
  const lists = measures.flatMap((measure) => {
    const [keys, values] = measureColumns(measure).map(({ name }) => quoteIdentifier(name));
    return values ? [`cardinality(${keys}) = cardinality(${values})`] : [];
  });
  const hasCurrency = rollup.dimensions.some(({ name }) => name === 'currency');
  return [
    hasNullableKey(rollup)
      ? `constraint ${keyName(rollup)} unique nulls not distinct (${key})`
      : `constraint ${keyName(rollup)} primary key (${key})`,
    ...conditions('bucket_start', [`${STEP[rollup.grain]} = bucket_start at time zone 'UTC'`]),
    ...conditions('counts', [`${quoteIdentifier(total.name)} > 0`, ...counted]),
    ...conditions('sums', summed),
    ...conditions(
      'currency',
      hasCurrency
        ? ['octet_length(currency) = 3', "translate(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''"]
        : [],
    ),
    ...conditions('lists', lists),
  ];
}
