import type { Session } from '../../database/index.js';
import type { DataFingerprint, TableFingerprint } from './data-fingerprint.js';
import { type DataRelation, fromClause, readDataRelations, rowText } from './data-relation.js';
import { type ReadingOptions, readTexts, withStableReading } from './stable-reading.js';

export interface DataFingerprintOptions extends ReadingOptions {
  /** Hash each column by itself too, to tell which one has changed. Default false. */
  readonly columns?: boolean;
}

/**
 * Reads every row of every table and tells what they amount to; two reads, one snapshot. Computed on the server: only
 * sums travel.
 * @throws DATABASE_STATEMENT_FAILED when policies hide rows from the role; DATABASE_CONNECTION_LOST
 */
export function readDataFingerprint(
  session: Session,
  options: DataFingerprintOptions = {},
): Promise<DataFingerprint> {
  return withStableReading(session, options, async () => {
    const relations = (await readDataRelations(session)).filter(({ populated }) => populated);
    const stored = relations.filter(({ kind }) => kind !== 'sequence');
    const sequences = relations.filter(({ kind }) => kind === 'sequence');
    const [large, ...texts] = await readTexts(session, [
      LARGE_OBJECTS,
      ...batchesOf(stored).map((batch) => tablesQuery(batch, options.columns ?? false)),
      ...batchesOf(sequences).map(sequencesQuery),
    ]);
    const answers = texts.flatMap((text) => JSON.parse(text!) as readonly Answer[]);
    const read = stored.map((relation, index) => tableOf(relation, answers[index]!));
    const [count, hash] = JSON.parse(large!) as [number, string];
    return {
      tables: read.filter((_, index) => stored[index]!.kind === 'table'),
      sequences: sequences.map(({ schema, name }, index) => {
        const [lastValue, isCalled] = answers[stored.length + index]!;
        return { schema, name, lastValue: String(lastValue), isCalled: isCalled === 'true' };
      }),
      materializedViews: read.filter((_, index) => stored[index]!.kind === 'materialized view'),
      largeObjects: { count, hash },
      cells: read.reduce((cells, { rows, columns }) => cells + rows * columns.length, 0),
    };
  });
}

/** Count, hash, hashes of columns; or last value, is called. */
type Answer = readonly (string | number)[];

/** A statement over more relations than this takes long to plan. */
const BATCH_RELATIONS = 200;

function batchesOf(relations: readonly DataRelation[]): (readonly DataRelation[])[] {
  const batches: (readonly DataRelation[])[] = [];
  for (let start = 0; start < relations.length; start += BATCH_RELATIONS) {
    batches.push(relations.slice(start, start + BATCH_RELATIONS));
  }
  return batches;
}

function inOrder(selects: readonly string[]): string {
  const numbered = selects.map((select, index) => select.replace('select', `select ${index} as place,`));
  return `select json_agg(a.answer order by a.place)::text from (${numbered.join(' union all ')}) as a`;
}

function tablesQuery(relations: readonly DataRelation[], eachColumn: boolean): string {
  return inOrder(
    relations.map((relation) => {
      const { columns, key } = relation;
      const perColumn = eachColumn ? columns.map((column) => hashSum([...(key ?? []), column])) : [];
      const parts = ['count(*)::text', hashSum(columns), ...perColumn];
      return `select array[${parts.join(', ')}] as answer from ${fromClause(relation)} as t`;
    }),
  );
}

function hashSum(columns: readonly string[]): string {
  return `coalesce(sum(hashtextextended(${rowText(columns)} collate "C", 0)), 0)::text`;
}

function sequencesQuery(relations: readonly DataRelation[]): string {
  return inOrder(
    relations.map(
      (relation) =>
        `select array[t.last_value::text, t.is_called::text] as answer from ${fromClause(relation)} as t`,
    ),
  );
}

const LARGE_OBJECTS = `
  select json_build_array(count(*), coalesce(sum(hashtextextended(md5(lo_get(oid)) || oid, 0)), 0)::text)::text
  from pg_largeobject_metadata`;

function tableOf({ schema, name, columns }: DataRelation, answer: Answer): TableFingerprint {
  const [rows, hash, ...hashes] = answer.map(String);
  return {
    schema,
    name,
    rows: Number(rows),
    hash: hash!,
    columns,
    ...(hashes.length > 0 && {
      columnHashes: Object.fromEntries(columns.map((column, index) => [column, hashes[index]!])),
    }),
  };
}
