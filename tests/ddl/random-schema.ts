/**
 * Schemas by chance, as DDL. The names come from a few, so that two schemas share most of their objects and differ in
 * what these are.
 */
import fc from 'fast-check';

const LABELS = ['sad', 'ok', 'happy', 'calm'];
const COLUMNS = ['a', 'b', 'c', 'd'];
const TYPES = [
  'integer',
  'bigint',
  'text',
  'varchar(20)',
  'numeric(10,2)',
  'timestamptz',
  's.mood',
  's.email',
  's.pair',
  's.mood[]',
  'jsonb',
];

interface ColumnSpec {
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly comment: string | undefined;
  readonly setting: string | undefined;
}

interface TableSpec {
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly order: readonly string[];
  readonly id: 'identity' | 'identity by default' | 'serial' | 'uuid' | 'named identity';
  readonly key: 'primary key' | 'unique' | undefined;
  readonly generated: 'upper' | 'lower' | undefined;
  readonly check: 'plain' | 'function' | 'not valid' | undefined;
  readonly uniqueOn: string | undefined;
  readonly index: 'plain' | 'descending' | 'partial' | 'expression' | 'include' | undefined;
  readonly options: string | undefined;
  readonly unlogged: boolean;
  readonly policy: 'all' | 'select' | undefined;
  readonly trigger: 'row' | 'column' | undefined;
  readonly statistics: boolean;
  readonly comment: string | undefined;
  readonly grant: 'select' | 'all' | 'column' | undefined;
  readonly references: 'plain' | 'cascade' | 'deferred' | undefined;
  readonly rule: boolean;
}

export interface SchemaSpec {
  readonly labels: readonly string[];
  readonly domain: {
    readonly base: string;
    readonly check: string | undefined;
    readonly notNull: boolean;
    readonly hasDefault: boolean;
  };
  readonly attributes: readonly string[];
  readonly tables: readonly (TableSpec | undefined)[];
  readonly heir: 'plain' | 'own default' | undefined;
  readonly partitioned:
    | {
        readonly by: 'range' | 'list';
        readonly parts: readonly ('first' | 'second' | 'default')[];
        readonly key: boolean;
        readonly index: boolean;
        readonly column: string | undefined;
        readonly isNamedOtherwise: boolean;
        readonly ownDefault: boolean;
      }
    | undefined;
  readonly view:
    | {
        readonly columns: readonly string[];
        readonly where: boolean;
        readonly barrier: boolean;
        readonly comment: boolean;
      }
    | undefined;
  readonly viewOnView: boolean;
  readonly materialized: { readonly columns: readonly string[]; readonly index: boolean } | undefined;
  readonly routine:
    | {
        readonly argument: string;
        readonly result: string;
        readonly body: string;
        readonly defaults: boolean;
        readonly volatility: string;
      }
    | undefined;
  readonly rowRoutine: 'setof' | 'atomic' | undefined;
  readonly sequence:
    | { readonly increment: number; readonly type: string; readonly cycle: boolean }
    | undefined;
  readonly published: 'all' | 'one' | 'columns' | undefined;
  readonly defaults: 'select' | 'all' | undefined;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const among = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number] | undefined> =>
  fc.constantFrom(undefined, ...values) as fc.Arbitrary<T[number] | undefined>;

const anyColumn: fc.Arbitrary<ColumnSpec> = fc.record({
  type: fc.constantFrom(...TYPES),
  notNull: fc.boolean(),
  hasDefault: fc.boolean(),
  comment: among('One', "It's two"),
  setting: among('set statistics 50', 'set storage external', 'set (n_distinct = 5)'),
});

const anyTable: fc.Arbitrary<TableSpec> = fc.record({
  columns: fc.record(Object.fromEntries(COLUMNS.map((name) => [name, anyColumn]))),
  order: fc.shuffledSubarray(COLUMNS, { minLength: 1 }),
  id: fc.constantFrom('identity', 'identity by default', 'serial', 'uuid', 'named identity'),
  key: among('primary key', 'unique'),
  generated: among('upper', 'lower'),
  check: among('plain', 'function', 'not valid'),
  uniqueOn: among(...COLUMNS),
  index: among('plain', 'descending', 'partial', 'expression', 'include'),
  options: among('fillfactor = 70', 'fillfactor = 80, autovacuum_enabled = off'),
  unlogged: fc.boolean(),
  policy: among('all', 'select'),
  trigger: among('row', 'column'),
  statistics: fc.boolean(),
  comment: among('A table', 'Another'),
  grant: among('select', 'all', 'column'),
  references: among('plain', 'cascade', 'deferred'),
  rule: fc.boolean(),
});

