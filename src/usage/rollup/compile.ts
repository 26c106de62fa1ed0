/**
 * A rollup as the query that computes it: from events, from the rollup that it sums, or from rows of its own that
 * are to be merged. The query has one part for what is counted and summed, and one for each sketch (a histogram, a
 * sketch or set of distinct values), grouped by its buckets as well; the parts are put together by grouping once
 * more. A scan a part, and nothing but hashing: `count(distinct)` and several histograms in one pass would sort
 * every row.
 *
 * Names in the queries: `e` the source, `p` the parts, `sketch_key` and `sketch_value` a bucket and what it holds.
 */
import { quoteIdentifier } from '../../sql/index.js';
import type { Grain } from '../grain.js';
import { conditionSql } from './condition.js';
import type { Dialect, EngineName, ListType, StoredType } from './dialect.js';
import { duckDbDialect } from './duckdb-dialect.js';
import { postgresDialect } from './postgres-dialect.js';
import { type Rollup, type StoredMeasure, storedMeasures } from './rollup.js';

const DIALECTS: Readonly<Record<EngineName, Dialect>> = {
  postgresql: postgresDialect,
  duckdb: duckDbDialect,
};

export function dialectOf(engine: EngineName): Dialect {
  return DIALECTS[engine];
}

/** What a query reads, and how much of it. */
export interface CompileOptions {
  readonly engine: EngineName;
  /** SQL that stands behind `from`: a table, or a query in parentheses. */
  readonly from: string;
  /** A condition on the rows of the source; all of them unless given. */
  readonly where?: string;
  /** The width of the buckets; the rollup's own unless given. */
  readonly grain?: Grain;
  /** The beginning of the bucket of a time, as SQL, for buckets that are of no grain. */
  readonly bucketStart?: (time: string) => string;
  /** The dimensions that are kept, by name; the rollup's own unless given. */
  readonly dimensions?: readonly string[];
}

/** A column of a rollup's table. */
export interface StoredColumn {
  readonly name: string;
  readonly type: StoredType;
}

/** The columns that a measure is stored in. */
export function measureColumns(measure: StoredMeasure): readonly StoredColumn[] {
  const { kind, name } = measure;
  switch (kind) {
    case 'count':
    case 'sum':
      return [{ name, type: 'bigint' }];
    case 'cost':
      return [{ name, type: 'money' }];
    case 'percentiles':
      return [
        { name: `${name}_buckets`, type: 'small-list' },
        { name: `${name}_counts`, type: 'big-list' },
      ];
    case 'distinct':
      return measure.estimated
        ? [
            { name: `${name}_registers`, type: 'small-list' },
            { name: `${name}_ranks`, type: 'small-list' },
          ]
        : [{ name, type: 'bigint' }];
  }
}

/** The columns of the rollup's rows in the order of its queries: bucket, dimensions, measures. */
export function rollupColumns(rollup: Rollup): readonly string[] {
  return [
    'bucket_start',
    ...rollup.dimensions.map(({ name }) => name),
    ...storedMeasures(rollup).flatMap((measure) => measureColumns(measure).map(({ name }) => name)),
  ];
}

/** The rows of a rollup of events, before any cap. */
export function eventsQuery(rollup: Rollup, options: CompileOptions): string {
  return queryOf(rollup, storedMeasures(rollup), eventPart, 'event_time', options);
}

/**
 * Rows of a rollup, or of one that it sums, merged to coarser buckets or fewer dimensions. Exact distincts are left
 * out: they do not add up.
 */
export function mergeQuery(rollup: Rollup, options: CompileOptions): string {
  return queryOf(rollup, mergeableMeasures(rollup), mergePart, 'bucket_start', options);
}

/** The measures of which coarser rows are made of finer ones. */
export function mergeableMeasures(rollup: Rollup): readonly StoredMeasure[] {
  return storedMeasures(rollup).filter((measure) => measure.kind !== 'distinct' || measure.estimated);
}

/** How one measure is computed. */
type Part =
  /** By an aggregate over the rows of a group. */
  | { readonly kind: 'plain'; readonly aggregate: string }
  /** By the buckets of a sketch: `inner` gives the group's columns and `raw`, from which key and value come. */
  | {
      readonly kind: 'sketch';
      readonly source: string;
      readonly raw: string;
      readonly key: string;
      readonly value: string;
      readonly where: string;
    }
  /** By the number of different values. */
  | { readonly kind: 'values'; readonly value: string };

interface Place {
  readonly dialect: Dialect;
  /** What stands behind `from`: the relation, under the name `e`. */
  readonly from: string;
  readonly relation: string;
}

type PartOf = (measure: StoredMeasure, place: Place) => Part;

function eventPart(measure: StoredMeasure, { dialect, from }: Place): Part {
  switch (measure.kind) {
    case 'count': {
      const filter = measure.where ? ` filter (where ${conditionSql(measure.where)})` : '';
      return { kind: 'plain', aggregate: `count(*)${filter}` };
    }
    case 'sum':
      return { kind: 'plain', aggregate: sum(column(measure.column), dialect.type('bigint')) };
    case 'cost':
      return { kind: 'plain', aggregate: sum(column(measure.column), dialect.type('money')) };
    case 'percentiles':
      return {
        kind: 'sketch',
        source: from,
        raw: dialect.histogramBucket(column(measure.column)),
        key: 'raw',
        value: 'count(*)',
        where: `${column(measure.column)} is not null`,
      };
    case 'distinct':
      return measure.estimated
        ? {
            kind: 'sketch',
            source: from,
            raw: dialect.hash48(column(measure.column)),
            // 2^11 registers; in each, the highest rank of the other 37 bits: the place of their first 1.
            key: 'raw >> 37',
            value: `max(38 - ${dialect.bitLength('raw & 137438953471')})`,
            where: `${column(measure.column)} is not null`,
          }
        : { kind: 'values', value: column(measure.column) };
  }
}

