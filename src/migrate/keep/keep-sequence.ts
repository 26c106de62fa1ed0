/** Where sequences stand. A position is a number: it lies in the ledger itself. */
import type { Session } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';
import { addItem } from './items.js';
import type { KeepScope } from './keep-scope.js';
import { readTables, type TableFacts } from './table-facts.js';

/**
 * Notes the position of a sequence.
 * @param known the table whose column it belongs to, where that is known
 * @param given what it had given out last, where it stands elsewhere by now
 */
export async function keepSequence(
  session: Session,
  scope: KeepScope,
  statement: number,
  sequence: Pick<TableFacts, 'oid' | 'schema' | 'name'>,
  known: TableFacts | undefined,
  given?: string,
): Promise<void> {
  const owner = known ?? (await ownerOf(session, sequence));
  const stands = given === undefined ? await positionOf(session, sequence) : { value: given, isCalled: true };
  const owned = owner?.sequences.find(({ oid }) => oid === sequence.oid);
  const start = owner && scope.names.atStart(owner);
  const column = start?.columns.find(({ number }) => number === owned?.column)?.name;
  const layout = {
    key: [],
    isKeyless: false,
    columns: [],
    sequence: {
      ...stands,
      ...(start && column ? { owner: { schema: start.schema, name: start.name, column } } : {}),
    },
  };
  const { schema, name } = sequence;
  await addItem(session, scope, { statement, kind: 'sequence', schema, name, layout });
}

async function ownerOf(session: Session, { oid }: Pick<TableFacts, 'oid'>): Promise<TableFacts | undefined> {
  const found = await session.query<{ table: number }>(
    `select refobjid::int8::float8 as table
       from pg_catalog.pg_depend
      where classid = 'pg_catalog.pg_class'::pg_catalog.regclass and objid = $1::int8::oid
        and refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and deptype in ('a', 'i')`,
    [oid],
  );
  const [owner] = await readTables(
    session,
    found.map(({ table }) => table),
  );
  return owner;
}

async function positionOf(
  session: Session,
  { schema, name }: Pick<TableFacts, 'schema' | 'name'>,
): Promise<{ readonly value: string; readonly isCalled: boolean }> {
  const [stands] = await session.query<{ value: string; isCalled: boolean }>(
    `select last_value::text as value, is_called as "isCalled" from ${qualifiedName(schema, name)}`,
  );
  return stands!;
}
