import fc from 'fast-check';
import { expect, test } from 'vitest';
import { circlesIn, inOrder, type Ordered } from '../../src/ddl/plan/order.js';

const node = (id: number, rank: number, ...after: number[]): Ordered => ({ id, rank, after: new Set(after) });
const ids = (nodes: readonly Ordered[]): number[] => nodes.map(({ id }) => id);

test('what may come first comes by rank', () => {
  expect(ids(inOrder([node(0, 3), node(1, 2, 0), node(2, 1), node(3, 2)]))).toEqual([2, 3, 0, 1]);
});

test('a circle is opened at its own lowest rank, not at what waits for it', () => {
  const waiting = node(0, 1, 2);
  const circle = [node(1, 9, 2), node(2, 8, 1)];
  expect(ids(inOrder([waiting, ...circle]))).toEqual([2, 0, 1]);
});

test('of two circles that wait for each other the first is opened first', () => {
  const second = [node(0, 1, 1, 2), node(1, 2, 0)];
  const first = [node(2, 9, 3), node(3, 8, 2)];
  expect(circlesIn([...second, ...first])).toHaveLength(2);
  expect(ids(inOrder([...second, ...first]))).toEqual([3, 2, 0, 1]);
});

test('every node comes once, and after all that it waits for where there is no circle', () => {
  const anyNodes = fc
    .array(fc.tuple(fc.nat(5), fc.array(fc.nat(30), { maxLength: 4 })), { minLength: 1, maxLength: 30 })
    .map((drawn) =>
      drawn.map(([rank, after], id) => node(id, rank, ...after.filter((one) => one < drawn.length))),
    );
  fc.assert(
    fc.property(anyNodes, (nodes) => {
      const order = ids(inOrder(nodes));
      expect([...order].sort((a, b) => a - b)).toEqual(ids(nodes));
      const circles = circlesIn(nodes);
      for (const { id, after } of nodes) {
        const isTogether = (other: number) => circles.some((circle) => circle.has(id) && circle.has(other));
        for (const before of after) {
          if (before !== id && !isTogether(before)) {
            expect(order.indexOf(before)).toBeLessThan(order.indexOf(id));
          }
        }
      }
    }),
  );
});
