/**
 * Random changes to a schema, each with the SQL up and down. What a change does to values beside moving them is told
 * by the numbers of the columns, so that the law knows which cells must come back and which must only be there.
 */
import fc from 'fast-check';
import {
  type Column,
  columnSql,
  createSql,
  referrersOf,
  type Schema,
  type Table,
  withColumn,
  withTable,
} from './schema.js';

/** A change as it is drawn: which table, column and variant is meant depends on what is there. */
export interface Drawn {
  readonly kind: keyof typeof OPERATIONS;
  readonly table: number;
  readonly column: number;
  readonly variant: number;
  /** Whose statements are in a block of code, where no text tells what they do. */
  readonly block?: 'up' | 'down' | 'both' | undefined;
}

export interface Change {
  readonly up: string;
  readonly down: string;
  readonly schema: Schema;
  /** It is all that its migration does. */
  readonly isAlone?: boolean;
  /** Columns whose values the change computes anew. */
  readonly rewritten?: readonly number[];
  /** Tables of which the change deletes or adds rows. */
  readonly rowsChanged?: readonly number[];
}

interface Place {
  readonly schema: Schema;
  readonly table: Table;
  readonly column: Column | undefined;
  readonly variant: number;
}

type Operation = (place: Place) => Change | undefined;

/** The change as SQL; `undefined` where nothing of the kind can be done. */
export function changeOf(schema: Schema, drawn: Drawn): Change | undefined {
  const change = openChange(schema, drawn);
  // A line of Plinth's own is none in a string.
  const inBlock = (sql: string, direction: 'up' | 'down'): string =>
    [direction, 'both'].includes(drawn.block ?? '') && !sql.includes('-- plinth:')
      ? `do $block$ begin execute $code$${sql}$code$; end $block$;`
      : sql;
  return change && { ...change, up: inBlock(change.up, 'up'), down: inBlock(change.down, 'down') };
}

function openChange(schema: Schema, { kind, table, column, variant }: Drawn): Change | undefined {
  const chosen = schema.tables[table % Math.max(1, schema.tables.length)];
  const operation = OPERATIONS[kind];
  if (chosen === undefined) {
    return kind === 'createTable'
      ? createTable({ schema, table: NO_TABLE, column: undefined, variant })
      : undefined;
  }
  return operation({
    schema,
    table: chosen,
    column: chosen.columns[column % Math.max(1, chosen.columns.length)],
    variant,
  });
}

const NO_TABLE: Table = { number: -1, name: '', hasKey: true, columns: [] };

const TYPES = [
  'text',
  'integer',
  'numeric(12,2)',
  'timestamptz',
  'jsonb',
  'boolean',
  'varchar(40)',
  'bigint',
  'text[]',
];

const createTable: Operation = ({ schema, table, variant }) => {
  const number = schema.next;
  const columns: Column[] = [0, 1, 2].slice(0, 1 + (variant % 3)).map((place) => ({
    number: number + 1 + place,
    name: `c${number + 1 + place}`,
    type: TYPES[(variant + place * 5) % TYPES.length]!,
    ...((variant + place) % 4 === 0 && { notNull: true as const }),
  }));
  const refers: Column[] =
    variant % 2 === 1 && table.hasKey && table.number >= 0
      ? [
          {
            number: number + 4,
            name: `r${number + 4}`,
            type: 'bigint',
            references: table.number,
            onDelete: variant % 4 === 1 ? 'cascade' : 'set null',
          },
        ]
      : [];
  const made: Table = {
    number,
    name: `t${number}`,
    hasKey: variant % 7 !== 6,
    ...(variant % 7 === 3 && { partitioned: 'into two' as const }),
    columns: [...columns, ...refers],
  };
  return {
    up: createSql(schema, made),
    down: `drop table ${made.name};`,
    schema: { tables: [...schema.tables, made], next: number + 5 },
  };
};

