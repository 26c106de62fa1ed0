/** Traps by hand: rows and values that a migration changes or removes. */
import type { KeptCase } from './kept-case.js';

const ITEMS = `
  create table items (id integer primary key, name text, price numeric(10, 2), tag text);
  insert into items values (1, 'Ada', 1.50, null), (2, 'bob', 2.00, 'x'), (3, 'Cy', 3.25, 'y');`;

const FAMILY = `
  create table parents (id integer primary key, name text);
  create table children (id integer primary key, parent_id integer references parents on delete cascade on update cascade);
  create table toys (id integer primary key, child_id integer references children on delete set null);
  create table notes (id integer primary key, parent_id integer default 1 references parents on delete set default on update cascade);
  insert into parents values (1, 'a'), (2, 'b'), (3, 'c');
  insert into children values (10, 1), (20, 2), (21, 2);
  insert into toys values (100, 10), (200, 20), (210, 21), (300, null);
  insert into notes values (7, 2), (8, 3);`;

export const ROW_CASES: readonly KeptCase[] = [
  {
    name: 'an update that cannot be taken back by computing',
    before: ITEMS,
    up: 'update items set name = upper(name);',
    down: 'select 1;',
  },
  {
    name: 'values that the application writes after the update stay',
    before: ITEMS,
    up: 'update items set name = upper(name), tag = null;',
    meanwhile: "update items set name = 'Zoe' where id = 1; insert into items values (4, 'dee', 4, 'z')",
    down: 'select 1;',
    afterDown: {
      'select id, name, tag from items order by id': ['(1,Zoe,)', '(2,bob,x)', '(3,Cy,y)', '(4,dee,z)'],
    },
    afterReapply: {
      'select id, name, tag from items order by id': ['(1,ZOE,)', '(2,BOB,)', '(3,CY,)', '(4,DEE,)'],
    },
    left: ['rows items 1'],
  },
  {
    name: 'a value that the application has set back itself is placed',
    before: ITEMS,
    up: 'update items set name = upper(name);',
    meanwhile: "update items set name = 'Ada' where id = 1",
    down: 'select 1;',
    afterReapply: { 'select name from items order by id': ['(ADA)', '(BOB)', '(CY)'] },
  },
  {
    name: 'a value that was written once after the up stays newer, whatever is written later',
    before: ITEMS,
    up: "update items set tag = 'x' where tag is null;",
    meanwhile: "update items set tag = 'y' where id = 1",
    down: 'select 1;',
    afterDown: { 'select id, tag from items order by id': ['(1,y)', '(2,x)', '(3,y)'] },
    between: "update items set tag = 'x' where id = 1",
    afterReapply: { 'select id, tag from items order by id': ['(1,x)', '(2,x)', '(3,y)'] },
    afterSecondDown: { 'select id, tag from items order by id': ['(1,x)', '(2,x)', '(3,y)'] },
    left: ['rows items 1'],
  },
  {
    name: 'a down that computes the old values, not exactly',
    before: ITEMS,
    up: 'update items set price = round(price * 100 / 3);',
    down: 'update items set price = price * 3 / 100;',
  },
  {
    name: 'one row changed by several statements, and then deleted',
    before: ITEMS,
    up: `update items set name = name || '1'; update items set name = name || '2' where id < 3;
      delete from items where id = 2;`,
    down: 'select 1;',
  },
  {
    name: 'deleted rows',
    before: ITEMS,
    up: 'delete from items where price > 1.9;',
    meanwhile: "insert into items values (3, 'new', 9, null)",
    down: 'select 1;',
    afterDown: {
      'select id, name from items order by id': ['(1,Ada)', '(2,bob)', '(3,new)'],
    },
    afterReapply: { 'select id, name from items order by id': ['(1,Ada)'] },
    left: ['rows items 1'],
  },
  {
    name: 'rows that the down puts in again itself, otherwise',
    before: ITEMS,
    up: 'delete from items where id = 1;',
    down: "insert into items values (1, 'default', 0, null), (9, 'more', 0, null) on conflict do nothing;",
    afterDown: { 'select id, name from items order by id': ['(1,Ada)', '(2,bob)', '(3,Cy)', '(9,more)'] },
    afterReapply: { 'select id, name from items order by id': ['(2,bob)', '(3,Cy)', '(9,more)'] },
  },
  {
    name: 'what foreign keys pass on from a delete',
    before: FAMILY,
    up: 'delete from parents where id = 2;',
    down: 'select 1;',
  },
  {
    name: 'a row that one statement changes, and a foreign key of a later one removes',
    before: FAMILY,
    up: 'update toys set child_id = 21 where id = 300; update children set parent_id = 3 where id = 21; delete from parents where id = 3;',
    down: 'select 1;',
  },
  {
    name: 'rows that cannot be put back at the first try, beside what the down changes itself',
    before: FAMILY,
    up: 'delete from parents where id = 2;',
    down: 'update children set parent_id = 3 where id = 10; update children set parent_id = null where id = 10;',
    afterDown: { 'select * from children order by id': ['(10,)', '(20,2)', '(21,2)'] },
  },
  {
    name: 'a column that is narrowed, copied and dropped, with writes on both sides',
    before: `create table t (id integer primary key, at timestamptz);
      insert into t values (1, '2026-01-01 09:30Z'), (2, '2026-01-02 00:00Z'), (3, null)`,
    up: `alter table t alter column at type date using at::date; alter table t add column day date;
      update t set day = at; alter table t drop column at;`,
    meanwhile: "update t set day = '2030-01-01' where id = 1; insert into t values (4, '2031-01-01')",
    down: `alter table t add column at date; update t set at = day; alter table t drop column day;
      alter table t alter column at type timestamptz;`,
    between: 'update t set id = id',
    afterDown: {
      'select * from t order by id': [
        '(1,"2026-01-01 09:30:00+00")',
        '(2,"2026-01-02 00:00:00+00")',
        '(3,)',
        '(4,"2031-01-01 00:00:00+00")',
      ],
    },
    afterSecondDown: {
      'select * from t order by id': [
        '(1,"2026-01-01 09:30:00+00")',
        '(2,"2026-01-02 00:00:00+00")',
        '(3,)',
        '(4,"2031-01-01 00:00:00+00")',
      ],
    },
  },
  {
    name: 'what could not be put back once does not take the place of what is newer',
    before: ITEMS,
    up: 'alter table items drop column tag; update items set price = 0;',
    meanwhile: 'delete from items where id = 2; update items set price = 7 where id = 3',
    down: 'alter table items add column tag text;',
    between: "insert into items values (2, 'new', 8, 'newer')",
    afterReapply: { 'select id, price from items order by id': ['(1,0.00)', '(2,0.00)', '(3,0.00)'] },
    afterDown: {
      'select id, price, tag from items order by id': ['(1,1.50,)', '(3,7.00,y)'],
    },
    afterSecondDown: {
      'select id, price, tag from items order by id': ['(1,1.50,)', '(2,8.00,newer)', '(3,7.00,y)'],
    },
    left: ['column items 1', 'rows items 2'],
  },
  {
    name: 'what foreign keys pass on from a change of the key',
    before: FAMILY,
    up: 'update parents set id = id + 100;',
    down: 'select 1;',
  },
  {
    name: 'an upsert, a merge, and both in queries of their own',
    before: ITEMS,
    up: `insert into items values (1, 'new', 7, 'q'), (3, 'dee', 4, null) on conflict (id) do update set name = excluded.name;
      merge into items as i using (values (2), (3)) as v (id) on v.id = i.id
        when matched and i.id = 2 then delete when matched then update set price = 0;
      with gone as (delete from items where id = 2 returning id) update items set tag = 'cte' where id = 1;`,
    down: 'select 1;',
  },
  {
    name: 'a write through a view',
    before: `${ITEMS} create view cheap as select id, name from items where price < 3;`,
    up: "update cheap set name = 'cheap'; delete from cheap where id = 2;",
    down: 'select 1;',
  },
  {
    name: 'rows of a table without a key',
    before:
      "create table t (a integer, b text); insert into t values (1, 'x'), (1, 'x'), (2, 'y'), (null, 'z')",
    up: "update t set b = 'changed' where a = 1; delete from t where a = 2;",
    down: 'select 1;',
  },
  {
    name: 'rows of a partitioned table, moved to another partition',
    before: `create table m (id integer primary key, v text) partition by range (id);
      create table m1 partition of m for values from (0) to (10);
      create table m2 partition of m for values from (10) to (20);
      insert into m values (1, 'x'), (2, 'y'), (11, 'z')`,
    up: 'update m set id = id + 10 where id < 10 and id > 1; update m set v = upper(v); delete from m where id = 11;',
    down: 'select 1;',
  },
  {
    name: 'rows of inheriting tables',
    before: `create table base (id integer primary key, a text); create table sub (b text, primary key (id)) inherits (base);
      insert into base values (1, 'x'); insert into sub values (2, 'y', 'z'), (3, 'u', 'v')`,
    up: 'update base set a = upper(a); delete from base where id = 3;',
    down: 'select 1;',
  },
  {
    name: 'truncated tables, with what refers to them, and sequences set back',
    before: `create table a (id serial primary key, name text); create table b (id serial primary key, a_id integer references a);
      insert into a (name) values ('x'), ('y'); insert into b (a_id) values (1), (2), (2)`,
    up: 'truncate a restart identity cascade;',
    down: 'select 1;',
    afterDown: {
      'select * from a order by id': ['(1,x)', '(2,y)'],
      'select * from b order by id': ['(1,1)', '(2,2)', '(3,2)'],
      'select last_value from b_id_seq': ['(3)'],
    },
  },
  {
    name: 'a narrowing change of type',
    before: ITEMS,
    up: 'alter table items alter column price type integer using price::integer, alter column name type varchar(2) using left(name, 2);',
    meanwhile: 'update items set price = 42 where id = 2',
    down: 'alter table items alter column price type numeric(10, 2), alter column name type text;',
    afterDown: {
      'select id, name, price from items order by id': ['(1,Ada,1.50)', '(2,bob,42.00)', '(3,Cy,3.25)'],
    },
    left: ['rows items 1'],
  },
  {
    name: 'the key itself changes its type',
    before:
      'create table t (id numeric(10, 2) primary key, v numeric); insert into t values (1.5, 2.5), (3.5, 4.5)',
    up: 'alter table t alter column id type integer using (id * 2)::integer, alter column v type integer;',
    down: 'alter table t alter column id type numeric(10, 2) using id, alter column v type numeric;',
  },
  {
    name: 'an enum made again without a value',
    before: `create type mood as enum ('sad', 'ok', 'happy'); create table t (id integer primary key, m mood default 'ok');
      insert into t values (1, 'sad'), (2, 'ok'), (3, 'happy')`,
    up: `alter table t alter column m drop default;
      create type mood2 as enum ('sad', 'happy');
      alter table t alter column m type mood2 using (case m when 'ok' then 'happy' else m::text end)::mood2;
      drop type mood; alter type mood2 rename to mood; alter table t alter column m set default 'happy';`,
    down: `alter table t alter column m drop default;
      create type mood2 as enum ('sad', 'ok', 'happy');
      alter table t alter column m type mood2 using m::text::mood2;
      drop type mood; alter type mood2 rename to mood; alter table t alter column m set default 'ok';`,
  },
  {
    name: 'a column made anew under its name',
    before: ITEMS,
    up: `alter table items add column cents integer; update items set cents = price * 100;
      alter table items drop column price; alter table items rename column cents to price;`,
    meanwhile: 'update items set price = 999 where id = 3',
    down: `alter table items add column euros numeric(10, 2); update items set euros = price / 100;
      alter table items drop column price; alter table items rename column euros to price;`,
    afterDown: {
      'select id, price from items order by id': ['(1,1.50)', '(2,2.00)', '(3,9.00)'],
    },
    left: ['rows items 1'],
  },
  {
    name: 'a table made anew under its name, and changed and deleted from since',
    before: ITEMS,
    up: `create table items_new (id bigint primary key, name text, price integer);
      insert into items_new select id, upper(name), price from items where id < 3;
      drop table items; alter table items_new rename to items;`,
    meanwhile: "update items set name = 'Bert' where id = 2; insert into items values (8, 'new', 1)",
    down: `create table items_old (id integer primary key, name text, price numeric(10, 2), tag text);
      insert into items_old select id, name, price from items;
      drop table items; alter table items_old rename to items;`,
    afterDown: {
      'select * from items order by id': [
        '(1,Ada,1.50,)',
        '(2,Bert,2.00,x)',
        '(3,Cy,3.25,y)',
        '(8,new,1.00,)',
      ],
    },
    left: ['rows items 1'],
  },
  {
    name: 'a column whose type is changed, and rows that are then changed and deleted',
    before:
      "create table t (id integer primary key, tags text[]); insert into t values (1, '{a,b}'), (2, '{c}'), (3, null), (4, '{d,e}')",
    up: `alter table t alter column tags type text using tags[1]; update t set tags = upper(tags) where id <> 2;
      delete from t where id in (2, 4);`,
    down: 'alter table t alter column tags type text[] using array[tags];',
  },
  {
    name: 'a dropped column whose name another takes that was there before',
    before: ITEMS,
    up: 'alter table items drop column tag; alter table items rename column name to tag;',
    meanwhile: "update items set tag = 'new' where id = 2",
    down: 'alter table items rename column tag to name; alter table items add column tag text;',
    afterDown: { 'select id, name, tag from items order by id': ['(1,Ada,)', '(2,new,x)', '(3,Cy,y)'] },
  },
  {
    name: 'a dropped table whose name another takes that was there before',
    before: `${ITEMS} create table goods (id integer primary key, name text); insert into goods values (1, 'a'), (2, 'b'), (7, 'g')`,
    up: 'drop table items; alter table goods rename to items;',
    meanwhile: "delete from items where id = 2; update items set name = 'new' where id = 1",
    down: `alter table items rename to goods;
      create table items (id integer primary key, name text, price numeric(10, 2), tag text);`,
    afterDown: {
      'select * from items order by id': ['(1,Ada,1.50,)', '(2,bob,2.00,x)', '(3,Cy,3.25,y)'],
      'select * from goods order by id': ['(1,new)', '(7,g)'],
    },
  },
  {
    name: 'a table that is renamed and made anew, with names of its columns changed before and after',
    before: ITEMS,
    up: `alter table items rename to goods; alter table goods rename column tag to label;
      create table goods_new (like goods including all); insert into goods_new select * from goods;
      drop table goods; alter table goods_new rename to goods; alter table goods rename column name to title;`,
    meanwhile: "update goods set title = 'new', label = 'l' where id = 1; delete from goods where id = 2",
    down: `alter table goods rename column title to name; create table goods_old (like goods including all);
      insert into goods_old select * from goods; drop table goods; alter table goods_old rename to goods;
      alter table goods rename column label to tag; alter table goods rename to items;`,
    afterDown: {
      'select id, name, price, tag from items order by id': ['(1,new,1.50,l)', '(3,Cy,3.25,y)'],
    },
    left: ['rows items 1'],
  },
  {
    name: 'a table made anew in the script that adds a column to it',
    before: ITEMS,
    up: `alter table items add column more integer default 5; create table items_new (like items including all);
      insert into items_new select * from items; drop table items; alter table items_new rename to items;`,
    meanwhile: 'update items set more = 6 where id = 1; update items set price = 9 where id = 3',
    down: `create table items_new (like items including all); insert into items_new select * from items;
      drop table items; alter table items_new rename to items; alter table items drop column more;`,
    afterDown: {
      'select id, name, price, tag from items order by id': [
        '(1,Ada,1.50,)',
        '(2,bob,2.00,x)',
        '(3,Cy,9.00,y)',
      ],
    },
  },
  {
    name: 'a backfilled column costs nothing and comes back as it was',
    before: ITEMS,
    up: 'alter table items add column slug text; update items set slug = lower(name); alter table items alter column slug set not null;',
    meanwhile: "update items set slug = 'mine' where id = 1",
    down: 'alter table items drop column slug;',
  },
  {
    name: 'a change of type of the only column',
    before: 'create table flags (on_off integer); insert into flags values (5), (1), (0), (null), (7), (5)',
    up: 'alter table flags alter column on_off type boolean using on_off > 0;',
    down: 'alter table flags alter column on_off type integer using on_off::integer;',
  },
  {
    name: 'a change of type of two columns without a key, and some of the rows deleted after it',
    before: `create table t (a integer, b text, c date);
      insert into t values (5, 'x', null), (7, 'x', null), (7, 'x', null), (null, null, null), (0, 'yes', '2026-01-31')`,
    up: `alter table t alter column a type boolean using a > 0, alter column c type integer using extract(month from c)::integer;
      delete from t where a or c = 1;`,
    down: `alter table t alter column a type integer using a::integer, alter column c type date using null;`,
    meanwhile: "insert into t values (null, 'new', null)",
    afterDown: {
      'select * from t order by b, a': [
        '(,new,)',
        '(5,x,)',
        '(7,x,)',
        '(7,x,)',
        '(0,yes,2026-01-31)',
        '(,,)',
      ],
    },
  },
  {
    name: 'unique values that are exchanged',
    before: `create table ranks (id integer primary key, place integer unique, code text unique, day date, unique (day, place));
      insert into ranks values (1, 1, 'a', '2026-01-01'), (2, 2, 'b', '2026-01-01'), (3, 3, null, null)`,
    up: `update ranks set place = -1 where id = 1; update ranks set place = 1 where id = 2; update ranks set place = 2 where id = 1;
      update ranks set code = 'x' where id = 1; update ranks set code = 'a' where id = 2; update ranks set code = 'b' where id = 1;`,
    down: 'select 1;',
  },
  {
    name: 'keys that are exchanged in a block',
    before: `create table ranks (id uuid primary key, name text, note text);
      insert into ranks values ('00000000-0000-0000-0000-000000000001', 'Ada'), ('00000000-0000-0000-0000-000000000002', 'Bob')`,
    up: `do $$ begin
        update ranks set id = '00000000-0000-0000-0000-000000000003' where name = 'Ada';
        update ranks set id = '00000000-0000-0000-0000-000000000001' where name = 'Bob';
        update ranks set id = '00000000-0000-0000-0000-000000000002' where name = 'Ada';
      end $$`,
    meanwhile: "update ranks set note = 'new' where name = 'Bob'",
    down: 'select 1;',
    afterDown: {
      'select right(id::text, 1), name, note from ranks order by id': ['(1,Ada,)', '(2,Bob,new)'],
    },
  },
  {
    name: 'rows that the down numbers anew, in another order',
    before: `create table lines (id serial primary key, name text unique);
      insert into lines values (3, 'c'), (1, 'a'), (2, 'b')`,
    up: 'alter table lines drop column id;',
    down: 'alter table lines add column id serial primary key;',
  },
  {
    name: 'rows that the down numbers anew in another order, and rows that refer to them',
    before: `create table a (id serial primary key, name text unique);
      create table b (id serial primary key, a_id integer not null references a);
      insert into a values (3, 'c'), (1, 'a'), (2, 'b'); insert into b (a_id) values (1), (2), (3), (3)`,
    up: `alter table a add column uid uuid not null default gen_random_uuid();
      alter table b add column a_uid uuid; update b set a_uid = (select uid from a where a.id = b.a_id);
      alter table b drop column a_id; alter table a drop constraint a_pkey; alter table a drop column id;
      alter table a add primary key (uid); alter table b add foreign key (a_uid) references a;`,
    down: `alter table a add column id serial; alter table b add column a_id integer;
      update b set a_id = (select id from a where a.uid = b.a_uid);
      alter table b drop column a_uid; alter table a drop constraint a_pkey; alter table a drop column uid;
      alter table a add primary key (id); alter table b add foreign key (a_id) references a; alter table b alter column a_id set not null;`,
    afterDown: {
      'select * from a order by id': ['(a,1)', '(b,2)', '(c,3)'],
      'select * from b order by id': ['(1,1)', '(2,2)', '(3,3)', '(4,3)'],
    },
    afterReapply: {
      'select a.name from b join a on a.uid = b.a_uid order by b.id': ['(a)', '(b)', '(c)', '(c)'],
    },
  },
  {
    name: 'nulls and labels that are replaced before their table is made anew',
    before: `create type mood as enum ('sad', 'ok'); create table t (id integer primary key, a text, m mood);
      insert into t values (1, null, 'sad'), (2, 'x', null)`,
    up: `update t set a = '' where a is null; alter table t alter column a set not null;
      update t set m = 'ok'; alter table t alter column m set not null;
      create table remade (id integer primary key, a text not null, m mood not null);
      insert into remade select * from t; drop table t; alter table remade rename to t;`,
    meanwhile: "insert into t values (3, 'new', 'sad')",
    down: `alter table t alter column a drop not null; alter table t alter column m drop not null;`,
    afterDown: { 'select id, a, m from t order by id': ['(1,,sad)', '(2,x,)', '(3,new,sad)'] },
    afterReapply: { 'select id, a, m from t order by id': ['(1,"",ok)', '(2,x,ok)', '(3,new,ok)'] },
  },
  {
    name: 'nulls and labels that are replaced before their table is dropped',
    before: `create type mood as enum ('sad', 'ok'); create table t (id integer primary key, a text, m mood);
      insert into t values (1, null, 'sad'), (2, 'x', null)`,
    up: `update t set a = '' where a is null; alter table t alter column a set not null;
      update t set m = 'ok'; alter table t alter column m set not null; drop table t;`,
    down: 'create table t (id integer primary key, a text, m mood);',
  },
  {
    name: 'tables whose rows refer to one another in a circle, with triggers',
    before: `create table a (id integer generated always as identity primary key, b_id integer not null);
      create table b (id integer primary key, a_id integer references a, n integer);
      insert into a (b_id) values (1), (2), (2); insert into b values (1, 3, 1), (2, 1, 2);
      alter table a add constraint a_b foreign key (b_id) references b;
      create function count_up() returns trigger language plpgsql as $$ begin new.n := new.n + 1; return new; end $$;
      create trigger count_up before insert or update on b for each row execute function count_up();`,
    up: 'drop table a cascade; drop table b;',
    down: `create table a (id integer generated always as identity primary key, b_id integer not null);
      create table b (id integer primary key, a_id integer references a, n integer);
      alter table a add constraint a_b foreign key (b_id) references b;
      create trigger count_up before insert or update on b for each row execute function count_up();`,
  },
  {
    name: 'keys of tables in a circle that are made anew',
    before: `create table a (id integer primary key, b_id integer); create table b (id integer primary key, a_id integer references a);
      insert into a values (1, 1), (2, null); insert into b values (1, 2); alter table a add foreign key (b_id) references b;`,
    up: `alter table a drop constraint a_b_id_fkey; alter table b drop constraint b_a_id_fkey;
      update a set id = id + 10, b_id = b_id + 10; update b set id = id + 10, a_id = a_id + 10;
      alter table a add constraint a_b_id_fkey foreign key (b_id) references b;
      alter table b add constraint b_a_id_fkey foreign key (a_id) references a;`,
    down: 'select 1;',
  },
  {
    name: 'a partition of a table with an identity, dropped by a block',
    before: `create table t (id integer generated always as identity, v text) partition by range (id);
      create table t1 partition of t for values from (0) to (10); create table t2 partition of t default;
      insert into t (v) values ('a'), ('b'); insert into t overriding system value values (20, 'c')`,
    up: 'do $$ begin drop table t1; end $$;',
    down: 'create table t1 partition of t for values from (0) to (10);',
    since: 17,
  },
  {
    name: 'columns without nulls that are dropped one by one before their table',
    before: 'create table other (id integer)',
    up: `create table t (id integer primary key, a text not null);
      alter table t add column b numeric(12,2); alter table t alter column b set not null;
      alter table t add column c text[] not null;`,
    meanwhile: `insert into t values (1, 'x', 1, '{p}'), (2, 'y', 2.5, '{}')`,
    down: `alter table t drop column c; alter table t alter column b drop not null; alter table t drop column b;
      drop table t;`,
    afterDown: { "select to_regclass('t') as t": ['()'] },
  },
  {
    name: 'a column that is dropped and made anew before its table is dropped',
    before: 'create table other (id integer)',
    up: 'create table t (id integer primary key, a text); alter table t add column b numeric(12,2);',
    meanwhile: "insert into t values (1, 'x', 1), (2, 'y', 2.5)",
    down: 'alter table t drop column b; alter table t add column b boolean; drop table t;',
    afterDown: { "select to_regclass('t') as t": ['()'] },
  },
  {
    name: 'the same without a key, with rows alike',
    before: 'create table other (id integer)',
    up: `create table t (a text not null); alter table t add column b numeric(12,2) not null;`,
    meanwhile: `insert into t values ('x', 1), ('x', 2), ('y', 2.5)`,
    down: 'alter table t drop column b; drop table t;',
    afterDown: { "select to_regclass('t') as t": ['()'] },
  },
  {
    name: 'columns without nulls that are dropped before and after rows are deleted',
    before: `create table t (id integer primary key, a text not null, b text not null, n integer);
      insert into t values (1, 'x', 'p', 1), (2, 'y', 'q', 2), (3, 'z', 'r', 3)`,
    up: 'alter table t drop column a; delete from t where id > 1; delete from t; alter table t drop column b;',
    down: 'alter table t add column a text not null, add column b text not null;',
  },
  {
    name: 'a column without nulls that is dropped before rows without a key are deleted',
    before: `create table t (a text not null, b text not null); insert into t values ('x', 'p'), ('x', 'p'), ('y', 'q'), ('z', 'r')`,
    up: 'alter table t drop column a; delete from t;',
    down: 'alter table t add column a text not null;',
  },
  {
    name: 'an attribute of a composite type that goes, and what tables, arrays and other types hold of it',
    before: `create type pair as (a integer, b text); create type crate as (name text, inside pair);
      create table t (id integer primary key, p pair, many pair[]); create table u (id integer primary key, b crate);
      insert into t values (1, (1, 'x'), array[(2, 'y'), (3, null)]::pair[]), (2, null, null); insert into u values (1, ('n', (4, 'z')))`,
    up: 'alter type pair drop attribute b;',
    down: 'alter type pair add attribute b text;',
    meanwhile: 'insert into t values (3, row(9)::pair, null)',
    afterDown: {
      'select id, (p).a, (p).b, (many[1]).b as c from t order by id': ['(1,1,x,y)', '(2,,,)', '(3,9,,)'],
      'select ((b).inside).b from u': ['(z)'],
    },
  },
  {
    name: 'keys that the up exchanges, and the down back again',
    before:
      "create table t (id integer primary key, v text); insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
    up: 'update t set id = -1 where id = 1; update t set id = 1 where id = 2; update t set id = 2 where id = -1;',
    down: 'update t set id = -1 where id = 1; update t set id = 1 where id = 2; update t set id = 2 where id = -1;',
    meanwhile: "update t set v = 'written' where id = 1",
    afterDown: { 'select * from t order by id': ['(1,a)', '(2,written)', '(3,c)'] },
  },
  {
    name: 'keys that are moved along, and back again',
    before:
      "create table t (id integer primary key, v text); insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
    up: 'update t set id = id + 100; update t set id = id - 99;',
    down: 'update t set id = id + 100; update t set id = id - 101;',
  },
  {
    name: 'keys that are exchanged by statements, and not back again',
    before:
      "create table t (id integer primary key, v text); insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
    up: 'update t set id = -1 where id = 1; update t set id = 1 where id = 2; update t set id = 2 where id = -1; delete from t where id = 3;',
    down: 'select 1;',
  },
  {
    name: 'a table that is renamed after its rows were changed',
    before: ITEMS,
    up: 'update items set name = upper(name); alter table items rename to goods; alter table goods rename column name to label;',
    down: 'alter table goods rename column label to name; alter table goods rename to items;',
  },
  {
    name: 'a column without a key that goes and leaves its name to one that was changed',
    before: "create table lines (name text, price integer); insert into lines values ('Ada', 1), (null, 2)",
    up: 'alter table lines rename column name to old_name; alter table lines add column name text;',
    meanwhile: "insert into lines values (null, 3, 'new')",
    down: `update lines set old_name = name where old_name is null; alter table lines drop column name;
      alter table lines rename column old_name to name;`,
    afterDown: { 'select name, price from lines order by price': ['(Ada,1)', '(,2)', '(new,3)'] },
  },
  {
    name: 'a do block that updates, deletes and drops',
    before: `${ITEMS} create table other (id integer primary key); insert into other values (1), (2)`,
    up: `do $$ begin
        update items set name = 'by code' where id = 1;
        execute 'delete from items where id = 2';
        drop table other;
        alter table items drop column tag;
      end $$;`,
    down: 'create table other (id integer primary key); alter table items add column tag text;',
  },
  {
    name: 'a function that writes, and a trigger that writes elsewhere',
    before: `${ITEMS} create table totals (id integer primary key, n integer); insert into totals values (1, 3);
      create function shout() returns void language sql as 'update items set name = upper(name)';
      create function tally() returns trigger language plpgsql as $$ begin
        update totals set n = n - 1; return null; end $$;
      create trigger tally after delete on items for each row execute function tally();`,
    up: 'select shout(); delete from items where id in (1, 2);',
    down: 'select 1;',
    afterReapply: { 'select n from totals': ['(1)'] },
  },
  {
    name: 'triggers of the application that change the row themselves',
    before: `${ITEMS} alter table items add column at integer default 0;
      create function stamp() returns trigger language plpgsql as $$ begin new.at = old.at + 1; return new; end $$;
      create trigger stamp before update on items for each row execute function stamp();`,
    up: "update items set tag = 'all';",
    down: 'select 1;',
  },
  {
    name: 'constraints that are checked at the end of the transaction',
    before: `create table a (id integer primary key, b_id integer);
      create table b (id integer primary key, a_id integer references a deferrable initially deferred);
      alter table a add constraint a_b foreign key (b_id) references b deferrable initially deferred;
      begin; insert into a values (1, 1), (2, 2); insert into b values (1, 1), (2, 2); commit`,
    up: 'delete from a where id = 1; delete from b where id = 1; update a set b_id = null;',
    down: 'select 1;',
  },
  {
    name: 'types that no statement may drop, and values without equality',
    before: `create domain d as text; create type pair as (a integer, b text);
      create table t (id integer primary key, j json, x xml, p point, d d, c pair, f double precision, b bytea, i interval, ts timestamptz, n numeric);
      insert into t values (1, '{"a": 1}', '<a/>', '(1,2)', 'd', '(1,x)', 'NaN', '\\\\x00ff', '1 mon 2 days', '2026-01-01 00:00:00.123456+05', 1.10),
                           (2, null, null, null, null, null, -0.0, null, null, null, 'infinity')`,
    up: `update t set j = '{}', x = '<b/>', p = '(0,0)', d = 'e', c = '(2,y)', f = 1.5, b = '', i = '1 day', ts = '2020-02-02', n = 1.1;`,
    down: 'select 1;',
  },
  {
    name: 'a write to a table that holds nothing, with a function that deletes elsewhere',
    before: `${ITEMS}
      create table empty (id integer primary key);
      create function purge() returns bigint language sql as 'with gone as (delete from items where id > 1 returning 1) select count(*) from gone';`,
    up: 'with gone as (delete from empty returning 1) select purge(), count(*) from gone;',
    down: 'select 1;',
  },
  {
    name: 'steps, each a transaction of its own',
    before: ITEMS,
    up: 'update items set name = upper(name); create index concurrently items_name on items (name); delete from items where id = 3; alter table items drop column tag; vacuum items;',
    down: 'drop index concurrently items_name; alter table items add column tag text; vacuum items;',
  },
  {
    name: 'names that need quotes',
    before: `create schema "Odd ""Schema"; create table "Odd ""Schema"."T'x" ("K y" integer primary key, "select" text, k1 text, o1 text);
      insert into "Odd ""Schema"."T'x" values (1, 'a', 'b', 'c'), (2, null, 'd', 'e')`,
    up: `update "Odd ""Schema"."T'x" set "select" = 'new', k1 = null; alter table "Odd ""Schema"."T'x" drop column o1; delete from "Odd ""Schema"."T'x" where "K y" = 2`,
    down: `alter table "Odd ""Schema"."T'x" add column o1 text`,
  },
];
