import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ComparisonOptions, diff, fingerprint } from '../../src/catalog/index.js';
import { movedNames } from '../../src/catalog/moved-names.js';
import { parseModel, type SchemaModel } from '../../src/schema/index.js';

const MODEL = parseModel(
  readFileSync(join(import.meta.dirname, 'goldens/everything.json'), 'utf8'),
  'everything.json',
);

type Node = Record<string, unknown> | unknown[];

/** Every object and array inside the value, in order. */
function nodesWithin(value: unknown): Node[] {
  const inside = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inside.flatMap((part) =>
    typeof part === 'object' && part !== null ? [part, ...nodesWithin(part)] : [],
  );
}

/** Which node of the model, and which of its parts. */
type Mutation = readonly [node: number, part: number];

/** A copy of the model in which elements of lists are gone, texts are others, and flags are not set. */
function mutated(model: SchemaModel, mutations: readonly Mutation[]): SchemaModel {
  const copy = structuredClone(model);
  for (const [nodeNumber, partNumber] of mutations) {
    const nodes = nodesWithin(copy);
    mutate(nodes[nodeNumber % nodes.length]!, partNumber);
  }
  return copy;
}

function mutate(node: Node, partNumber: number): void {
  if (Array.isArray(node)) {
    node.splice(partNumber % (node.length + 1), 1);
    return;
  }
  const keys = Object.keys(node).filter((key) => key !== 'kind');
  const key = keys[partNumber % keys.length]!;
  if (node[key] === true || key === 'comment') {
    delete node[key];
  } else if (typeof node[key] === 'string') {
    node[key] += `!${partNumber}`;
  }
}

const anyOptions: fc.Arbitrary<ComparisonOptions> = fc.record({
  ignoreColumnOrder: fc.boolean(),
  ignoreOwners: fc.boolean(),
  ignorePrivileges: fc.boolean(),
  exact: fc.boolean(),
});

/** Few places, often the same in both models or in nothing that counts. */
const anyMutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.tuple(fc.nat({ max: 2000 }), fc.nat({ max: 20 })),
  { maxLength: 3 },
);

describe('diff', () => {
  test('of a model with itself is empty', () => {
    fc.assert(
      fc.property(anyMutations, anyOptions, (mutations, options) => {
        const model = mutated(MODEL, mutations);
        expect(diff(model, structuredClone(model), options).isEmpty).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('is empty exactly when the fingerprints are equal', () => {
    fc.assert(
      fc.property(anyMutations, anyMutations, anyOptions, (one, other, options) => {
        const [before, after] = [mutated(MODEL, one), mutated(MODEL, other)];
        const isSame = fingerprint(before, options) === fingerprint(after, options);
        expect(diff(before, after, options).isEmpty).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });

  test('the other way round adds what it removed and undoes what it changed', () => {
    fc.assert(
      fc.property(anyMutations, anyMutations, anyOptions, (one, other, options) => {
        const [before, after] = [mutated(MODEL, one), mutated(MODEL, other)];
        const there = diff(before, after, options);
        const back = diff(after, before, options);
        expect(back.added).toEqual(there.removed);
        expect(back.removed).toEqual(there.added);
        const undone = there.changed.map(({ address, properties, before, after }) => ({
          address,
          properties: properties.map(({ property, before, after }) => ({
            property,
            before: after,
            after: before,
          })),
          before: after,
          after: before,
        }));
        expect(new Set(back.changed.map((change) => JSON.stringify(change)))).toEqual(
          new Set(undone.map((change) => JSON.stringify(change))),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('moved names', () => {
  const anyOrders = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 })
    .chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.shuffledSubarray(names, { minLength: names.length, maxLength: names.length }),
      ),
    );

  test('are what must be taken out for the rest to stand in the same order, and no fewer would do', () => {
    fc.assert(
      fc.property(anyOrders, ([before, after]) => {
        const moved = new Set(movedNames(before, after));
        const staying = after.filter((name) => !moved.has(name));
        expect(before.filter((name) => !moved.has(name))).toEqual(staying);
        expect(staying.length).toBe(longestCommonLength(before, after));
      }),
    );
  });
});

/** The textbook's table of longest common subsequences. */
function longestCommonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (const [j, y] of b.entries()) {
      next.push(x === y ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    }
    row = next;
  }
  return row.at(-1)!;
}