const dropTable: Operation = ({ schema, table, variant }) => {
  const referrers = referrersOf(schema, table).filter((each) => each.table.number !== table.number);
  const cascade = referrers.length > 0 || variant % 3 === 0 ? ' cascade' : '';
  const keys = referrers.map(
    ({ table: from, column }) =>
      `alter table ${from.name} add foreign key (${column.name}) references ${table.name}${column.onDelete ? ` on delete ${column.onDelete}` : ''}`,
  );
  // What refers to it comes after its rows are back, or is not looked at until then.
  const restores = keys.length > 0 && (variant % 4 === 3 || table.partitioned !== undefined);
  const back = keys.map((key) => (restores ? `${key};` : `${key} not valid;`)).join('\n');
  const tables = schema.tables
    .filter(({ number }) => number !== table.number)
    .map((each) => ({
      ...each,
      columns: each.columns.map((column) =>
        column.references === table.number ? withoutReference(column) : column,
      ),
    }));
  return {
    up: `drop table ${table.name}${cascade};`,
    down: `${createSql(schema, table)}${restores ? '\n-- plinth: restore' : ''}\n${back}`,
    // What is put back in the middle of a script stands alone in it.
    isAlone: restores,
    schema: { ...schema, tables },
  };
};

function withoutReference({ references: _, onDelete: __, ...column }: Column): Column {
  return column;
}

const addColumn: Operation = ({ schema, table, variant }) => {
  const number = schema.next;
  const type = TYPES[variant % TYPES.length]!;
  const made: Column = {
    number,
    name: `c${number}`,
    type,
    ...(variant % 5 === 1 && type === 'text' && { default: "'new'", notNull: true as const }),
    ...(variant % 5 === 2 && type === 'integer' && { default: '7' }),
  };
  return {
    up: `alter table ${table.name} add column ${columnSql(schema, made)};`,
    down: `alter table ${table.name} drop column ${made.name};`,
    schema: { ...withTable(schema, { ...table, columns: [...table.columns, made] }), next: number + 1 },
  };
};

const dropColumn: Operation = ({ schema, table, column }) => {
  if (column === undefined || isLast(table)) {
    return undefined;
  }
  const { notNull, ...nullable } = column;
  const back = `alter table ${table.name} add column ${columnSql(schema, nullable)};`;
  return {
    up: `alter table ${table.name} drop column ${column.name};`,
    down: notNull
      ? `${back}\n-- plinth: restore\nupdate ${table.name} set ${column.name} = ${filler(column.type)} where ${column.name} is null;\nalter table ${table.name} alter column ${column.name} set not null;`
      : back,
    isAlone: notNull,
    schema: withTable(schema, {
      ...table,
      columns: table.columns.filter(({ number }) => number !== column.number),
    }),
  };
};

/** The rows of a table without a key and without columns cannot be told from one another. */
function isLast({ hasKey, columns }: Table): boolean {
  return !hasKey && columns.length <= 2;
}

function filler(type: string): string {
  switch (type) {
    case 'integer':
    case 'bigint':
    case 'numeric(12,2)':
      return '0';
    case 'timestamptz':
      return "'2020-01-01'";
    case 'jsonb':
    case 'text[]':
      return "'{}'";
    case 'boolean':
      return 'false';
    default:
      return "''";
  }
}

const renameTable: Operation = ({ schema, table }) => {
  const name = `t${schema.next}`;
  return {
    up: `alter table ${table.name} rename to ${name};`,
    down: `alter table ${name} rename to ${table.name};`,
    schema: { ...withTable(schema, { ...table, name }), next: schema.next + 1 },
  };
};

const renameColumn: Operation = ({ schema, table, column }) => {
  if (column === undefined) {
    return undefined;
  }
  const name = `c${schema.next}`;
  return {
    up: `alter table ${table.name} rename column ${column.name} to ${name};`,
    down: `alter table ${table.name} rename column ${name} to ${column.name};`,
    schema: { ...withColumn(schema, table, { ...column, name }), next: schema.next + 1 },
  };
};

