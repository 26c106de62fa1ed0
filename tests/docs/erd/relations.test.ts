import { beforeAll, describe, expect, test } from 'vitest';
import { type Diagram, diagramOf } from '../../../src/docs/erd/diagram.js';
import { plantumlOf } from '../../../src/docs/erd/plantuml.js';
import { neighbourhood, renderErd } from '../../../src/docs/index.js';
import { foldPartitions, type SchemaModel } from '../../../src/schema/index.js';
import { libraryModel, modelOf } from './library.js';

let model: SchemaModel;
let diagram: Diagram;
beforeAll(async () => {
  model = await libraryModel();
  diagram = diagramOf(model);
});

function relation(name: string) {
  return diagram.relations.find((one) => one.name === name)!;
}

describe('the ends of a relation', () => {
  test.each([
    ['persons_referred_by_fkey', 'zero or many', 'zero or one', false],
    ['cards_person_id_fkey', 'zero or one', 'one', true],
    ['authors_book_fk', 'zero or many', 'one', true],
    ['loans_book_fk', 'zero or many', 'zero or one', false],
    ['loans_person_id_fkey', 'zero or many', 'zero or one', false],
  ] as const)('%s: %s to %s', (name, childEnd, parentEnd, isIdentifying) => {
    expect(relation(name)).toMatchObject({ childEnd, parentEnd, isIdentifying });
  });

  test('a partial unique index does not make a relation one to one, a whole one does', async () => {
    const { relations } = diagramOf(
      await modelOf(`
        create table a (id int primary key);
        create table b (x int references a, y int references a);
        create unique index on b (x) where y > 0;
        create unique index on b (y);
      `),
    );
    expect(relations.map(({ name, childEnd }) => [name, childEnd])).toEqual([
      ['b_x_fkey', 'zero or many'],
      ['b_y_fkey', 'zero or one'],
    ]);
  });
});

test('a table whose key is two foreign keys joins two tables', () => {
  const junctions = diagram.entities.filter(({ isJunction }) => isJunction);
  expect(junctions.map(({ table }) => table.name)).toEqual(['authors']);
});

test('partitions are in their table, without relations of their own', () => {
  const loans = diagram.entities.filter(({ table }) => table.name.startsWith('loans'));
  expect(loans.map(({ table }) => [table.name, table.partitions?.length])).toEqual([['loans', 2]]);
  expect(diagramOf(foldPartitions(model))).toEqual(diagram);
});

test('the name of a table stays as it is drawn when partitions come and go', () => {
  const partition = diagram.entities.find(({ table }) => table.name === 'loans')!.table.partitions![0]!;
  const fewer = { ...model, tables: model.tables.filter(({ name }) => name !== partition.name) };
  const header = (of: SchemaModel): string | undefined =>
    /.*<<partitioned>>.*/.exec(plantumlOf(diagramOf(of), 'library'))?.[0];
  expect(header(fewer)).toContain('loans');
  expect(header(fewer)).toBe(header(model));
});

test('foreign keys of partitions, and to them, are told once and of their tables', async () => {
  const partitioned = await modelOf(`
    create table a (id int primary key);
    create table p (id int, a_id int, primary key (id)) partition by range (id);
    create table p1 partition of p for values from (0) to (10);
    create table p2 partition of p for values from (10) to (20);
    alter table p1 add foreign key (a_id) references a;
    alter table p2 add foreign key (a_id) references a;
    create table c (p_id int references p1 (id));
  `);
  const { entities, relations } = diagramOf(partitioned);
  expect(relations.map(({ name, child, parent }) => [name, child, parent])).toEqual([
    ['c_p_id_fkey', 'public\0c', 'public\0p'],
    ['p1_a_id_fkey', 'public\0p', 'public\0a'],
  ]);
  const { columns } = entities.find(({ table }) => table.name === 'p')!;
  expect(columns.find(({ name }) => name === 'a_id')).toMatchObject({ isForeign: true });
});

describe('a neighbourhood', () => {
  const books = { schema: 'library', name: 'books' };
  const names = (tables: ReturnType<typeof neighbourhood>) => tables.map(({ name }) => name);

  test('is a table with those that it refers to and that refer to it', () => {
    expect(names(neighbourhood(model, books))).toEqual(['authors', 'books', 'loans']);
  });

  test('grows with its depth, and is the table alone at depth 0', () => {
    expect(names(neighbourhood(model, books, 2))).toEqual(['authors', 'books', 'loans', 'persons']);
    expect(names(neighbourhood(model, books, 0))).toEqual(['books']);
  });

  test('is drawn with the relations among its tables only', async () => {
    const tables = neighbourhood(model, books);
    const text = await renderErd(model, { format: 'mermaid', title: 'Books', tables });
    expect(text.match(/ : ".*"$/gm)).toEqual([' : "authors_book_fk"', ' : "loans_book_fk"']);
  });

  test('of a table that is not there is empty', () => {
    expect(neighbourhood(model, { schema: 'library', name: 'nothing' })).toEqual([]);
  });
});
