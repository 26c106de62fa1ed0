import { expect, test } from 'vitest';
import { shareOut } from '../../src/prove/shares.js';

/** Lets workers take turns, each as often as it is fast. @returns what each was given, in order */
function work(tasks: number, speeds: readonly number[]): number[][] {
  const shares = shareOut(tasks, speeds.length);
  const given = speeds.map((): number[] => []);
  const done = new Set<number>();
  while (done.size < speeds.length) {
    for (const [worker, speed] of speeds.entries()) {
      for (let turn = 0; turn < speed && !done.has(worker); turn += 1) {
        const task = shares.next(worker);
        if (task === undefined) {
          done.add(worker);
        } else {
          given[worker]!.push(task);
        }
      }
    }
  }
  return given;
}

test.each([
  [1, [1]],
  [7, [1, 1]],
  [300, [1, 1]],
  [300, [5, 1]],
  [61, [1, 9, 1, 2]],
  [3, [1, 1, 1, 1]],
])('%i tasks are each given once to workers as fast as %j', (tasks, speeds) => {
  const given = work(tasks, speeds).flat();
  expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: tasks }, (_, index) => index));
});

test('each worker goes on with what follows', () => {
  const [first, second] = work(100, [1, 1]);
  expect(first).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(second).toEqual(Array.from({ length: 50 }, (_, index) => 50 + index));
});

test('a worker that is done early takes the second half of what the other has left', () => {
  const [fast, slow] = work(100, [9, 1]);
  expect(fast!.length).toBeGreaterThan(75);
  const jumps = fast!.filter((task, index) => index > 0 && task !== fast![index - 1]! + 1);
  expect(jumps.length).toBeLessThan(6);
  expect(slow![0]).toBe(50);
});
