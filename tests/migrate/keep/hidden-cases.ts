/** Traps by hand: what the text of a statement does not show. */
import type { KeptCase } from './kept-case.js';

const ITEMS = `
  create table items (id integer primary key, name text);
  insert into items values (1, 'Ada'), (2, 'bob'), (3, 'Cy');`;

const PURGE = `${ITEMS}
  create function purge() returns bigint language sql as
    'with gone as (delete from items where id > 1 returning 1) select count(*) from gone';`;

const NUMBERED = `
  create table s (id serial primary key, n integer);
  insert into s (n) select i from generate_series(1, 30) as i;
  delete from s where id > 5;`;

const AT_30 = { 'select last_value, is_called from s_id_seq': ['(30,t)'] };

export const HIDDEN_CASES: readonly KeptCase[] = [
  {
    name: 'a function in a table that is made from a query',
    before: PURGE,
    up: 'create table counted as select purge() as n;',
    down: 'drop table counted;',
  },
  {
    name: 'a function behind explain analyze, and behind a view',
    before: `${PURGE} create view purged as select purge() as n;`,
    up: 'explain analyze select purge(); select * from purged;',
    down: 'select 1;',
  },
  {
    name: 'a function beside a sequence that is set',
    before: `${PURGE} create sequence q;`,
    up: "select setval('q', 5), purge();",
    down: 'select 1;',
  },
  {
    name: 'a function of the application that is named like a harmless one',
    before: `${ITEMS} create schema app;
      create function app.now() returns bigint language sql as
        'with gone as (delete from items where id > 1 returning 1) select count(*) from gone';`,
    up: 'select app.now();',
    down: 'select 1;',
  },
  {
    name: 'a function that calls itself stable, and calls one that is not',
    before: `${PURGE} create function calm() returns bigint stable language plpgsql as 'begin return purge(); end';`,
    up: 'select calm();',
    down: 'select 1;',
  },
  {
    name: 'a function in the default of a new column',
    before: `${PURGE} create table t (id integer primary key); insert into t values (1);`,
    up: 'alter table t add column n bigint default purge();',
    down: 'alter table t drop column n;',
  },
  {
    name: 'a trigger that fires at the end of the transaction, beside an update',
    before: `${ITEMS} create table log (id integer primary key);
      create function tidy() returns trigger language plpgsql as $$ begin
        delete from items where id = 2; return null; end $$;
      create constraint trigger tidy after insert on log deferrable initially deferred
        for each row execute function tidy();`,
    up: 'update items set name = upper(name); insert into log values (1);',
    down: 'delete from log;',
  },
  {
    name: 'a row whose place is refused only at the end of the transaction stays kept',
    before: `create table p (id integer primary key);
      create table c (id integer primary key, p integer references p deferrable initially deferred);
      insert into p values (1), (2); insert into c values (1, 1), (2, 2)`,
    up: 'delete from c;',
    meanwhile: 'delete from p where id = 1',
    down: 'insert into c values (9, 2); delete from c where id = 9;',
    afterDown: { 'select * from c': ['(2,2)'] },
    left: ['rows c 1'],
  },
  {
    name: 'a sequence that is set back by a query',
    before: NUMBERED,
    up: "select setval(pg_get_serial_sequence('s', 'id'), max(id)) from s;",
    down: 'select 1;',
    afterDown: AT_30,
  },
  {
    name: 'a sequence that a block sets back, with rows that it deletes',
    before: NUMBERED,
    up: "do $$ begin delete from s where id = 5; perform setval('s_id_seq', 4); end $$;",
    down: 'select 1;',
    afterDown: { ...AT_30, 'select count(*) from s': ['(5)'] },
  },
  {
    name: 'an identity that is started again',
    before: `create table s (id integer generated always as identity primary key, n integer);
      insert into s (n) select i from generate_series(1, 30) as i; delete from s where id > 5;`,
    up: 'alter table s alter column id restart with 6;',
    down: 'select 1;',
    afterDown: AT_30,
  },
  {
    name: 'names that an earlier transaction of the script has changed',
    before: ITEMS,
    up: `alter table items rename to people; alter table people rename column name to label;
      create index concurrently people_id on people (id);
      update people set label = upper(label); alter table people drop column label;`,
    down: `alter table people add column label text; drop index concurrently people_id;
      alter table people rename column label to name; alter table people rename to items;`,
  },
  {
    name: 'a table that an earlier transaction of the script has made',
    before: ITEMS,
    up: `create table copies as select * from items; create index concurrently copies_name on copies (name);
      update copies set name = upper(name); create table more as select * from copies; drop table more;`,
    down: 'drop table copies;',
  },
  {
    name: 'an attribute of a composite type that columns are made of',
    before: `create type pair as (a integer, b text); create domain twin as pair;
      create table t (id integer primary key, c pair, cs pair[], d twin);
      insert into t values (1, '(1,x)', '{"(2,y)"}', '(3,z)'), (2, '(4,u)', null, null)`,
    up: 'alter type pair drop attribute b;',
    meanwhile: "update t set c = '(9)' where id = 2",
    down: 'alter type pair add attribute b text;',
    afterDown: { 'select c, cs, d from t order by id': [`("(1,x)","{""(2,y)""}","(3,z)")`, '("(9,)",,)'] },
    left: ['rows t 1'],
  },
  {
    name: 'an attribute of a composite type that a block drops, and an update with it',
    before: `create type pair as (a integer, b text); create table t (id integer primary key, c pair, n integer);
      insert into t values (1, '(1,x)', 1), (2, '(4,u)', 2)`,
    up: 'do $$ begin update t set n = n + 1 where id = 1; alter type pair drop attribute b; end $$;',
    down: 'alter type pair add attribute b text;',
  },
  {
    name: 'a dropped column whose place a generated one takes, with writes to what it is made of',
    before:
      'create table t (id integer primary key, a integer, b integer); insert into t values (1, 1, 100), (2, 2, 200)',
    up: `alter table t drop column b;
      alter table t add column b integer generated always as (a * 2) stored;`,
    meanwhile: 'update t set a = 5 where id = 1',
    down: 'alter table t drop column b; alter table t add column b integer;',
    afterDown: { 'select id, a, b from t order by id': ['(1,5,100)', '(2,2,200)'] },
  },
  {
    name: 'a trigger behind an insert that empties another table',
    before: `${ITEMS} create table u (id integer);
      create function wipe() returns trigger language plpgsql as $$ begin truncate items; return null; end $$;
      create trigger t after insert on u for each row execute function wipe();`,
    up: 'insert into u values (1);',
    down: 'delete from u;',
  },
  {
    name: 'a function behind an update that empties one table and drops another',
    before: `${ITEMS} create table u (id integer primary key, n integer); insert into u values (1, 1);
      create table gone (id integer primary key); insert into gone values (7);
      create function wipe() returns integer language plpgsql as $$ begin truncate items; drop table gone; return 2; end $$;`,
    up: 'update u set n = wipe();',
    down: 'create table gone (id integer primary key);',
  },
];