/** From a type to others, with the expressions there and back; some lose, some do not. */
const CONVERSIONS: Readonly<Record<string, readonly (readonly [to: string, there: string, back: string])[]>> =
  {
    text: [
      ['varchar(3)', 'left(?, 3)', '?'],
      ['integer', 'length(?)', '?::text'],
      ['jsonb', 'to_jsonb(?)', "? #>> '{}'"],
    ],
    integer: [
      ['bigint', '?', '?'],
      ['text', '?::text', 'length(?)'],
      ['boolean', '? > 0', '?::integer'],
    ],
    bigint: [['numeric(12,2)', 'sign(?)', '?::bigint']],
    'numeric(12,2)': [
      ['integer', 'sign(?)::integer', '?'],
      ['double precision', '?::double precision', '0'],
    ],
    timestamptz: [['date', '?::date', '?::timestamptz']],
    jsonb: [['text', '?::text', 'to_jsonb(?)']],
    boolean: [['integer', '?::integer', '? > 0']],
    'varchar(40)': [
      ['varchar(5)', 'left(?, 5)', '?'],
      ['text', '?', 'left(?, 40)'],
    ],
    'text[]': [['text', '?[1]', 'array[?]']],
  };

const changeType: Operation = ({ schema, table, column, variant }) => {
  const conversions = column?.default === undefined ? (CONVERSIONS[column?.type ?? ''] ?? []) : [];
  const conversion = conversions[variant % Math.max(1, conversions.length)];
  if (column === undefined || conversion === undefined || column.references !== undefined || column.notNull) {
    return undefined;
  }
  const [type, there, back] = conversion;
  const alter = (to: string, using: string): string =>
    `alter table ${table.name} alter column ${column.name} type ${to} using (${using.replaceAll('?', column.name)});`;
  return {
    up: alter(type, there),
    down: alter(column.type, back),
    schema: withColumn(schema, table, { ...column, type }),
    rewritten: [column.number],
  };
};

/** A value computed from the old one, by type; what fits the type always. */
const COMPUTED: Readonly<Record<string, string>> = {
  text: "upper(?) || '!'",
  integer: '? / 2',
  bigint: '? / 3',
  'numeric(12,2)': 'round(? / 3)',
  timestamptz: "date_trunc('year', ?)",
  jsonb: "jsonb_build_object('was', ?)",
  boolean: 'not ?',
  'varchar(40)': 'left(lower(?), 3)',
  'text[]': '?[1:1]',
};

/** Rows by their key, or all of a table without. */
function someRows(table: Table, variant: number): string {
  return table.hasKey && variant % 3 !== 0 ? ` where id % ${2 + (variant % 2)} = 0` : '';
}

const updateRows: Operation = ({ schema, table, column, variant }) => {
  const computed = COMPUTED[column?.type ?? ''];
  if (column === undefined || computed === undefined || column.unique || column.references !== undefined) {
    return undefined;
  }
  const set = `set ${column.name} = ${computed.replaceAll('?', column.name)}`;
  const inCte = variant % 4 === 2;
  const update = `update ${table.name} ${set}${someRows(table, variant)}`;
  return {
    up: inCte ? `with changed as (${update} returning 1) select count(*) from changed;` : `${update};`,
    down: variant % 2 === 0 ? 'select 1;' : `update ${table.name} set ${column.name} = ${column.name};`,
    schema,
    rewritten: [column.number],
  };
};

/** Values that the up leaves as they are, the down leaves too; alone, as it must not have changed them there and back. */
const updateTwice: Operation = (place) => {
  const change = updateRows({ ...place, variant: place.variant - (place.variant % 4) });
  return change && { ...change, down: change.up, isAlone: true };
};

const deleteRows: Operation = ({ schema, table, variant }) => ({
  up: `delete from ${table.name}${someRows(table, variant)};`,
  down: 'select 1;',
  schema,
  // What foreign keys pass on changes rows and cells further away.
  ...reachOf(schema, table),
});

const truncateTable: Operation = ({ schema, table }) => ({
  up: `truncate ${table.name} cascade;`,
  down: 'select 1;',
  schema,
  ...reachOf(schema, table),
});