export const anySchema: fc.Arbitrary<SchemaSpec> = fc.record({
  labels: fc.shuffledSubarray(LABELS, { minLength: 1 }),
  domain: fc.record({
    base: fc.constantFrom('text', 'varchar(40)', 'citext_like'),
    check: among('value <> $$a$$', 'length(value) < 50'),
    notNull: fc.constant(false),
    hasDefault: fc.boolean(),
  }),
  attributes: fc.shuffledSubarray(['x integer', 'y text', 'z numeric', 'm s.mood', 'x2 bigint'], {
    minLength: 1,
  }),
  tables: fc.tuple(maybe(anyTable), maybe(anyTable), maybe(anyTable)),
  heir: among('plain', 'own default'),
  partitioned: maybe(
    fc.record({
      by: fc.constantFrom('range', 'list'),
      parts: fc.subarray(['first', 'second', 'default'] as const),
      key: fc.boolean(),
      index: fc.boolean(),
      column: among('integer', 'text'),
      isNamedOtherwise: fc.boolean(),
      ownDefault: fc.boolean(),
    }),
  ),
  view: maybe(
    fc.record({
      columns: fc.shuffledSubarray(COLUMNS),
      where: fc.boolean(),
      barrier: fc.boolean(),
      comment: fc.boolean(),
    }),
  ),
  viewOnView: fc.boolean(),
  materialized: maybe(fc.record({ columns: fc.subarray(COLUMNS), index: fc.boolean() })),
  routine: maybe(
    fc.record({
      argument: fc.constantFrom('value integer', 'value bigint', 'other integer'),
      result: fc.constantFrom('boolean', 'integer'),
      body: fc.constantFrom('1', '2'),
      defaults: fc.boolean(),
      volatility: fc.constantFrom('immutable', 'stable', 'volatile'),
    }),
  ),
  rowRoutine: among('setof', 'atomic'),
  sequence: maybe(
    fc.record({
      increment: fc.constantFrom(1, 5, -1),
      type: fc.constantFrom('integer', 'bigint'),
      cycle: fc.boolean(),
    }),
  ),
  published: among('all', 'one', 'columns'),
  defaults: among('select', 'all'),
}) as fc.Arbitrary<SchemaSpec>;

/** The DDL of a schema in which what cannot be is left out. */
export function ddlOf(spec: SchemaSpec): string {
  const names = ['t1', 't2', 't3'];
  const tables = names.flatMap((name, place) => {
    const table = spec.tables[place];
    return table ? [{ name, table }] : [];
  });
  return [
    'create schema s;',
    `create type s.mood as enum (${spec.labels.map((label) => `'${label}'`).join(', ')});`,
    domainOf(spec.domain),
    `create type s.pair as (${spec.attributes.join(', ')});`,
    ...sequenceOf(spec),
    ...routineOf(spec),
    `create function s.touch() returns trigger language plpgsql as $$ begin return new; end $$;`,
    ...tables.map(({ name, table }) => tableOf(name, table, spec)),
    ...tables.flatMap(({ name, table }, place) =>
      referenceOf(name, table, tables[(place + 1) % tables.length]!),
    ),
    ...heirOf(spec, tables[0]),
    ...partitionedOf(spec),
    ...viewsOf(spec, tables),
    ...rowRoutineOf(spec, tables),
    ...publicationOf(spec, tables),
    ...(spec.defaults
      ? [`alter default privileges in schema s grant ${spec.defaults} on tables to pg_monitor;`]
      : []),
  ].join('\n');
}

type Named = { readonly name: string; readonly table: TableSpec };

function domainOf({ base, check, hasDefault }: SchemaSpec['domain']): string {
  const type = base === 'citext_like' ? 'text collate "C"' : base;
  return `create domain s.email as ${type}${hasDefault ? " default 'x'" : ''}${check ? ` constraint email_check check (${check})` : ''};`;
}

function sequenceOf({ sequence }: SchemaSpec): string[] {
  return sequence
    ? [
        `create sequence s.numbers as ${sequence.type} increment ${sequence.increment}${sequence.cycle ? ' cycle' : ''};`,
      ]
    : [];
}

function routineOf({ routine }: SchemaSpec): string[] {
  if (!routine) {
    return [];
  }
  const { argument, result, body, defaults, volatility } = routine;
  return [
    `create function s.f(${argument}${defaults ? ' default 1' : ''}) returns ${result} language sql ${volatility} as $$ select ${body}::${result} $$;`,
  ];
}

