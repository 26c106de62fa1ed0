import { join } from 'node:path';
import { Parser } from '@dbml/core';
import mermaid from 'mermaid';
import { beforeAll, expect, test } from 'vitest';
import { diagramOf } from '../../../src/docs/erd/diagram.js';
import { drawingOf } from '../../../src/docs/erd/drawing.js';
import { erdFiles } from '../../../src/docs/erd/files.js';
import { renderErd } from '../../../src/docs/index.js';
import type { SchemaModel } from '../../../src/schema/index.js';
import { GOLDENS, libraryModel } from './library.js';

const title = 'The "library"';
let model: SchemaModel;
beforeAll(async () => {
  model = await libraryModel();
});

test.each([
  ['mermaid', 'library.mmd'],
  ['dbml', 'library.dbml'],
  ['plantuml', 'library.puml'],
  ['dot', 'library.dot'],
  ['svg', 'library.svg'],
] as const)('a diagram as %s is what the golden shows', async (format, golden) => {
  const text = await renderErd(model, { format, title });
  await expect(text).toMatchFileSnapshot(join(GOLDENS, golden));
});

test('the files of a database are one a format, and the same each time', async () => {
  const drawing = await drawingOf(diagramOf(model), { title });
  const files = await erdFiles(model, drawing, { name: 'library' });
  expect(files.map(({ name }) => name)).toEqual([
    'library.mmd',
    'library.dbml',
    'library.puml',
    'library.dot',
    'library.svg',
    'library-dark.svg',
    'library.png',
  ]);
  expect(await erdFiles(model, drawing, { name: 'library' })).toEqual(files);
});

test('a PNG has two pixels for each of the SVG', async () => {
  const svg = await renderErd(model, { format: 'svg', title });
  const png = Buffer.from(await renderErd(model, { format: 'png', title }));
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([width! * 2, height! * 2]);
});

test("Mermaid's own parser reads the Mermaid form", async () => {
  const text = await renderErd(model, { format: 'mermaid', title });
  expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'er' });
});

test("DBML's own parser reads tables, enums and references", async () => {
  const text = await renderErd(model, { format: 'dbml', title });
  const { schemas } = new Parser().parse(text, 'dbmlv2');
  const tables = schemas.flatMap((schema) => schema.tables.map(({ name }) => `${schema.name}.${name}`));
  expect(tables.sort()).toEqual([
    'library.authors',
    'library.books',
    'library.loans',
    'library.settings',
    'people & co.cards',
    'people & co.persons',
  ]);
  expect(schemas.flatMap(({ enums }) => enums)[0]).toMatchObject({ name: 'genre' });
  expect(schemas.flatMap(({ refs }) => refs)).toHaveLength(6);
});

test('a colour can stand for anything that a table is told by', async () => {
  const colourBy = ({ name }: { readonly name: string }) => (name === 'persons' ? 'personal' : 'public');
  const svg = await renderErd(model, { format: 'svg', title, colourBy });
  expect(svg).toContain('>personal</text>');
  expect(svg).toContain('>public</text>');
});