function reachOf(schema: Schema, table: Table): Required<Pick<Change, 'rewritten' | 'rowsChanged'>> {
  const reached = new Set([table.number]);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const number of [...reached]) {
      const target = schema.tables.find((each) => each.number === number)!;
      for (const referrer of referrersOf(schema, target)) {
        reached.add(referrer.table.number);
      }
    }
  }
  const rewritten = schema.tables.flatMap(({ columns }) =>
    columns
      .filter(({ references }) => references !== undefined && reached.has(references))
      .map(({ number }) => number),
  );
  return { rowsChanged: [...reached], rewritten };
}

/** One column becomes two, or is moved: add, fill, drop. */
const moveColumn: Operation = ({ schema, table, column }) => {
  if (column === undefined || column.references !== undefined || column.notNull || column.unique) {
    return undefined;
  }
  const number = schema.next;
  const made: Column = { ...column, number, name: `c${number}` };
  const columns = table.columns.map((each) => (each.number === column.number ? made : each));
  const move = (from: Column, to: Column): string =>
    `alter table ${table.name} add column ${columnSql(schema, to)};
     update ${table.name} set ${to.name} = ${from.name};
     alter table ${table.name} drop column ${from.name};`;
  return {
    up: move(column, made),
    down: move(made, column),
    schema: { ...withTable(schema, { ...table, columns }), next: number + 1 },
    rewritten: [number, column.number],
  };
};

/** A column that refuses null, once what is null has been given a value. */
const requireValues: Operation = ({ schema, table, column }) => {
  if (
    column === undefined ||
    column.notNull ||
    column.references !== undefined ||
    !(column.type in COMPUTED)
  ) {
    return undefined;
  }
  return {
    up: `update ${table.name} set ${column.name} = ${filler(column.type)} where ${column.name} is null;
      alter table ${table.name} alter column ${column.name} set not null;`,
    down: `alter table ${table.name} alter column ${column.name} drop not null;`,
    schema: withColumn(schema, table, { ...column, notNull: true }),
    rewritten: [column.number],
  };
};

const dropPartition: Operation = ({ schema, table, variant }) => {
  if (table.partitioned !== 'into two' || referrersOf(schema, table).length > 0) {
    return undefined;
  }
  const part = `t${table.number}_low`;
  const detach = variant % 2 === 0 ? `alter table ${table.name} detach partition ${part};` : '';
  return {
    up: `${detach} drop table ${part};`,
    down: `create table ${part} partition of ${table.name} for values from (minvalue) to (4);`,
    schema: withTable(schema, { ...table, partitioned: 'into one' }),
    rowsChanged: [table.number],
  };
};

/** A type whose last label goes, by making the type anew. */
const narrowEnum: Operation = ({ schema, table, variant }) => {
  const number = schema.next;
  const type = `mood${number}`;
  const made: Column = { number, name: `c${number}`, type: 'text' };
  const cases = `(case ${made.name}::text when 'good' then 'ok' else ${made.name}::text end)::${type}`;
  return {
    up: `create type ${type} as enum ('bad', 'ok', 'good');
      alter table ${table.name} add column ${made.name} ${type};
      ${table.hasKey ? `update ${table.name} set ${made.name} = (array['bad', 'ok', 'good'])[1 + (id + ${variant}) % 3]::${type};` : ''}
      alter type ${type} rename to ${type}_old;
      create type ${type} as enum ('bad', 'ok');
      alter table ${table.name} alter column ${made.name} type ${type} using ${cases};
      drop type ${type}_old;`,
    down: `alter table ${table.name} drop column ${made.name}; drop type ${type};`,
    schema: {
      ...withTable(schema, { ...table, columns: [...table.columns, { ...made, type }] }),
      next: number + 1,
    },
  };
};

/** Rows go to a table of their own, and come back. */
const archiveRows: Operation = ({ schema, table, variant }) => {
  if (!table.hasKey || referrersOf(schema, table).length > 0) {
    return undefined;
  }
  const name = `archive${schema.next}`;
  const columns = ['id', ...table.columns.map((column) => column.name)].join(', ');
  const move = (from: string, to: string, where: string): string =>
    `with moved as (delete from ${from}${where} returning *)
     insert into ${to} (${columns}) select ${columns} from moved;`;
  return {
    up: `create table ${name} (like ${table.name}); ${move(table.name, name, someRows(table, variant))}`,
    down: `${move(name, table.name, '')} drop table ${name};`,
    schema: { ...schema, next: schema.next + 1 },
    rowsChanged: [table.number],
  };
};

