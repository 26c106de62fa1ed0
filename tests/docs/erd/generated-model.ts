/** Models with tables, foreign keys and names of any characters that PostgreSQL takes. */
import fc from 'fast-check';
import { emptyModel, type ForeignKey, type SchemaModel, type Table } from '../../../src/schema/index.js';

const ODD = [
  '"',
  '\\',
  '%',
  '#',
  ';',
  '<',
  '>',
  '&',
  '`',
  "'",
  '{',
  '}',
  '\n',
  '~',
  '_',
  '-',
  ' ',
  '日',
  'é',
  '😀',
];

/** PostgreSQL's identifiers are not empty, and hold everything but the null character. */
const name = fc.oneof(
  fc.constantFrom('select', 'table', 'pk', 'PK', 'Note', 'direction TB', 'one', 'end', 'a.b', '1st', '__x__'),
  fc.string({ unit: fc.constantFrom(...ODD, 'a', 'B', '7'), minLength: 1, maxLength: 12 }),
);
const text = fc.string({ unit: fc.constantFrom(...ODD, 'a', 'b'), maxLength: 20 });
const type = fc.constantFrom(
  'integer',
  'numeric(10,2)',
  'text[]',
  'timestamp(3) with time zone',
  '"Odd, ""type"',
);

const table = fc.record({
  schema: fc.constantFrom('public', 'a "b"', 'ops'),
  name,
  columns: fc.uniqueArray(fc.record({ name, type, comment: text, isNullable: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
    selector: (column) => column.name,
  }),
  parents: fc.array(fc.nat(), { maxLength: 3 }),
});

export const models: fc.Arbitrary<SchemaModel> = fc
  .uniqueArray(table, { minLength: 1, maxLength: 18, selector: ({ schema, name }) => `${schema}\0${name}` })
  .map((drafts) => ({
    ...emptyModel(18),
    tables: drafts.map((draft) => tableOf(draft, drafts)),
  }));

type Draft = typeof table extends fc.Arbitrary<infer Value> ? Value : never;

function tableOf(draft: Draft, drafts: readonly Draft[]): Table {
  const { schema, name, columns, parents } = draft;
  const foreignKeys = parents.map((choice, index): ForeignKey => {
    const parent = drafts[choice % drafts.length]!;
    return {
      kind: 'foreign key',
      name: `fk ${index} of ${schema}.${name}`,
      definition: '',
      columns: [columns[index % columns.length]!.name],
      references: { schema: parent.schema, table: parent.name, columns: [parent.columns[0]!.name] },
    };
  });
  return {
    kind: 'table',
    ...{ schema, name, owner: 'owner' },
    columns: columns.map(({ isNullable, ...column }) => ({
      kind: 'column',
      ...column,
      ...(isNullable ? {} : { notNull: true as const }),
    })),
    constraints: [
      { kind: 'primary key', name: 'pk', definition: '', columns: [columns[0]!.name] },
      ...foreignKeys,
    ],
    ...{ indexes: [], triggers: [], policies: [], rules: [], statistics: [] },
  };
}
