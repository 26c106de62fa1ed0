/** Traps by hand: rows that the script itself inserts, and values that only the opposite script changes. */
import type { KeptCase } from './kept-case.js';

const ITEMS = `
  create table items (id integer primary key, name text, code text);
  insert into items values (1, 'ada', '282578'), (2, 'bob', null), (3, 'cy', '12');`;

const LOG = `
  create table log (at integer, line text);
  insert into log values (1, 'a'), (1, 'a'), (2, 'b');`;

export const OWN_CASES: readonly KeptCase[] = [
  {
    name: 'rows that the script itself inserts and deletes',
    before: ITEMS,
    up: `insert into items values (8, 'up', 'x'), (9, 'up', 'y'); delete from items where id in (2, 8);
      delete from items where id = 9;`,
    down: 'select 1;',
  },
  {
    name: 'a row that the script itself inserts, changes and deletes',
    before: ITEMS,
    up: `insert into items values (9, 'up', 'y'); update items set name = upper(name); delete from items where id > 2;`,
    down: 'select 1;',
  },
  {
    name: 'a row that is deleted and put in again under its key, and deleted again',
    before: ITEMS,
    up: `delete from items where id = 2; insert into items values (2, 'up', null); delete from items where id = 2;`,
    down: 'select 1;',
  },
  {
    name: 'rows that the script itself inserts and truncates',
    before: ITEMS,
    up: `with more as (insert into items values (9, 'up', 'y') returning id) select count(*) from more; truncate items;`,
    down: 'select 1;',
  },
  {
    name: 'rows that the script itself inserts, and the table dropped',
    before: ITEMS,
    up: `insert into items select id + 10, name, code from items; drop table items;`,
    down: 'create table items (id integer primary key, name text, code text);',
  },
  {
    name: 'rows alike, without a key, that the script itself inserts and deletes',
    before: LOG,
    up: `insert into log values (1, 'a'), (3, 'c'); delete from log where at in (1, 3);`,
    down: 'select 1;',
  },
  {
    name: 'a row without a key that the script itself inserts, changes twice and deletes',
    before: LOG,
    up: `insert into log values (3, 'c'); update log set line = 'x' where at = 3;
      update log set line = upper(line), at = at + 1; delete from log where at = 4;`,
    down: 'select 1;',
  },
  {
    name: 'a row that the script itself inserts, gives another key and deletes',
    before: ITEMS,
    up: `insert into items values (9, 'up', 'y'); update items set id = id + 100; update items set id = id - 1;
      delete from items where id > 102;`,
    down: 'select 1;',
  },
  {
    name: 'a key that the script itself has used and freed, and given to another row',
    before: ITEMS,
    up: `insert into items values (9, 'up', 'y'); delete from items where id = 9; update items set id = 9 where id = 1;
      delete from items where id = 9;`,
    down: 'select 1;',
  },
  {
    name: 'a block that changes rows without a key twice, and deletes one of them',
    before: LOG,
    up: `do $$ begin update log set at = at + 10; update log set line = upper(line);
      delete from log where line = 'B'; end $$;`,
    down: 'select 1;',
  },
  {
    name: 'a block that inserts and deletes',
    before: ITEMS,
    up: `do $$ begin insert into items values (9, 'up', 'y'); delete from items where id > 2; end $$;`,
    down: 'select 1;',
  },
  {
    name: 'a row that the script itself inserts stays, and goes with the down',
    before: ITEMS,
    up: `insert into items values (9, 'up', 'y'); delete from items where id = 1;`,
    down: 'delete from items where id = 9;',
  },
  {
    name: 'a row that the script itself inserts and changes, and the down deletes',
    before: ITEMS,
    up: "insert into items values (9, 'up', 'y'); update items set name = upper(name);",
    down: 'delete from items where id = 9;',
  },
  {
    name: 'a row that the script itself inserts before it drops a column, and the down deletes',
    before: ITEMS,
    up: "insert into items values (9, 'up', 'y'); alter table items drop column code;",
    down: 'alter table items add column code text; delete from items where id = 9;',
  },
  {
    name: 'values that a change of type leaves as they are, and the down does not',
    before: ITEMS,
    up: 'alter table items alter column code type varchar(40);',
    meanwhile: "update items set code = 'new' where id = 3; insert into items values (4, 'dee', 'four')",
    down: "alter table items alter column code type text using coalesce(code || '!', '-');",
    afterDown: {
      'select id, code from items order by id': ['(1,282578)', '(2,)', '(3,new!)', '(4,four!)'],
    },
  },
  {
    name: 'a table without a key that gets a column in the script which deletes from it',
    before: LOG,
    up: `alter table log add column more integer default 5; delete from log where line = 'a';`,
    down: 'alter table log drop column more;',
  },
  {
    name: 'a block that deletes a row, puts another in under its key and deletes that',
    before: ITEMS,
    up: "do $$ begin delete from items where id = 1; insert into items values (1, 'own', '0'); delete from items where id = 1; end $$;",
    down: 'select 1;',
  },
  {
    name: 'a block that changes the key of a row twice, and of another back to what it was',
    before: ITEMS,
    up: `do $$ begin
        update items set id = 12 where id = 2; update items set id = 22 where id = 12;
        update items set id = 13, name = 'x' where id = 3; update items set id = 3 where id = 13;
      end $$;`,
    meanwhile: "update items set code = 'written' where id = 3",
    down: 'select 1;',
    afterDown: {
      'select id, name, code from items order by id': ['(1,ada,282578)', '(2,bob,)', '(3,cy,written)'],
    },
  },
  {
    name: 'a block that changes the key of a row and deletes it, and gives the key to a row of its own',
    before: ITEMS,
    up: `do $$ begin
        update items set id = 12, name = 'x' where id = 2; insert into items values (2, 'own', '0');
        delete from items where id = 12;
      end $$;`,
    down: 'delete from items where id = 2;',
  },
  {
    name: 'a block that counts in one row',
    before: ITEMS,
    up: 'do $$ begin for i in 1 .. 40 loop update items set code = concat(code, 1) where id = 1; end loop; end $$;',
    down: 'select 1;',
  },
  {
    name: 'a block that counts in one row more often than is followed',
    before: ITEMS,
    up: 'do $$ begin for i in 1 .. 100 loop update items set code = concat(code, 1) where id = 1; end loop; end $$;',
    down: 'select 1;',
  },
  {
    name: 'a row that is deleted and put in again with other values',
    before: ITEMS,
    up: "delete from items where id = 1; insert into items values (1, 'ADA', '11');",
    meanwhile: "update items set code = 'written' where id = 1",
    down: 'select 1;',
    afterDown: {
      'select * from items order by id': ['(1,ada,written)', '(2,bob,)', '(3,cy,12)'],
    },
    // The up puts in its own row again.
    afterReapply: { 'select * from items where id = 1': ['(1,ADA,11)'] },
    left: ['rows items 1'],
  },
  {
    name: 'a row that is deleted and put in again, and deleted by the down',
    before: ITEMS,
    up: "delete from items where id = 1; insert into items values (1, 'ADA', '11');",
    down: 'delete from items where id = 1;',
  },
  {
    name: 'a row that is deleted and put in again, and put back by the down as it is not quite',
    before: ITEMS,
    up: "delete from items where id in (1, 2); insert into items values (1, 'ADA', '11');",
    down: "delete from items where id = 1; insert into items values (1, 'ada', 'unknown'), (2, 'bob', 'unknown');",
  },
  {
    name: 'a table that is emptied and filled anew',
    before: ITEMS,
    up: "truncate items; insert into items values (1, 'one', null), (3, 'cy', '12'), (4, 'four', '4');",
    meanwhile: "update items set name = 'written' where id = 3; insert into items values (5, 'five', '5')",
    down: 'delete from items where id = 4;',
    afterDown: {
      'select * from items order by id': ['(1,ada,282578)', '(2,bob,)', '(3,written,12)', '(5,five,5)'],
    },
    afterReapply: { 'select * from items order by id': ['(1,one,)', '(3,cy,12)', '(4,four,4)'] },
  },
  {
    name: 'a block that moves rows to another partition, and writes one by its own name',
    before: `create table m (at integer, id integer, v text, primary key (at, id)) partition by range (at);
      create table m1 partition of m for values from (0) to (10); create table m2 partition of m for values from (10) to (20);
      insert into m values (1, 1, 'a'), (2, 2, 'b'), (11, 3, 'c'), (12, 4, 'd')`,
    up: `do $$ begin
        update m set at = at + 10 where id = 1; update m2 set v = upper(v) where id = 3; delete from m1 where id = 2;
      end $$;`,
    meanwhile: "update m set v = 'written' where id = 4",
    down: 'select 1;',
    afterDown: { 'select * from m order by id': ['(1,1,a)', '(2,2,b)', '(11,3,c)', '(12,4,written)'] },
  },
];