function mergePart(measure: StoredMeasure, { dialect, relation }: Place): Part {
  const [first, second] = measureColumns(measure);
  if (!second) {
    return { kind: 'plain', aggregate: sum(column(first!.name), dialect.type(first!.type)) };
  }
  return {
    kind: 'sketch',
    source: dialect.unnested(relation, quoteIdentifier(first!.name), quoteIdentifier(second.name)),
    raw: 'pair_key as raw, pair_value as value',
    key: 'raw',
    value: measure.kind === 'distinct' ? 'max(value)' : 'sum(value)',
    where: 'true',
  };
}

/** A column of the source. */
function column(name: string): string {
  return `e.${quoteIdentifier(name)}`;
}

function sum(expression: string, type: string): string {
  return `coalesce(sum(${expression}), 0)::${type}`;
}

function queryOf(
  rollup: Rollup,
  measures: readonly StoredMeasure[],
  partOf: PartOf,
  time: string,
  options: CompileOptions,
): string {
  const dialect = dialectOf(options.engine);
  const place = { dialect, from: `${options.from} as e`, relation: options.from };
  const parts = measures.map((measure) => ({ measure, part: partOf(measure, place) }));
  const dimensions = options.dimensions ?? rollup.dimensions.map(({ name }) => name);
  const keys = ['bucket_start', ...dimensions.map(quoteIdentifier)].join(', ');
  const bucketOf =
    options.bucketStart ?? ((at: string) => dialect.bucketStart(options.grain ?? rollup.grain, at));
  const keyed = listed([`${bucketOf(`e.${time}`)} as bucket_start`, ...dimensions.map(column)]);
  const groups = [...dimensions, ''].map((_name, index) => index + 1).join(', ');
  const where = options.where ?? 'true';
  const plain = parts.flatMap(({ measure, part }) => (part.kind === 'plain' ? [{ measure, part }] : []));
  const named = plain.map(({ measure, part }) => `${part.aggregate} as ${quoteIdentifier(measure.name)}`);
  const isSimple = plain.length === parts.length;
  const base = `select
${listed([keyed.trim(), ...(isSimple ? named : ['0 as part', ...nulls(dialect), ...named])])}
from ${place.from}
where ${where}
group by ${groups}`;
  if (isSimple) {
    return base;
  }
  const empty = plain.map(({ measure }) => `null::${dialect.type(measureColumns(measure)[0]!.type)}`);
  const others = parts.flatMap(({ part }, index) =>
    part.kind === 'plain'
      ? []
      : [
          sketchQuery(part, {
            number: index + 1,
            keys,
            keyed,
            groups,
            where,
            empty,
            from: place.from,
            dialect,
          }),
        ],
  );
  const answers = parts.map(({ measure, part }, index) => answer(measure, part, index + 1, dialect));
  return `select
${listed([keys, ...answers])}
from (
${indented([base, ...others].join('\nunion all\n'))}
) as p
group by ${groups}`;
}

function nulls(dialect: Dialect): string[] {
  return [`null::${dialect.type('bigint')} as sketch_key`, `null::${dialect.type('bigint')} as sketch_value`];
}

interface SketchPlace extends Omit<Place, 'relation'> {
  /** Tells the rows of this part from those of the others. */
  readonly number: number;
  readonly keys: string;
  readonly keyed: string;
  readonly groups: string;
  readonly where: string;
  readonly empty: readonly string[];
}

function sketchQuery(part: Exclude<Part, { kind: 'plain' }>, place: SketchPlace): string {
  const { keys, keyed, groups, where, empty, number, from, dialect } = place;
  const bigint = dialect.type('bigint');
  if (part.kind === 'values') {
    const inner = `select\n${keyed},\n  ${part.value} as raw\nfrom ${from}\nwhere (${where}) and ${part.value} is not null\ngroup by ${groups}, raw`;
    return `select
${listed([keys, String(number), `null::${bigint}`, `count(*)::${bigint}`, ...empty])}
from (
${indented(inner)}
) as v
group by ${groups}`;
  }
  const raw = part.raw.includes(' as raw') ? part.raw : `${part.raw} as raw`;
  const inner = `select\n${keyed},\n  ${raw}\nfrom ${part.source}\nwhere (${where}) and ${part.where}`;
  return `select
${listed([keys, String(number), `(${part.key})::${bigint}`, `(${part.value})::${bigint}`, ...empty])}
from (
${indented(inner)}
) as v
group by ${keys}, ${part.key}`;
}

/** What the parts come to for one measure: its columns. */
function answer(measure: StoredMeasure, part: Part, number: number, dialect: Dialect): string {
  const columns = measureColumns(measure);
  const [first, second] = columns.map(({ name }) => quoteIdentifier(name));
  switch (part.kind) {
    case 'plain':
      return `max(${first}) as ${first}`;
    case 'values':
      return `coalesce(max(sketch_value) filter (where part = ${number}), 0)::${dialect.type('bigint')} as ${first}`;
    case 'sketch': {
      const [keys, values] = dialect.pairLists(`part = ${number}`, [
        listType(columns[0]!),
        listType(columns[1]!),
      ]);
      return `${keys} as ${first},\n  ${values} as ${second}`;
    }
  }
}

function listType({ type }: StoredColumn): ListType {
  return type === 'small-list' ? 'small-list' : 'big-list';
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** Each on a line of its own. */
function listed(items: readonly string[]): string {
  return items.map((item) => `  ${item}`).join(',\n');
}
