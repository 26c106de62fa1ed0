import { Parser } from '@dbml/core';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import fc from 'fast-check';
import mermaid from 'mermaid';
import { beforeAll, describe, expect, test } from 'vitest';
import { diagramOf } from '../../../src/docs/erd/diagram.js';
import { pack } from '../../../src/docs/erd/picture/pack.js';
import { pictureOf } from '../../../src/docs/erd/picture/picture.js';
import { visible } from '../../../src/docs/erd/visible.js';
import { renderErd } from '../../../src/docs/index.js';
import { models } from './generated-model.js';
import { expectWellFormed } from './well-formed.js';

const title = 'A "title" <of> \\ everything';
let graphviz: Graphviz;
beforeAll(async () => {
  graphviz = await Graphviz.load();
});

function occurrences(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

describe('whatever the names', { timeout: 60_000 }, () => {
  test('Mermaid reads every table and foreign key once', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const text = await renderErd(model, { format: 'mermaid', title });
        const { entities, relations } = diagramOf(model);
        expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'er' });
        expect(occurrences(text, /^ {2}".*" \{$/gm)).toBe(entities.length);
        expect(occurrences(text, /^ {2}".*" \S+(--|\.\.)\S+ ".*" : ".*"$/gm)).toBe(relations.length);
      }),
      { numRuns: 60 },
    );
  });

  test('DBML reads every table and its columns by their names; references are all written', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const text = await renderErd(model, { format: 'dbml', title });
        const { schemas } = new Parser().parse(text, 'dbmlv2');
        const read = schemas.flatMap(({ tables }) =>
          tables.map(({ name, fields }) => [name, namesOf(fields)]),
        );
        const written = model.tables.map(({ name, columns }) => [visible(name), namesOf(columns)]);
        expect(read.map((table) => JSON.stringify(table)).sort()).toEqual(
          written.map((table) => JSON.stringify(table)).sort(),
        );
        expect(occurrences(text, /^(\/\/ )?Ref /gm)).toBe(diagramOf(model).relations.length);
      }),
      { numRuns: 60 },
    );
  });

  test('Graphviz reads the DOT form: a node a table, an edge a foreign key', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const text = await renderErd(model, { format: 'dot', title });
        const { entities, relations } = diagramOf(model);
        const read = JSON.parse(graphviz.layout(text, 'dot_json', 'nop')) as {
          readonly objects: readonly { readonly name: string }[];
          readonly edges?: readonly unknown[];
        };
        expect(read.objects.filter(({ name }) => !name.startsWith('cluster_'))).toHaveLength(entities.length);
        expect(read.edges ?? []).toHaveLength(relations.length);
      }),
      { numRuns: 30 },
    );
  });

  test('PlantUML has no character with a meaning in a name, and everything once', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const lines = (await renderErd(model, { format: 'plantuml', title })).trimEnd().split('\n');
        const { entities, relations } = diagramOf(model);
        const safe = String.raw`(?:[\p{L}\p{N}_ .,()\[\]-]|<U\+[0-9A-F]{4,6}>)+`;
        const entity = new RegExp(`^ {2}entity "${safe}" as \\w+( <<[\\w ]+>>)* \\{$`, 'u');
        const column = new RegExp(`^ {4}\\{field\\} (\\* )?${safe} : ${safe}( <<[PFU]K>>)*$`, 'u');
        const relation = new RegExp(`^\\w+ (\\|\\||\\|o)(--|\\.\\.)(o\\||o\\{) \\w+ : ${safe}$`, 'u');
        const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
        expect(count(entity)).toBe(entities.length);
        expect(count(column)).toBe(entities.flatMap(({ columns }) => columns).length);
        expect(count(relation)).toBe(relations.length);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['columns', 'keys', 'names'] as const)(
    'a picture of %s has every table and foreign key once, well formed',
    async (detail) => {
      await fc.assert(
        fc.asyncProperty(models, async (model) => {
          const svg = await renderErd(model, { format: 'svg', title, detail });
          const { entities, relations } = diagramOf(model);
          expect(occurrences(svg, /<g class="t" id="/g)).toBe(entities.length);
          expect(occurrences(svg, / data-fk="/g)).toBe(relations.length);
          expectWellFormed(svg);
        }),
        { numRuns: 25 },
      );
    },
  );

  test('no box of a picture lies on another, and none outside', () => {
    fc.assert(
      fc.property(models, fc.constantFrom('columns' as const, 'names' as const), (model, detail) => {
        const { boxes, width, height } = pictureOf(graphviz, diagramOf(model), detail);
        const placed = boxes.map(({ box, x, y }) => ({ x, y, width: box.width, height: box.height }));
        expectApart(placed);
        for (const box of placed) {
          expect(box.x).toBeGreaterThanOrEqual(-1);
          expect(box.y).toBeGreaterThanOrEqual(-1);
          expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
          expect(box.y + box.height).toBeLessThanOrEqual(height + 1);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('rectangles are packed apart, whatever their sizes', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 900 }),
    height: fc.integer({ min: 1, max: 900 }),
  });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 40 }), fc.integer({ min: 0, max: 50 }), (sizes, gap) => {
      const places = pack(sizes, gap);
      expectApart(sizes.map((rectangle, index) => ({ ...rectangle, ...places[index]! })));
    }),
  );
});

function namesOf(columns: readonly { readonly name: string }[]): readonly string[] {
  return columns.map(({ name }) => visible(name));
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function expectApart(all: readonly Placed[]): void {
  const overlap = (a: Placed, b: Placed) =>
    a.x < b.x + b.width - 0.1 &&
    b.x < a.x + a.width - 0.1 &&
    a.y < b.y + b.height - 0.1 &&
    b.y < a.y + a.height - 0.1;
  const pairs = all.flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const));
  expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
}