/** Rows are written by code that the statement does not show, and one of them twice. */
const runBlock: Operation = ({ schema, table, column, variant }) => {
  const computed = COMPUTED[column?.type ?? ''];
  if (column === undefined || computed === undefined || column.references !== undefined) {
    return undefined;
  }
  const update = `update ${table.name} set ${column.name} = ${computed.replaceAll('?', column.name)}`;
  const isDelete = variant % 3 === 0;
  const last = isDelete ? `delete from ${table.name}${someRows(table, variant)};` : `${update};`;
  const reach = isDelete ? reachOf(schema, table) : { rewritten: [], rowsChanged: [] };
  return {
    up: `do $$ begin ${update}${someRows(table, variant)}; ${last} end $$;`,
    down: 'select 1;',
    schema,
    rewritten: [column.number, ...reach.rewritten],
    rowsChanged: reach.rowsChanged,
  };
};

/** Rows are put in that are there, and change what is. */
const upsertRows: Operation = ({ schema, table, column, variant }) => {
  const computed = COMPUTED[column?.type ?? ''];
  if (column === undefined || computed === undefined || column.references !== undefined || !table.hasKey) {
    return undefined;
  }
  const names = ['id', ...table.columns.map(({ name }) => name)];
  const values = names.map((name) => (name === column.name ? computed.replaceAll('?', name) : name));
  return {
    up: `insert into ${table.name} (${names.join(', ')}) select ${values.join(', ')} from ${table.name}${someRows(table, variant)}
      on conflict (id) do update set ${column.name} = excluded.${column.name};`,
    down: 'select 1;',
    schema,
    rewritten: [column.number],
  };
};

const mergeRows: Operation = ({ schema, table, column, variant }) => {
  const computed = COMPUTED[column?.type ?? ''];
  if (column === undefined || computed === undefined || column.references !== undefined || !table.hasKey) {
    return undefined;
  }
  const reach = reachOf(schema, table);
  return {
    up: `merge into ${table.name} as m using (select id from ${table.name}) as v on v.id = m.id
      when matched and m.id % 3 = ${variant % 3} then delete
      when matched then update set ${column.name} = ${computed.replaceAll('?', `m.${column.name}`)};`,
    down: 'select 1;',
    schema,
    rewritten: [column.number, ...reach.rewritten],
    rowsChanged: reach.rowsChanged,
  };
};

/** Rows that the script makes, changes and removes: nobody has ever seen them. */
const passingRows: Operation = ({ schema, table, variant }) => {
  const text = table.columns.find(({ type, unique }) => type === 'text' && !unique);
  const names = table.columns.map(({ name }) => name);
  if (text === undefined || table.columns.some(({ unique }) => unique)) {
    return undefined;
  }
  const values = names.map((name) => (name === text.name ? "'passing'" : name));
  const to = table.hasKey ? ['id', ...names] : names;
  const from = table.hasKey ? ['id + 1000', ...values] : values;
  const change =
    variant % 2 === 0 ? `update ${table.name} set ${text.name} = 'gone' where ${text.name} = 'passing';` : '';
  return {
    up: `insert into ${table.name} (${to.join(', ')}) select ${from.join(', ')} from ${table.name};
      ${change}
      delete from ${table.name} where ${text.name} in ('passing', 'gone');`,
    down: 'select 1;',
    schema,
  };
};

/** Keys go and come back in one script. */
const shiftKeys: Operation = ({ schema, table, variant }) =>
  !table.hasKey || referrersOf(schema, table).length > 0
    ? undefined
    : {
        up: `update ${table.name} set id = id + 1000${someRows(table, variant)}; update ${table.name} set id = id - 1000 where id > 1000;`,
        down: 'select 1;',
        schema,
      };

