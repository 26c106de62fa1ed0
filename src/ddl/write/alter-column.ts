/** What turns a column into another one in place. */
import type { Column, Identity, Table } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { bare, bareType, standardStorage } from './column.js';
import { madeName, sequenceName } from './default-name.js';
import { lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';
import { foreignOptionChanges, optionChanges } from './options.js';
import { identityClause, settingChanges } from './sequence.js';

export interface ColumnChange {
  readonly table: Table;
  readonly before: Column;
  readonly now: Column;
  readonly major: number;
  /** Its type is made anew: the column must be written over even if the type's name is the same. */
  readonly isRetyped: boolean;
  /** What is left out because a change of the parent's column does it. */
  readonly isCarried: (property: keyof Column) => boolean;
  /** It has partitions or heirs, which keep their own settings. */
  readonly hasChildren: boolean;
  /** Names of not-null constraints count. */
  readonly exact: boolean;
}

/** Whether PostgreSQL has statements for it; otherwise the column is dropped and added again. */
export function canAlterColumn(then: Column, now: Column, major: number): boolean {
  const [old, young] = [then.generated, now.generated];
  if (!old && !young) {
    return true;
  }
  if (!old || (young && young.storage !== old.storage)) {
    return false;
  }
  if (!young) {
    return old.storage === 'stored';
  }
  return old.expression === young.expression || major >= EXPRESSIONS_CHANGE_SINCE;
}

/** `alter column … set expression` came with this version. */
const EXPRESSIONS_CHANGE_SINCE = 17;

export function alterColumn(change: ColumnChange): string[] {
  const { table, before: then, now, isCarried } = change;
  const kind = table.foreign ? 'foreign table' : 'table';
  const alter = (clause: string): string =>
    `alter ${kind} ${nameOf(table)}\n  alter column ${quoteIdentifier(now.name)} ${clause}`;
  const carriedOr = (property: keyof Column, clauses: readonly string[]): string[] =>
    isCarried(property) ? [] : clauses.map(alter);
  const setOnly = (clause: string): string =>
    `alter ${kind} ${change.hasChildren ? 'only ' : ''}${nameOf(table)}\n  alter column ${quoteIdentifier(now.name)} ${clause}`;
  return [
    ...(then.identity && !now.identity ? carriedOr('identity', ['drop identity']) : []),
    ...(then.generated && !now.generated ? carriedOr('generated', ['drop expression']) : []),
    ...carriedOr('type', typeClauses(change)),
    ...notNullStatements(change, kind),
    ...(then.generated && now.generated && then.generated.expression !== now.generated.expression
      ? carriedOr('generated', [`set expression as (${lowerKeywords(bare(now.generated.expression))})`])
      : []),
    ...identityStatements(change, alter),
    ...storageClauses(change).map(setOnly),
    ...(then.compression === now.compression
      ? []
      : [setOnly(`set compression ${now.compression ?? 'default'}`)]),
    ...(then.statisticsTarget === now.statisticsTarget
      ? []
      : [setOnly(`set statistics ${now.statisticsTarget ?? -1}`)]),
    ...optionChanges(then.options, now.options).map(alter),
    ...[foreignOptionChanges(then.foreignOptions, now.foreignOptions)].flatMap((clause) =>
      clause === undefined ? [] : [alter(clause)],
    ),
  ];
}

function typeClauses({ before: then, now, isRetyped }: ColumnChange): string[] {
  if (then.type === now.type && then.collation === now.collation && !isRetyped) {
    return [];
  }
  const collate = now.collation ? ` collate ${now.collation}` : '';
  const using = usingClause(then.type, now.type, isRetyped, now.name);
  return [`type ${now.type}${collate}${using}`];
}

/** The families in which PostgreSQL casts by itself on assignment. */
const FAMILIES: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
  ['text', 'character varying', 'character', 'name', 'public.citext'],
  ['timestamp without time zone', 'timestamp with time zone', 'date'],
  ['time without time zone', 'time with time zone'],
  ['json', 'jsonb'],
  ['inet', 'cidr'],
  ['bit', 'bit varying'],
];

export function isSameFamily(one: string, other: string): boolean {
  const [a, b] = [bareType(one), bareType(other)];
  return a === b || FAMILIES.some((family) => family.includes(a) && family.includes(b));
}

const TEXTS = ['text', 'character varying'];

/** Values go over as they are, by the cast between the types, or by their text where there may be no such cast. */
function usingClause(then: string, now: string, isRetyped: boolean, column: string): string {
  if (!isRetyped && (isSameFamily(then, now) || TEXTS.includes(bareType(now)))) {
    return '';
  }
  const name = quoteIdentifier(column);
  return TEXTS.includes(bareType(then)) && !isRetyped
    ? `\n  using ${name}::${now}`
    : `\n  using ${name}::text::${now}`;
}