const DEFAULTS: Readonly<Record<string, (spec: SchemaSpec) => string>> = {
  integer: ({ routine, sequence }) =>
    routine?.result === 'integer' ? 's.f(1)' : sequence ? "nextval('s.numbers')" : '1',
  bigint: () => '2',
  text: () => "'t'",
  'varchar(20)': () => "'v'",
  'numeric(10,2)': () => '1.5',
  timestamptz: () => 'now()',
  's.mood': ({ labels }) => `'${labels[0]}'`,
  's.email': () => "'e'",
  's.pair': () => 'null::s.pair',
  's.mood[]': ({ labels }) => `array['${labels.at(-1)}']::s.mood[]`,
  jsonb: () => "'{}'",
};

/** Types that an index of the ordinary kind takes. */
const SORTABLE = TYPES.filter((type) => !['jsonb'].includes(type));

function tableOf(name: string, table: TableSpec, spec: SchemaSpec): string {
  const { columns, order, id, key, generated } = table;
  const ids = {
    identity: 'id bigint generated always as identity',
    'identity by default': 'id integer generated by default as identity (start with 10 increment by 2)',
    'named identity': `id bigint generated always as identity (sequence name s.${name}_numbers)`,
    serial: 'id serial',
    uuid: 'id uuid not null',
  };
  const first = order[0]!;
  const lines = [
    ids[id],
    ...order.map((column) => columnOf(column, columns[column]!, spec)),
    'ref bigint',
    ...(generated ? [`g text generated always as (${generated}(ref::text)) stored`] : []),
    ...(key ? [`constraint ${name}_key ${key} (id)`] : []),
    ...(table.uniqueOn && order.includes(table.uniqueOn) && SORTABLE.includes(columns[table.uniqueOn]!.type)
      ? [`constraint ${name}_u unique (${table.uniqueOn}) deferrable`]
      : []),
    ...(table.check === 'plain' ? [`constraint ${name}_check check (${first} is not null)`] : []),
    ...(table.check === 'function' && spec.routine?.result === 'boolean'
      ? [`constraint ${name}_check check (s.f(1))`]
      : []),
  ];
  const options = table.options ? ` with (${table.options})` : '';
  return [
    `create ${table.unlogged ? 'unlogged ' : ''}table s.${name} (${lines.join(', ')})${options};`,
    ...(table.check === 'not valid'
      ? [`alter table s.${name} add constraint ${name}_check check (${first} is not null) not valid;`]
      : []),
    ...order.flatMap((column) => columnExtras(name, column, columns[column]!)),
    ...indexOf(name, table),
    ...(table.statistics &&
    order.length > 1 &&
    order.slice(0, 2).every((column) => SORTABLE.includes(columns[column]!.type))
      ? [`create statistics s.${name}_stats on ${order.slice(0, 2).join(', ')} from s.${name};`]
      : []),
    ...(table.policy
      ? [
          `alter table s.${name} enable row level security; create policy ${name}_policy on s.${name} for ${table.policy} using (${first} is not null);`,
        ]
      : []),
    ...(table.trigger
      ? [
          `create trigger ${name}_touch before update${table.trigger === 'column' ? ` of ${first}` : ''} on s.${name} for each row execute function s.touch();`,
        ]
      : []),
    ...(table.rule
      ? [`create rule ${name}_rule as on delete to s.${name} where old.${first} is null do instead nothing;`]
      : []),
    ...(table.comment ? [`comment on table s.${name} is '${table.comment}';`] : []),
    ...(table.grant
      ? [`grant ${table.grant === 'column' ? `select (${first})` : table.grant} on s.${name} to pg_monitor;`]
      : []),
  ].join('\n');
}

function columnOf(name: string, { type, notNull, hasDefault }: ColumnSpec, spec: SchemaSpec): string {
  return `${name} ${type}${notNull ? ' not null' : ''}${hasDefault ? ` default ${DEFAULTS[type]!(spec)}` : ''}`;
}

const EXTERNAL = ['text', 'varchar(20)', 'jsonb', 's.email'];

function columnExtras(table: string, name: string, { type, comment, setting }: ColumnSpec): string[] {
  return [
    ...(comment ? [`comment on column s.${table}.${name} is '${comment.replaceAll("'", "''")}';`] : []),
    ...(setting && (!setting.includes('storage') || EXTERNAL.includes(type))
      ? [`alter table s.${table} alter ${name} ${setting};`]
      : []),
  ];
}

