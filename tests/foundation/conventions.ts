/** The conventions of docs/conventions.md as rules over a schema model, by the names of their lint rules. */
import type { Constraint, SchemaModel, Table, TableIndex } from '../../src/schema/index.js';
import { quoteIdentifier } from '../../src/sql/index.js';

/** Says what breaks the rule, one text a place; nothing where all is well. */
export type Convention = (model: SchemaModel) => readonly string[];

type OnTable = (table: Table, model: SchemaModel) => readonly string[];

export const CONVENTIONS: Readonly<Record<string, Convention>> = {
  'quoted-or-reserved-identifier': (model) => namesIn(model).filter((name) => quoteIdentifier(name) !== name),
  'identifier-too-long': (model) => namesIn(model).filter((name) => Buffer.byteLength(name) > 60),
  'table-name-plural': onTables(({ name }) =>
    name.split('_').some((word) => word.endsWith('s')) ? [] : [name],
  ),
  'column-prefix': onTables(({ name, columns }) =>
    columns
      .map((column) => column.name)
      .filter((column) => column.startsWith(`${name.replace(/s$/, '')}_`))
      .map((column) => `${name}.${column}`),
  ),
  'reference-name': onTables(({ name, columns, constraints }) =>
    foreignKeysOf(constraints)
      .map((key) => key.columns.at(-1)!)
      .filter(
        (column) =>
          !/_id$/.test(column) && columns.some((each) => each.name === column && /uuid|int/.test(each.type)),
      )
      .map((column) => `${name}.${column}`),
  ),
  'prefer-timestamp-tz': onColumns(({ type }) => /^timestamp(\(\d\))? without|^time with/.test(type)),
  'time-name': onColumns(
    ({ name, type }) =>
      /^timestamp/.test(type) && !/(_at|_from|_to|_start|_end|_time|_until|^bucket.*|_period)$/.test(name),
  ),
  'boolean-name': onColumns(({ name, type }) => type === 'boolean' && /^(is|has|deleted)_?/.test(name)),
  'prefer-text-field': onColumns(({ type }) => /^character varying/.test(type)),
  'ban-char-field': onColumns(({ type }) => /^character(\(|$)/.test(type)),
  'prefer-jsonb': onColumns(({ type }) => type === 'json'),
  'ban-money': onColumns(({ type }) => /^money/.test(type)),
  'ban-float': onColumns(({ type }) => /^(real|double precision)/.test(type)),
  'creating-enum': ({ types }) => types.filter(({ kind }) => kind === 'enum').map(({ name }) => name),
  'prefer-identity': onColumns((column) => /nextval/.test(column.default ?? '')),
  'prefer-bigint-over-int': onColumns(
    (column) =>
      column.type !== 'bigint' && (column.identity !== undefined || /nextval/.test(column.default ?? '')),
  ),
  'unnamed-constraint': onTables(({ name, constraints, indexes }) => [
    ...constraints
      .filter((constraint) => !isNamed(constraint.name, name, SUFFIXES[constraint.kind]))
      .map((constraint) => constraint.name),
    ...indexes
      .filter(({ constraint }) => constraint === undefined)
      .filter((index) => !isNamed(index.name, name, index.unique ? ['key', 'idx'] : ['idx']))
      .map((index) => index.name),
  ]),
  'comment-missing': (model) => [
    ...onTables(({ name, comment, columns, indexes, triggers }) => [
      ...(comment ? [] : [name]),
      ...columns.filter((column) => !column.comment).map((column) => `${name}.${column.name}`),
      ...indexes
        .filter((index) => !index.comment && index.constraint === undefined)
        .map((index) => index.name),
      ...triggers.filter((trigger) => !trigger.comment).map((trigger) => `${name}.${trigger.name}`),
    ])(model),
    ...model.routines.filter(({ comment }) => !comment).map(({ name }) => name),
    ...model.views.filter(({ comment }) => !comment).map(({ name }) => name),
  ],
  'soft-delete-column': onColumns(
    ({ name, type, notNull }) =>
      (name === 'deleted_at' && (type !== 'timestamp with time zone' || notNull === true)) ||
      /^(is_)?deleted$/.test(name),
  ),
  'soft-delete-unique': onTables(({ columns, indexes, constraints }) =>
    columns.some(({ name }) => name === 'deleted_at')
      ? indexes
          .filter(({ unique, predicate }) => unique && !/deleted_at IS NULL/.test(predicate ?? ''))
          .filter((index) => !isKeyOfRows(index, constraints))
          .map(({ name }) => name)
      : [],
  ),
  'no-on-delete-cascade': onTables(({ constraints }) =>
    foreignKeysOf(constraints)
      .filter(({ onDelete, comment }) => onDelete && onDelete !== 'restrict' && !comment)
      .map(({ name }) => name),
  ),
  'sensitive-columns-exposed': onTables(({ name, columns }) =>
    columns
      .filter((column) => SECRET.test(column.name) && !PROTECTED.test(column.name))
      .filter(({ type }) => /^(text|bytea|character|jsonb?)/.test(type))
      .map((column) => `${name}.${column.name}`),
  ),
  'secret-hash': onTables(({ name, columns, constraints }) =>
    columns
      .filter((column) => SECRET_HASH.test(column.name))
      .filter(({ name: hash, type }) => type !== 'bytea' || !hasLengthCheck(hash, constraints))
      .map((column) => `${name}.${column.name}`),
  ),
  'no-primary-key': onTables(({ name, constraints }) =>
    constraints.some(
      (constraint) =>
        constraint.kind === 'primary key' || (constraint.kind === 'unique' && constraint.nullsNotDistinct),
    )
      ? []
      : [name],
  ),
  'unindexed-foreign-keys': onTables(({ constraints, indexes }) =>
    foreignKeysOf(constraints)
      .filter(({ columns }) => !indexes.some((index) => begins(index, columns)))
      .map(({ name }) => name),
  ),
  'redundant-index': onTables(({ indexes }) =>
    indexes
      .filter((index) => !index.unique && indexes.some((other) => other !== index && covers(other, index)))
      .map(({ name }) => name),
  ),
  'wide-index': onTables(({ indexes }) =>
    indexes
      .filter(({ keys, constraint }) => keys.length > 5 && constraint === undefined)
      .map(({ name }) => name),
  ),
  'tenant-key-leads': onTables(({ columns, indexes }) =>
    columns.some(({ name, notNull }) => name === TENANT && notNull)
      ? indexes
          .filter(({ method, unique }) => method === 'btree' && unique)
          .filter(({ keys }) => keys[0]?.column !== TENANT)
          .map(({ name }) => name)
      : [],
  ),
  'function-search-path-mutable': ({ routines }) =>
    routines
      .filter(
        ({ securityDefiner, configuration = [] }) =>
          securityDefiner && !configuration.some((set) => set.startsWith('search_path=')),
      )
      .map(({ name }) => name),
  'public-privileges': ({ tables }) =>
    tables
      .filter(({ grants = [] }) => grants.some(({ grantee }) => grantee === 'public'))
      .map(({ name }) => name),
};

const TENANT = 'organization_id';
const SECRET = /(^|_)(password|secret|token|api_key|private_key|credential)s?($|_)/;
const SECRET_HASH = /(password|secret|token|key)_hash$/;
const PROTECTED =
  /(_hash|_prefix|_ciphertext|_nonce|_id|_count|_at|_tokens?|tokens_.*)$|^(input|output|cached?|total|reasoning).*tokens?/;

const SUFFIXES: Readonly<Record<Constraint['kind'], readonly string[]>> = {
  'primary key': ['pkey'],
  unique: ['key'],
  'foreign key': ['fkey'],
  check: ['check'],
  exclusion: ['excl'],
};

/** Partitions are named after their table by what makes them. */
function onTables(rule: OnTable): Convention {
  return (model) =>
    model.tables
      .filter(({ partitionOf }) => partitionOf === undefined)
      .flatMap((table) => rule(table, model));
}

function onColumns(isBad: (column: Table['columns'][number]) => boolean): Convention {
  return onTables(({ name, columns }) => columns.filter(isBad).map((column) => `${name}.${column.name}`));
}

function namesIn({ tables, routines, views, types }: SchemaModel): readonly string[] {
  return [
    ...tables.flatMap(({ name, columns, constraints, indexes, triggers }) => [
      name,
      ...[...columns, ...constraints, ...indexes, ...triggers].map((part) => part.name),
    ]),
    ...[...routines, ...views, ...types].map(({ name }) => name),
  ];
}

function isNamed(name: string, table: string, suffixes: readonly string[]): boolean {
  return name.startsWith(`${table}_`) && suffixes.some((suffix) => name.endsWith(`_${suffix}`));
}

function foreignKeysOf(constraints: readonly Constraint[]) {
  return constraints.filter((constraint) => constraint.kind === 'foreign key');
}

/** The index begins with these columns, in whatever order, and leaves out no row that refers to another. */
function begins({ keys, predicate }: TableIndex, columns: readonly string[]): boolean {
  const first = keys.slice(0, columns.length).map(({ column }) => column);
  const isComplete =
    predicate === undefined || columns.some((column) => predicate === `(${column} IS NOT NULL)`);
  return isComplete && columns.every((column) => first.includes(column));
}

function hasLengthCheck(column: string, constraints: readonly Constraint[]): boolean {
  return constraints.some(
    (each) => each.kind === 'check' && each.columns.includes(column) && /length/.test(each.expression),
  );
}

/** Every question that the second index answers the first answers too. */
function covers(wide: TableIndex, narrow: TableIndex): boolean {
  return (
    wide.method === narrow.method &&
    wide.predicate === narrow.predicate &&
    narrow.include === undefined &&
    wide.keys.length >= narrow.keys.length &&
    narrow.keys.every((key, place) => JSON.stringify(key) === JSON.stringify(wide.keys[place]))
  );
}

/** The key that other rows refer to, by which deleted ones are found too. */
function isKeyOfRows({ constraint, keys }: TableIndex, constraints: readonly Constraint[]): boolean {
  const owner = constraints.find(({ name }) => name === constraint);
  return owner?.kind === 'primary key' || keys.some(({ column }) => column === 'id');
}

/** What breaks a rule on purpose, by rule and place, and why. */
export const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'prefer-bigint-over-int': {
    'models.id': 'Four bytes in each event and rollup; two billion models are enough.',
  },
  'no-on-delete-cascade': {
    api_keys_created_by_user_id_fkey:
      'A program must not stop because the person who made its key is erased.',
    usage_rejects_batch_id_fkey: 'Refused rows are part of their import and mean nothing without it.',
  },
};
