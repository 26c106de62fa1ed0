/** Traps by hand: what a migration may do to data, one case each. */
import type { KeptCase } from './kept-case.js';

const USERS = `
  create table users (id integer primary key, name text not null, phone text);
  insert into users values (1, 'ada', '111'), (2, 'bob', '222'), (3, 'cy', null);`;

export const DROP_CASES: readonly KeptCase[] = [
  {
    name: 'a dropped column that was filled, and a rollback that adds it again (the shape that a leading tool loses)',
    before: USERS,
    up: 'alter table users drop column phone;',
    down: 'alter table users add column phone text; create index stray on users (phone);',
  },
  {
    name: 'a dropped column, a default where it comes back: what was null is null again',
    before: USERS,
    up: 'alter table users drop column phone;',
    down: "alter table users add column phone text default 'none';",
  },
  {
    name: 'an added column that people have filled',
    before: USERS,
    up: 'alter table users add column email text;',
    meanwhile: "update users set email = name || '@example.org'",
    down: 'alter table users drop column email;',
  },
  {
    name: 'rows that were deleted and added while the column was away',
    before: USERS,
    up: 'alter table users drop column phone;',
    meanwhile: "delete from users where id = 1; insert into users values (4, 'dee')",
    down: 'alter table users add column phone text;',
    afterDown: { 'select * from users order by id': ['(2,bob,222)', '(3,cy,)', '(4,dee,)'] },
    afterReapply: { 'select * from users order by id': ['(2,bob)', '(3,cy)', '(4,dee)'] },
    left: ['column users 1'],
  },
  {
    name: 'a column dropped from a table without a key, whose rows are in part alike',
    before: `create table t (a integer, b text);
      insert into t values (1, 'x'), (1, 'y'), (1, 'y'), (null, 'z'), (2, null)`,
    up: 'alter table t drop column b;',
    down: 'alter table t add column b text;',
  },
  {
    name: 'the key itself is dropped',
    before: 'create table t (id integer primary key, a text); insert into t values (1, $$x$$), (2, $$y$$)',
    up: 'alter table t drop column id;',
    down: 'alter table t add column id integer;',
    afterDown: { 'select id, a from t order by id': ['(1,x)', '(2,y)'] },
  },
  {
    name: 'a dropped table',
    before: USERS,
    up: 'drop table users;',
    down: 'create table users (id integer primary key, name text not null, phone text);',
  },
  {
    name: 'a table without columns, whose rows are all alike',
    before: 'select 1',
    up: 'create table nothing ();',
    meanwhile: 'insert into nothing default values; insert into nothing default values',
    down: 'drop table nothing;',
    afterReapply: { 'select count(*) from nothing': ['(2)'] },
  },
  {
    name: 'a created table that people have filled',
    before: USERS,
    up: 'create table notes (id bigint generated always as identity primary key, body text);',
    meanwhile: "insert into notes (body) select 'note ' || n from generate_series(1, 20) as n",
    down: 'drop table notes;',
  },
  {
    name: 'a dropped table without a key, whose rows are in part alike',
    before:
      "create table t (a integer, b text); insert into t values (1, 'x'), (1, 'x'), (null, null), (2, 'y')",
    up: 'drop table t;',
    down: 'create table t (a integer, b text);',
  },
  {
    name: 'a rollback that makes the table with rows of its own',
    before:
      "create table kinds (id integer primary key, name text); insert into kinds values (1, 'one'), (2, 'zwei')",
    up: 'drop table kinds;',
    down: "create table kinds (id integer primary key, name text); insert into kinds values (1, 'one'), (2, 'two'), (3, 'three')",
    afterDown: { 'select * from kinds order by id': ['(1,one)', '(2,zwei)', '(3,three)'] },
  },
  {
    name: 'tables with foreign keys, dropped with what hangs on them',
    before: `create table a (id integer primary key, name text);
      create table b (id integer primary key, a_id integer references a, twin integer references b);
      create view names as select name from a;
      insert into a values (1, 'x'), (2, 'y');
      insert into b values (1, 1, 2), (2, 2, 1)`,
    up: 'drop table a cascade; drop table b;',
    down: `create table a (id integer primary key, name text);
      create view names as select name from a;
      create table b (id integer primary key, a_id integer references a, twin integer references b);`,
  },
  {
    name: 'two tables in one statement, the referring one last',
    before: `create table a (id integer primary key); create table b (id integer primary key, a_id integer references a);
      insert into a values (1); insert into b values (1, 1)`,
    up: 'drop table a, b;',
    down: 'create table a (id integer primary key); create table b (id integer primary key, a_id integer references a);',
  },
  {
    name: 'a schema with all that it holds',
    before: `create schema shop;
      create type shop.state as enum ('new', 'paid');
      create table shop.orders (id serial primary key, state shop.state, total numeric(10, 2));
      create function shop.f() returns integer language sql as 'select 1';
      insert into shop.orders (state, total) values ('new', 1.50), ('paid', 2.00)`,
    up: 'drop schema shop cascade;',
    down: `create schema shop; create type shop.state as enum ('new', 'paid');
      create table shop.orders (id serial primary key, state shop.state, total numeric(10, 2));
      create function shop.f() returns integer language sql as 'select 1';`,
  },
  {
    name: 'a table, and then the type of its column',
    before: `create type mood as enum ('sad', 'ok'); create domain tag as text check (value <> '');
      create table t (id integer primary key, m mood, ms mood[], g tag);
      insert into t values (1, 'sad', '{ok,sad}', 'x'), (2, null, null, null)`,
    up: 'drop table t; drop type mood; drop domain tag;',
    down: `create type mood as enum ('sad', 'ok'); create domain tag as text check (value <> '');
      create table t (id integer primary key, m mood, ms mood[], g tag);`,
  },
  {
    name: 'a type with the columns that are of it',
    before: `create type mood as enum ('sad', 'ok'); create table t (id integer primary key, m mood);
      insert into t values (1, 'sad'), (2, 'ok')`,
    up: 'drop type mood cascade;',
    down: "create type mood as enum ('sad', 'ok'); alter table t add column m mood;",
  },
  {
    name: 'a table that the same script renames first',
    before: USERS,
    up: 'alter table users rename to people; alter table people rename column phone to mobile; alter table people drop column mobile;',
    down: 'alter table people add column mobile text; alter table people rename column mobile to phone; alter table people rename to users;',
  },
  {
    name: 'a partitioned table',
    before: `create table m (id integer, at date, v text, primary key (id, at)) partition by range (at);
      create table m1 partition of m for values from ('2026-01-01') to ('2026-02-01');
      create table m2 partition of m for values from ('2026-02-01') to ('2026-03-01');
      insert into m values (1, '2026-01-05', 'x'), (2, '2026-02-05', 'y')`,
    up: 'drop table m;',
    down: `create table m (id integer, at date, v text, primary key (id, at)) partition by range (at);
      create table m1 partition of m for values from ('2026-01-01') to ('2026-02-01');
      create table m2 partition of m for values from ('2026-02-01') to ('2026-03-01');`,
  },
  {
    name: 'a partition that is detached and dropped, and one that is dropped',
    before: `create table m (id integer, at date, v text, primary key (id, at)) partition by range (at);
      create table m1 partition of m for values from ('2026-01-01') to ('2026-02-01');
      create table m2 partition of m for values from ('2026-02-01') to ('2026-03-01');
      insert into m values (1, '2026-01-05', 'x'), (2, '2026-02-05', 'y')`,
    up: 'alter table m detach partition m1; drop table m1; drop table m2;',
    down: `create table m1 partition of m for values from ('2026-01-01') to ('2026-02-01');
      create table m2 partition of m for values from ('2026-02-01') to ('2026-03-01');`,
  },
  {
    name: 'a column of a partitioned table',
    before: `create table m (id integer, at date, v text, primary key (id, at)) partition by range (at);
      create table m1 partition of m for values from ('2026-01-01') to ('2026-02-01');
      create table m2 partition of m for values from ('2026-02-01') to ('2026-03-01');
      insert into m values (1, '2026-01-05', 'x'), (2, '2026-02-05', 'y')`,
    up: 'alter table m drop column v;',
    down: 'alter table m add column v text;',
  },
  {
    name: 'inheriting tables, dropped by cascade',
    before: `create table base (id integer primary key, a text); create table sub (b text) inherits (base);
      insert into base values (1, 'x'); insert into sub values (2, 'y', 'z')`,
    up: 'drop table base cascade;',
    down: 'create table base (id integer primary key, a text); create table sub (b text) inherits (base);',
  },
  {
    name: 'a column of inheriting tables',
    before: `create table base (id integer primary key, a text); create table sub (b text) inherits (base);
      insert into base values (1, 'x'); insert into sub values (2, 'y', 'z'), (2, 'y', 'q')`,
    up: 'alter table base drop column a;',
    down: 'alter table base add column a text;',
    afterDown: {
      'select id, a from only base': ['(1,x)'],
      'select id, a, b from sub order by b': ['(2,y,q)', '(2,y,z)'],
    },
    afterReapply: {
      'select * from only base': ['(1)'],
      'select * from sub order by b': ['(2,q)', '(2,z)'],
    },
  },
  {
    name: 'positions of sequences: serial, identity, and one of its own',
    before: `create table s (id serial primary key, n bigint generated always as identity);
      insert into s select from generate_series(1, 30);
      create sequence apart; select nextval('apart') from generate_series(1, 7)`,
    up: 'drop table s; drop sequence apart;',
    down: 'create table s (id serial primary key, n bigint generated always as identity); create sequence apart;',
    afterDown: {
      'select count(*), max(id), max(n) from s': ['(30,30,30)'],
      'select last_value, is_called from apart': ['(7,t)'],
      'select last_value, is_called from s_id_seq': ['(30,t)'],
      'select last_value, is_called from s_n_seq': ['(30,t)'],
    },
  },
  {
    name: 'a table with generated columns, triggers, policies, rules, statistics and rights',
    before: `create table log (line text);
      create table t (id integer primary key, a integer, b integer generated always as (a * 2) stored);
      create function note() returns trigger language plpgsql as $$ begin insert into log values (new.id::text); return new; end $$;
      create trigger note after insert on t for each row execute function note();
      create policy p on t using (true); alter table t enable row level security;
      create statistics st on id, a from t;
      grant select on t to public;
      insert into t (id, a) values (1, 10), (2, 20); truncate log`,
    up: 'drop table t;',
    down: `create table t (id integer primary key, a integer, b integer generated always as (a * 2) stored);
      create trigger note after insert on t for each row execute function note();`,
  },
  {
    name: 'not null, set behind the restore line',
    before: "create table t (id integer primary key, a text not null); insert into t values (1, 'x')",
    up: 'alter table t drop column a;',
    down: 'alter table t add column a text;\n-- plinth: restore\nalter table t alter column a set not null;',
  },
  {
    name: 'rows changed behind the restore line',
    before:
      "create table t (id integer primary key, a text, n integer); insert into t values (1, 'x', 10), (2, 'y', 20)",
    up: 'alter table t drop column a; update t set n = n * 2;',
    down: 'alter table t add column a text;\n-- plinth: restore\nupdate t set n = n + 1;',
    afterDown: { 'select id, a, n from t order by id': ['(1,x,11)', '(2,y,21)'] },
    afterSecondDown: { 'select id, a, n from t order by id': ['(1,x,12)', '(2,y,22)'] },
  },
  {
    name: 'rows changed and removed behind the restore line, with a row written and one removed meanwhile',
    before:
      "create table t (id integer primary key, a text, n integer); insert into t values (1, 'x', 10), (2, 'y', 20), (3, 'z', 30)",
    up: 'alter table t drop column a; update t set n = n * 2;',
    meanwhile: 'update t set n = 7 where id = 2; delete from t where id = 3; insert into t values (4, 44)',
    down: 'alter table t add column a text;\n-- plinth: restore\nupdate t set n = n + 1; delete from t where id = 1;',
    afterDown: { 'select id, a, n from t order by id': ['(2,y,8)', '(4,,45)'] },
    afterSecondDown: { 'select id, a, n from t order by id': ['(2,y,9)', '(4,,46)'] },
    // Of the row that was removed meanwhile, and the number that was written.
    left: ['column t 1', 'rows t 2'],
  },
  {
    name: 'many rows without a key, alike in all but what is changed, some of which a change of type leaves alone',
    before: `create table t (a integer, b text); insert into t select i % 1000, 'x' || i % 77 from generate_series(1, 2000) as i`,
    up: 'alter table t alter column a type text using case when a % 5 = 0 then a::text else (5000 + a / 2)::text end;',
    down: 'alter table t alter column a type integer using a::integer;',
  },
  {
    name: 'rows without a key whose values in the middle are those of others before, by an update',
    before:
      "create table t (a integer, b text); insert into t select i % 10, 'x' from generate_series(1, 40) as i",
    up: 'update t set a = a / 2;',
    down: 'select 1;',
  },
  {
    name: 'the only column of a table, whose type is changed there and back by other texts',
    before: "create table t (a text); insert into t values ('x'), ('y'), ('x'), (null), ('  z')",
    up: 'alter table t alter column a type jsonb using to_jsonb(a);',
    meanwhile: `insert into t values ('"new"')`,
    down: "alter table t alter column a type text using a #>> '{}';",
    afterDown: { 'select a from t order by a collate "C"': ['("  z")', '(new)', '(x)', '(x)', '(y)', '()'] },
  },
  {
    name: 'partitions of a table that trades its name with one that refers to it',
    before: `create table t (id integer primary key, a text) partition by range (id);
      create table t_low partition of t for values from (minvalue) to (3);
      create table t_rest partition of t default;
      create table u (b text, t_id integer references t on delete set null);
      insert into t values (1, 'x'), (2, 'y'), (5, 'z'); insert into u values ('p', 1), ('q', 5), ('r', null)`,
    up: `alter table u rename to swapped; alter table t rename to u; alter table swapped rename to t;
      truncate u cascade;`,
    down: 'alter table t rename to swapped; alter table u rename to t; alter table swapped rename to u;',
  },
  {
    name: 'rows of a table made anew, changed behind the restore line',
    before: 'create table t (id integer primary key, n integer); insert into t values (1, 10), (2, 20)',
    up: 'drop table t;',
    down: `create table t (id integer primary key, n integer);
      -- plinth: restore
      update t set n = n + 1; delete from t where id = 2;`,
    afterDown: { 'select id, n from t order by id': ['(1,11)'] },
    afterSecondDown: { 'select id, n from t order by id': ['(1,12)'] },
  },
  {
    name: 'rows without a key changed behind the restore line',
    before: 'create table t (a integer, n integer); insert into t values (1, 10), (1, 10), (2, 20)',
    up: 'update t set n = n * 2;',
    down: '-- plinth: restore\nupdate t set n = n + 1;',
    afterDown: { 'select a, n from t order by a': ['(1,11)', '(1,11)', '(2,21)'] },
    afterSecondDown: { 'select a, n from t order by a': ['(1,12)', '(1,12)', '(2,22)'] },
  },
  {
    name: 'all columns of a table without a key moved to others, whose type changes meanwhile',
    before:
      "create table t (a bigint, b timestamptz); insert into t values (1, '2026-01-01'), (2, '2026-01-02 10:00'), (null, null)",
    up: `alter table t add column c timestamptz; update t set c = b; alter table t drop column b;
      alter table t add column d bigint; update t set d = a; alter table t drop column a;`,
    meanwhile: "update t set c = c where d = 1; insert into t values ('2026-01-03', 3)",
    down: `alter table t add column a bigint; update t set a = d; alter table t drop column d;
      alter table t add column b timestamptz; update t set b = c; alter table t drop column c;`,
    afterDown: {
      'select a, b::date from t order by a': ['(1,2026-01-01)', '(2,2026-01-02)', '(3,2026-01-03)', '(,)'],
    },
    afterSecondDown: {
      'select a, b::date from t order by a': ['(1,2026-01-01)', '(2,2026-01-02)', '(3,2026-01-03)', '(,)'],
    },
  },
  {
    name: 'rows without a key that both scripts change',
    before: 'create table t (a integer, n integer); insert into t values (1, 10), (1, 10), (2, 20), (3, 5)',
    up: 'update t set n = n * 2 where a < 3;',
    down: 'update t set n = n + 1; update t set n = n + 1 where a = 2;',
    afterDown: { 'select a, n from t order by a': ['(1,10)', '(1,10)', '(2,20)', '(3,6)'] },
    afterSecondDown: { 'select a, n from t order by a': ['(1,10)', '(1,10)', '(2,20)', '(3,6)'] },
  },
  {
    name: 'rows without a key of which each script changes another value, alike in the middle',
    before:
      "create table t (a text, b text); insert into t values ('Info', 'x'), ('INFO', 'x'), ('info', 'y'), (null, 'x')",
    up: 'update t set a = upper(a);',
    meanwhile: "update t set b = 'w' where b = 'y'; insert into t values ('NEW', 'x')",
    down: 'update t set b = upper(b); update t set a = lower(a);',
    afterDown: {
      'select a, b from t order by 1, 2': ['(Info,X)', '(info,W)', '(info,X)', '(new,X)', '(,X)'],
    },
    left: ['rows t 1'],
  },
  {
    name: 'rows that a constraint of the new table refuses stay kept',
    before:
      'create table t (id integer primary key, a integer); insert into t select n, n from generate_series(1, 50) as n',
    up: 'drop table t;',
    down: 'create table t (id integer primary key, a integer check (a % 10 <> 3));',
    afterDown: { 'select count(*) from t': ['(45)'] },
    left: ['table t 5'],
  },
];