function indexOf(name: string, { index, order, columns }: TableSpec): string[] {
  const [first] = order.filter((column) => SORTABLE.includes(columns[column]!.type));
  if (!index || !first) {
    return [];
  }
  const texts = {
    plain: `(${first})`,
    descending: `(${first} desc, ref)`,
    partial: `(${first}) where ref is not null and ${first} is not null`,
    expression: `((ref + 1), ${first})`,
    include: `(ref) include (${first})`,
  };
  return [`create index ${name}_i on s.${name} ${texts[index]};`];
}

function referenceOf(name: string, table: TableSpec, { name: target, table: other }: Named): string[] {
  const isNumber = other.id !== 'uuid';
  if (!table.references || !other.key || !isNumber || (other.unlogged && !table.unlogged)) {
    return [];
  }
  const how = { plain: '', cascade: ' on delete cascade', deferred: ' deferrable initially deferred' }[
    table.references
  ];
  return [
    `alter table s.${name} add constraint ${name}_fk foreign key (ref) references s.${target} (id)${how};`,
  ];
}

function heirOf({ heir }: SchemaSpec, parent: Named | undefined): string[] {
  return heir && parent
    ? [
        // Its name says whose it is: a change of parents is one that statements cannot make whole.
        `create table s.heir_${parent.name} (own integer) inherits (s.${parent.name});`,
        ...(heir === 'own default' ? [`alter table s.heir_${parent.name} alter ref set default 7;`] : []),
      ]
    : [];
}

function partitionedOf({ partitioned }: SchemaSpec): string[] {
  if (!partitioned) {
    return [];
  }
  const { by, parts, key, index, column, isNamedOtherwise, ownDefault } = partitioned;
  const bounds = {
    first: by === 'range' ? "from ('a') to ('m')" : "in ('a', 'b')",
    second: by === 'range' ? "from ('m') to ('z')" : "in ('c')",
  };
  return [
    `create table s.p (k text not null, n integer default 1${column ? `, c ${column}` : ''}${key ? ', primary key (k)' : ''}) partition by ${by} (k);`,
    ...parts.map(
      (part) =>
        `create table s.p_${part} partition of s.p ${part === 'default' ? 'default' : `for values ${bounds[part]}`};`,
    ),
    ...(index ? ['create index p_n on s.p (n);'] : []),
    ...(index && isNamedOtherwise && parts[0]
      ? [`alter index s.p_${parts[0]}_n_idx rename to other_name;`]
      : []),
    ...(ownDefault && parts[0] ? [`alter table s.p_${parts[0]} alter n set default 9;`] : []),
  ];
}

function viewsOf(
  { view, viewOnView, materialized }: SchemaSpec,
  [first, second]: readonly Named[],
): string[] {
  const has = (one: Named, columns: readonly string[]): string[] =>
    columns.filter((column) => one.table.order.includes(column));
  return [
    ...(view && first
      ? [
          `create view s.v${view.barrier ? ' with (security_barrier = true)' : ''} as select ${['id', ...has(first, view.columns)].join(', ')} from s.${first.name}${view.where ? ' where ref > 1' : ''};`,
          ...(view.comment ? ["comment on view s.v is 'Seen'; comment on column s.v.id is 'Which';"] : []),
          ...(viewOnView
            ? [
                'create view s.w as select v.id, count(*) as n from s.v v group by v.id; grant select on s.w to public;',
              ]
            : []),
        ]
      : []),
    ...(materialized && second
      ? [
          `create materialized view s.m as select ${['ref', ...has(second, materialized.columns)].join(', ')} from s.${second.name} with no data;`,
          ...(materialized.index ? ['create index m_ref on s.m (ref);'] : []),
        ]
      : []),
  ];
}

function rowRoutineOf({ rowRoutine }: SchemaSpec, [first]: readonly Named[]): string[] {
  if (!rowRoutine || !first) {
    return [];
  }
  return rowRoutine === 'setof'
    ? [
        `create function s.rows_of() returns setof s.${first.name} language sql stable as $$ select * from s.${first.name} $$;`,
      ]
    : [
        `create function s.rows_of() returns bigint language sql stable begin atomic select max(ref) from s.${first.name}; end;`,
      ];
}

function publicationOf({ published }: SchemaSpec, [first]: readonly Named[]): string[] {
  if (!published || !first || (published !== 'all' && first.table.unlogged)) {
    return [];
  }
  const what = {
    all: 'all tables',
    one: `table s.${first.name}`,
    columns: `table only s.${first.name} (id, ref) where (ref > 1)`,
  }[published];
  return [`create publication changes for ${what};`];
}
