/** Traps by hand: columns that a block of code drops, and what else it does. */
import type { KeptCase } from './kept-case.js';

const KEYED = `
  create table t (id integer primary key, c integer);
  insert into t values (1, 1), (2, null), (3, 3), (4, null);`;

const KEYLESS = `
  create table t (b integer, a text, c text);
  insert into t values (1, '1', 'x'), (1, null, null), (3, '3', 'y'), (4, null, 'z'), (4, null, null);`;

const CLEARED = { meanwhile: 'update t set d = null where id = 1; update t set d = 7 where id = 2' };

export const BLOCK_CASES: readonly KeptCase[] = [
  {
    name: 'a null over the default of a column that a block drops',
    before: KEYED,
    up: 'alter table t add column d integer default 5;',
    ...CLEARED,
    down: 'do $$ begin alter table t drop column d; end $$;',
  },
  {
    name: 'a null over the default of a column that blocks add and drop',
    before: KEYED,
    up: 'do $$ begin alter table t add column d integer default 5; end $$;',
    ...CLEARED,
    down: 'do $$ begin alter table t drop column d; end $$;',
  },
  {
    name: 'a column that a block drops and adds anew',
    before: KEYED,
    up: 'do $$ begin alter table t drop column c; alter table t add column c text default 5; end $$;',
    down: 'do $$ begin alter table t drop column c; alter table t add column c integer; end $$;',
  },
  {
    name: 'a column that a block drops among deletes and an update',
    before: `${KEYED} alter table t add column b integer;`,
    up: `do $$ begin
      delete from t where id = 3; alter table t drop column c; delete from t where id = 4; update t set b = id;
    end $$;`,
    down: 'do $$ begin alter table t add column c integer default 9; end $$;',
  },
  {
    name: 'an update, and a block that drops the column',
    before: KEYED,
    up: 'update t set c = id; do $$ begin alter table t drop column c; end $$;',
    down: 'alter table t add column c integer default 9;',
  },
  {
    name: 'a block that drops a column, and a delete',
    before: KEYED,
    up: 'do $$ begin alter table t drop column c; end $$; delete from t where id > 2',
    down: 'alter table t add column c integer default 9;',
  },
  {
    name: 'a block that drops a column, and a drop of the table',
    before: KEYED,
    up: 'do $$ begin alter table t drop column c; end $$; drop table t',
    down: 'create table t (id integer primary key, c integer);',
  },
  {
    name: 'rows of the script in a table of which a block drops a column',
    before: KEYED,
    up: `insert into t values (20, 20);
      do $$ begin insert into t values (21, 21); alter table t drop column c; delete from t where id > 19; end $$;`,
    down: 'alter table t add column c integer default 9;',
  },
  {
    name: 'a block that drops the key',
    before: KEYED,
    up: 'do $$ begin alter table t drop column id; end $$;',
    down: 'do $$ begin alter table t add column id integer default 8; end $$;',
  },
  {
    name: 'a block that drops a part of the key',
    before: `create table t (a integer, b integer, c text, primary key (a, b));
      insert into t values (1, 1, 'x'), (1, 2, null), (3, 1, 'y');`,
    up: 'do $$ begin alter table t drop column a; end $$;',
    down: 'do $$ begin alter table t add column a integer default 8; end $$;',
    afterDown: { 'select a, b, c from t order by a, b': ['(1,1,x)', '(1,2,)', '(3,1,y)'] },
  },
  {
    name: 'a block that drops a column of partitions',
    before: `create table t (id integer primary key, c integer) partition by range (id);
      create table t1 partition of t for values from (0) to (5);
      create table t2 partition of t for values from (5) to (50);
      insert into t values (1, 1), (2, null), (6, 6), (7, null);`,
    up: 'do $$ begin alter table t drop column c; end $$;',
    down: 'do $$ begin alter table t add column c integer default 3; end $$;',
  },
  {
    name: 'a block that drops a column of a table without a key, and deletes',
    before: KEYLESS,
    up: 'do $$ begin delete from t where b = 3; alter table t drop column c; delete from t where b = 4; end $$;',
    down: 'do $$ begin alter table t add column c text default 9; end $$;',
  },
  {
    name: 'a block that drops a column of a table without a key, and updates',
    before: KEYLESS,
    up: 'do $$ begin update t set b = b + 1; alter table t drop column c; end $$;',
    down: 'do $$ begin alter table t add column c text; end $$;',
  },
  {
    name: 'a block that adds a column to a table without a key, and updates',
    before: KEYLESS,
    up: 'do $$ begin alter table t add column d text; update t set b = b + 1; end $$;',
    meanwhile: `update t set d = 'x' where b = 4`,
    down: 'do $$ begin alter table t drop column d; end $$;',
  },
  {
    name: 'a block that drops all columns',
    before: 'create table t (a integer, b integer); insert into t values (1, 1), (2, 1);',
    up: 'do $$ begin alter table t drop column a; alter table t drop column b; end $$;',
    down: 'do $$ begin alter table t add column a integer, add column b integer; end $$;',
  },
  {
    name: 'a block that drops a type of which a dropped table has values',
    before: `create type mood as enum ('bad', 'good'); create table t (id integer primary key, m mood);
      insert into t values (1, 'bad'), (2, null), (3, 'good');`,
    up: 'drop table t; do $$ begin drop type mood; end $$;',
    down: `create type mood as enum ('bad', 'good'); create table t (id integer primary key, m mood);`,
  },
  {
    name: 'a block that makes other values of what tells rows, and drops some of it, leaves kept values told',
    before: KEYLESS,
    up: 'alter table t drop column c;',
    down: `do $$ begin
      alter table t alter column b type bigint using b + 1000; alter table t drop column if exists a;
      alter table t add column c text;
    end $$;`,
    afterDown: { 'select count(*), count(c) from t': ['(5,0)'] },
    afterReapply: { 'select count(*) from t': ['(5)'] },
    afterSecondDown: { 'select count(*), count(c) from t': ['(5,0)'] },
    left: ['column t 5', 'column t 5'],
  },
];
