/** The rows that are there before the filling, as far as they are looked at, and the next numbers of sequences. */
import type { Session } from '../../database/index.js';
import type { Column } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { runBatch } from './batch.js';
import type { FillTable } from './rows/fill-table.js';
import type { Row } from './rows/row.js';

/** More rows of a table than these are not looked at. */
const MOST_KNOWN = 200;

/** Where a row lies: what tells rows without a key apart. */
const PLACE = ['tableoid', 'ctid'];

/** Reads rows of the tables, one round trip; a table that cannot be read has none. */
export async function readKnownRows(
  session: Session,
  fills: readonly FillTable[],
): Promise<readonly Row[][]> {
  const answers = await runBatch(session, fills.map(rowsSql));
  return fills.map(({ table }, index) => {
    const answer = answers[index]!;
    const rows = JSON.parse((answer.kind === 'done' ? answer.value : undefined) ?? '[]') as (
      | string
      | null
    )[][];
    const names = [...table.columns.map(({ name }) => name), ...PLACE];
    return rows.map((cells) => new Map(names.map((name, place) => [name, cells[place]!])));
  });
}

function rowsSql({ table }: FillTable): string {
  const names = [...table.columns.map(({ name }) => name), ...PLACE];
  const cells = names.map((name) => `t.${quoteIdentifier(name)}::text`);
  const only = table.partitionBy === undefined ? 'only ' : '';
  return `select json_agg(array[${cells.join(', ')}]::text[])::text
    from (select tableoid, ctid, * from ${only}${qualifiedName(table.schema, table.name)} limit ${MOST_KNOWN}) as t`;
}

/** The next numbers of the sequence behind each column that has one: by table and column. */
export async function takeNumbers(
  session: Session,
  fills: readonly FillTable[],
  count: (fill: FillTable) => number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>> {
  const wanted = fills.flatMap((fill) =>
    fill.columns.flatMap((column) => {
      const sequence = sequenceOf(fill, column);
      return sequence === undefined ? [] : [{ fill, column, sequence }];
    }),
  );
  const answers = await runBatch(
    session,
    wanted.map(
      ({ fill, sequence }) =>
        `select json_agg(nextval(${quoteLiteral(sequence)})::text)::text from generate_series(1, ${count(fill)})`,
    ),
  );
  const numbers = new Map<string, Map<string, readonly string[]>>();
  for (const [index, { fill, column }] of wanted.entries()) {
    const answer = answers[index]!;
    if (answer.kind === 'done' && answer.value !== undefined) {
      const columns = numbers.get(fill.key) ?? new Map<string, readonly string[]>();
      columns.set(column.name, JSON.parse(answer.value) as string[]);
      numbers.set(fill.key, columns);
    }
  }
  return numbers;
}

/** The sequence that the column takes its default from, as SQL names it. */
function sequenceOf({ table }: FillTable, column: Column): string | undefined {
  if (column.identity) {
    return qualifiedName(table.schema, column.identity.sequence);
  }
  return /^nextval\('((?:[^']|'')+)'::regclass\)$/.exec(column.default ?? '')?.[1]?.replaceAll("''", "'");
}
