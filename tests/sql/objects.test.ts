import { beforeAll, describe, expect, test } from 'vitest';
import {
  loadParser,
  type ObjectUse,
  parseStatement,
  type StatementObjects,
  statementObjects,
} from '../../src/sql/index.js';

beforeAll(loadParser);

function objectsOf(sql: string): StatementObjects {
  const outcome = parseStatement(sql);
  if (outcome.kind !== 'parsed') {
    throw new Error(outcome.message);
  }
  return statementObjects(outcome.node);
}

/** `drop column app.users.email cascade` and the like. */
function inWords({ action, kind, schema, name, of, newName, newSchema, ...flags }: ObjectUse): string {
  const owner = of ? [of.schema, of.name] : [schema];
  const words = Object.entries(flags).flatMap(([flag, isSet]) => (isSet ? [flag] : []));
  const target = newName ?? (newSchema && `${newSchema}.`);
  return [
    action,
    kind,
    [...owner, name].filter(Boolean).join('.'),
    ...(target ? ['to', target] : []),
    ...words,
  ].join(' ');
}

describe('the objects of a statement', () => {
  test.each<[sql: string, ...uses: string[]]>([
    [
      'create table app.users (id int references other, foreign key (id) references app.third)',
      'create table app.users',
      'refer table other',
      'refer table app.third',
    ],
    [
      'create table if not exists a (like b) inherits (c)',
      'create table a conditional',
      'refer table c',
      'refer relation b',
    ],
    ['create table p1 partition of p default', 'create table p1', 'refer table p'],
    ['create table a as select * from b', 'create table a', 'read relation b'],
    ['select * into a from b', 'create table a', 'read relation b'],
    ['create materialized view m as select * from a', 'create materialized view m', 'read relation a'],
    ['create or replace view v as select * from a', 'create view v replaces', 'read relation a'],
    [
      'create index concurrently if not exists i on app.t (c)',
      'create index app.t.i concurrently conditional',
      'refer table app.t',
    ],
    ['create sequence if not exists app.s', 'create sequence app.s conditional'],
    ['create schema s create table t (id int)', 'create schema s', 'create table t'],
    ['create extension if not exists pgcrypto', 'create extension pgcrypto conditional'],
    ['create trigger x before insert on t execute function f()', 'create trigger t.x', 'refer table t'],
    ['create policy p on app.t', 'create policy app.t.p', 'refer table app.t'],
    ['create rule r as on insert to t do also delete from u', 'create rule t.r', 'refer relation t'],
    ["create type app.mood as enum ('a')", 'create type app.mood'],
    ['create publication p for table t', 'create publication p', 'refer table t'],
    [
      'alter table app.t add column if not exists c int references u, drop column d cascade, alter column e type text, add constraint k check (true), drop constraint if exists l, validate constraint m',
      'alter table app.t',
      'create column app.t.c conditional',
      'refer table u',
      'drop column app.t.d cascade',
      'alter column app.t.e',
      'create constraint app.t.k',
      'drop constraint app.t.l conditional',
      'alter constraint app.t.m',
    ],
    ['alter table if exists p attach partition q default', 'alter table p conditional', 'alter table q'],
    ['alter index i rename to j', 'rename index i to j'],
    ['alter table t rename to u', 'rename table t to u'],
    ['alter table t rename a to b', 'rename column t.a to b'],
    ['alter table t rename constraint a to b', 'rename constraint t.a to b'],
    ['alter type mood rename to feeling', 'rename type mood to feeling'],
    ['alter schema a rename to b', 'rename schema a to b'],
    ['alter domain d rename constraint a to b', 'rename constraint d.a to b'],
    ['alter table t set schema app', 'alter table t to app.'],
    ['alter function f(int) set schema app', 'alter function f to app.'],
    ["alter type app.mood add value if not exists 'x'", 'alter type app.mood conditional'],
    [
      'drop table if exists app.a, b cascade',
      'drop table app.a conditional cascade',
      'drop table b conditional cascade',
    ],
    ['drop index concurrently app.i', 'drop index app.i concurrently'],
    ['drop trigger x on app.t', 'drop trigger app.t.x'],
    ['drop function app.f(int), g()', 'drop function app.f', 'drop function g'],
    ['drop type app.mood', 'drop type app.mood'],
    ['drop schema a cascade', 'drop schema a cascade'],
    ['drop materialized view m', 'drop materialized view m'],
    ["comment on column app.t.c is 'x'", 'alter column app.t.c'],
    ['grant select on app.t to public', 'alter table app.t'],
    ['truncate a, b cascade', 'write table a cascade', 'write table b cascade'],
    ['copy t from stdin', 'write relation t'],
    ['copy t to stdout', 'read relation t'],
    ['refresh materialized view concurrently m', 'write materialized view m concurrently'],
  ])('%s', (sql, ...uses) => {
    expect(objectsOf(sql).uses.map(inWords)).toEqual(uses);
  });

  test.each<[sql: string, ...uses: string[]]>([
    ['select * from a join app.b on true where exists (select from c)', 'read a', 'read app.b', 'read c'],
    ['with a as (select * from b) select * from a', 'read b'],
    ['with a as (select * from b) select * from app.a', 'read b', 'read app.a'],
    ['with a as (select * from a) select * from a', 'read a'],
    ['with recursive a as (select 1 union select * from a) select * from a'],
    ['with a as (select 1), b as (select * from a) select * from b, c', 'read c'],
    ['select (with a as (select * from b) select 1 from a) from a', 'read b', 'read a'],
    ['select 1 from a union (select 2 from b except select 3 from c)', 'read a', 'read b', 'read c'],
    ['insert into a select * from b on conflict do nothing', 'write a', 'read b'],
    ['update a set x = (select max(y) from b) from c', 'write a', 'read b', 'read c'],
    ['delete from a using b where a.id = b.id', 'write a', 'read b'],
    ['merge into a using b on true when matched then delete', 'write a', 'read b'],
    ['with gone as (delete from a returning *) insert into b select * from gone', 'write a', 'write b'],
    ['explain analyze delete from a', 'write a'],
    ['table a', 'read a'],
    ['select * from generate_series(1, 2) as a, lateral (select * from b where b.x = a) as c', 'read b'],
  ])('in queries: %s', (sql, ...uses) => {
    const rows = objectsOf(sql).uses.map(
      ({ action, schema, name }) => `${action} ${[schema, name].filter(Boolean).join('.')}`,
    );
    expect(rows.toSorted()).toEqual(uses.toSorted());
  });

  test.each([
    ['do $$ begin end $$', 'do block'],
    ["create function f() returns int language sql as 'select 1'", 'function body'],
    ['create function f() returns int begin atomic select 1; end', undefined],
    ['call p()', 'procedure call'],
    ['execute q', 'prepared statement'],
    ['select 1', undefined],
  ])('says what it did not look into: %s', (sql, opaque) => {
    expect(objectsOf(sql).opaque).toBe(opaque);
  });
});
