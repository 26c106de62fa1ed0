import { beforeAll, expect, test } from 'vitest';
import { withoutNeedlessNames } from '../../src/catalog/postgres/view-text.js';
import { loadParser } from '../../src/sql/index.js';

beforeAll(loadParser);

test.each([
  [
    'columns of the one table',
    ' SELECT o.id,\n    lower(o.name) AS "lower"\n   FROM app.o\n  WHERE (o.id > 0)\n  ORDER BY o.name;',
    ' SELECT id,\n    lower(name) AS "lower"\n   FROM app.o\n  WHERE (id > 0)\n  ORDER BY name;',
  ],
  ['quoted names', ' SELECT "o ""x"".y".id\n   FROM "o ""x"".y";', ' SELECT id\n   FROM "o ""x"".y";'],
  [
    'letters of two bytes',
    " SELECT 'é'::text AS t,\n    ö.id\n   FROM ö;",
    " SELECT 'é'::text AS t,\n    id\n   FROM ö;",
  ],
  [
    'what a subquery is compared with, but nothing in the subquery',
    ' SELECT o.id\n   FROM o\n  WHERE (o.id IN ( SELECT p.id\n           FROM p\n          WHERE (p.o = o.id)));',
    ' SELECT id\n   FROM o\n  WHERE (id IN ( SELECT p.id\n           FROM p\n          WHERE (p.o = o.id)));',
  ],
])('the name goes from %s', (_, before, after) => {
  expect(withoutNeedlessNames(before)).toBe(after);
});

test.each([
  ['a join', ' SELECT a.id\n   FROM (a\n     JOIN b ON ((a.id = b.id)));'],
  ['two tables', ' SELECT a.id\n   FROM a,\n    b;'],
  ['a union', ' SELECT a.id\n   FROM a\nUNION\n SELECT b.id\n   FROM b;'],
  ['a whole row', ' SELECT o.*::o AS o\n   FROM o;'],
  ['a text that the parser does not know', 'select from from'],
])('%s stays as it is', (_, definition) => {
  expect(withoutNeedlessNames(definition)).toBe(definition);
});