/** Two columns take each other's name. */
const swapColumns: Operation = ({ schema, table, column }) => {
  const other = table.columns.find(({ number }) => number !== column?.number);
  if (column === undefined || other === undefined) {
    return undefined;
  }
  const columns = table.columns.map((each) =>
    each.number === column.number
      ? { ...each, name: other.name }
      : each.number === other.number
        ? { ...each, name: column.name }
        : each,
  );
  const swap = [
    [column.name, 'swapped'],
    [other.name, column.name],
    ['swapped', other.name],
  ]
    .map(([from, to]) => `alter table ${table.name} rename column ${from} to ${to};`)
    .join(' ');
  return { up: swap, down: swap, schema: withTable(schema, { ...table, columns }) };
};

/** Two tables take each other's name. */
const swapTables: Operation = ({ schema, table, variant }) => {
  const others = schema.tables.filter(({ number }) => number !== table.number);
  const other = others[variant % Math.max(1, others.length)];
  if (other === undefined) {
    return undefined;
  }
  const tables = schema.tables.map((each) =>
    each.number === table.number
      ? { ...each, name: other.name }
      : each.number === other.number
        ? { ...each, name: table.name }
        : each,
  );
  const swap = [
    [table.name, 'swapped'],
    [other.name, table.name],
    ['swapped', other.name],
  ]
    .map(([from, to]) => `alter table ${from} rename to ${to};`)
    .join(' ');
  return { up: swap, down: swap, schema: { ...schema, tables } };
};

/** A column is made anew under its name; the way back makes nothing of it. */
const remakeColumn: Operation = ({ schema, table, column }) => {
  if (column === undefined || column.references !== undefined || column.notNull || column.unique) {
    return undefined;
  }
  const { default: _, ...plain } = column;
  const remake = (type: string, value: string): string =>
    `alter table ${table.name} add column remade ${type};
     update ${table.name} set remade = ${value};
     alter table ${table.name} drop column ${column.name};
     alter table ${table.name} rename column remade to ${column.name};`;
  return {
    up: remake('text', `left(${column.name}::text, 4)`),
    down: `${remake(column.type, 'null')}${column.default === undefined ? '' : `alter table ${table.name} alter column ${column.name} set default ${column.default};`}`,
    schema: withColumn(schema, table, { ...plain, type: 'text' }),
    rewritten: [column.number],
  };
};

/** A table is made anew under its name. */
const remakeTable: Operation = ({ schema, table, variant }) => {
  if (!table.hasKey || table.partitioned || referrersOf(schema, table).length > 0) {
    return undefined;
  }
  const names = ['id', ...table.columns.map(({ name }) => name)].join(', ');
  const remake = (some: string): string =>
    `${createSql(schema, { ...table, name: 'remade' })}
    insert into remade (${names}) select ${names} from ${table.name}${some};
    alter table remade alter column id restart with 5000;
    drop table ${table.name}; alter table remade rename to ${table.name};`;
  return {
    up: remake(variant % 2 === 0 ? '' : someRows(table, variant)),
    down: remake(''),
    schema,
    rowsChanged: [table.number],
  };
};

const addIndex: Operation = ({ schema, table, column }) =>
  column === undefined || /json|\[\]/.test(column.type)
    ? undefined
    : {
        up: `create index i${schema.next} on ${table.name} (${column.name});`,
        down: `drop index if exists i${schema.next};`,
        schema: { ...schema, next: schema.next + 1 },
      };

const OPERATIONS = {
  createTable,
  dropTable,
  addColumn,
  dropColumn,
  renameTable,
  renameColumn,
  changeType,
  updateRows,
  updateTwice,
  deleteRows,
  truncateTable,
  moveColumn,
  requireValues,
  dropPartition,
  narrowEnum,
  archiveRows,
  addIndex,
  runBlock,
  upsertRows,
  mergeRows,
  passingRows,
  shiftKeys,
  swapColumns,
  swapTables,
  remakeColumn,
  remakeTable,
} satisfies Record<string, Operation>;

const OPERATION_KINDS = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];

export const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom(...OPERATION_KINDS),
  table: fc.nat(11),
  column: fc.nat(11),
  variant: fc.nat(41),
  block: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    'up',
    'down',
    'both',
  ),
});