function notNullStatements(
  { table, before: then, now, major, isCarried, exact }: ColumnChange,
  kind: string,
): string[] {
  const alter = `alter ${kind} ${nameOf(table)}\n  `;
  const column = quoteIdentifier(now.name);
  const [old, young] = [then.notNullConstraint, now.notNullConstraint];
  const nameIn = (constraint: typeof old): string =>
    quoteIdentifier(constraint?.name ?? madeName(table.name, now.name, 'not_null'));
  if (isCarried('notNull')) {
    return [];
  }
  if (!now.notNull) {
    return then.notNull ? [`${alter}alter column ${column} drop not null`] : [];
  }
  if (!then.notNull) {
    return [addedNotNull(now, alter, column, nameIn(young), major)];
  }
  if (major < 18) {
    return [];
  }
  return [
    ...(exact && old?.name !== young?.name
      ? [`${alter}rename constraint ${nameIn(old)} to ${nameIn(young)}`]
      : []),
    ...(old?.noInherit === young?.noInherit
      ? []
      : [
          `${alter}alter constraint ${nameIn(exact ? young : old)} ${young?.noInherit ? 'no inherit' : 'inherit'}`,
        ]),
    ...(old?.notValid && !young?.notValid
      ? [`${alter}validate constraint ${nameIn(exact ? young : old)}`]
      : []),
    ...(!old?.notValid && young?.notValid
      ? [
          `${alter}alter column ${column} drop not null`,
          addedNotNull(now, alter, column, nameIn(young), major),
        ]
      : []),
  ];
}

function addedNotNull(now: Column, alter: string, column: string, name: string, major: number): string {
  const constraint = now.notNullConstraint;
  if (major < 18 || !constraint || !(constraint.name || constraint.noInherit || constraint.notValid)) {
    return `${alter}alter column ${column} set not null`;
  }
  const tail = `${constraint.noInherit ? ' no inherit' : ''}${constraint.notValid ? ' not valid' : ''}`;
  return `${alter}add constraint ${name} not null ${column}${tail}`;
}

function identityStatements(
  { table, before: then, now, isCarried }: ColumnChange,
  alter: (clause: string) => string,
): string[] {
  if (!now.identity || isCarried('identity')) {
    return [];
  }
  if (!then.identity) {
    const isNamed = now.identity.sequence !== sequenceName(table.name, now.name);
    return [
      alter(`add ${identityClause(now.identity, isNamed, table.schema)}`),
      ...identitySequence(table, now, then.type),
    ];
  }
  return alteredIdentity(table, then.identity, { ...now, identity: now.identity }, alter, then);
}

/** A sequence takes the type of its column when it is made, and can be given another. */
function identitySequence(table: Table, { identity }: Column, _type: string): string[] {
  return identity?.type
    ? [`alter sequence ${qualifiedName(table.schema, identity.sequence)} as ${identity.type}`]
    : [];
}

function alteredIdentity(
  table: Table,
  then: Identity,
  { identity: now, type }: Column & { readonly identity: Identity },
  alter: (clause: string) => string,
  before: Column,
): string[] {
  const types = [then.type ?? before.type, now.type ?? type];
  const [thenType, nowType] = types as [string, string];
  // Changing the column's type has changed the sequence's as well.
  const typeNow = before.type === type ? thenType : type;
  const changes = settingChanges({ ...then, type: thenType }, { ...now, type: nowType }).filter(
    (change) => !(change.startsWith('as ') && typeNow === nowType),
  );
  const sequence = qualifiedName(table.schema, now.sequence);
  const isTypeChanged = changes.some((change) => change.startsWith('as '));
  return [
    ...(then.sequence === now.sequence
      ? []
      : [
          `alter sequence ${qualifiedName(table.schema, then.sequence)}\n  rename to ${quoteIdentifier(now.sequence)}`,
        ]),
    ...(then.generation === now.generation ? [] : [alter(`set generated ${now.generation}`)]),
    ...(changes.length === 0
      ? []
      : isTypeChanged
        ? [`alter sequence ${sequence}\n  ${changes.join('\n  ')}`]
        : [alter(changes.map((change) => `set ${change}`).join(' '))]),
  ];
}

/** A column takes the storage and compression of its type when that changes. */
function keptSettings({ before, now, isRetyped }: ColumnChange): Pick<Column, 'storage' | 'compression'> {
  const isRewritten = before.type !== now.type || before.collation !== now.collation || isRetyped;
  return isRewritten ? {} : before;
}

function storageClauses(change: ColumnChange): string[] {
  const { now, major } = change;
  return keptSettings(change).storage === now.storage
    ? []
    : [`set storage ${now.storage ?? standardStorage(now.type, major)}`];
}
