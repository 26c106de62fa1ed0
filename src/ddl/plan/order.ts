/** A topological order that does first what may come first, by rank. */

export interface Ordered {
  readonly id: number;
  /** What may be done at the same time is done by this, then by `id`. */
  readonly rank: number;
  /** What must be done before. */
  readonly after: ReadonlySet<number>;
}

/** The nodes in order. Of a circle that waits for nothing else, the one of the lowest rank is taken as if it were free. */
export function inOrder<Node extends Ordered>(nodes: readonly Node[]): Node[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waitsFor = new Map<number, number>();
  const followers = new Map<number, number[]>();
  for (const { id, after } of nodes) {
    let count = 0;
    for (const before of after) {
      if (byId.has(before) && before !== id) {
        count += 1;
        const list = followers.get(before);
        if (list) {
          list.push(id);
        } else {
          followers.set(before, [id]);
        }
      }
    }
    waitsFor.set(id, count);
  }
  const ready = new Heap<Node>(compare);
  for (const node of nodes) {
    if (waitsFor.get(node.id) === 0) {
      ready.push(node);
    }
  }
  const result: Node[] = [];
  const done = new Set<number>();
  while (result.length < nodes.length) {
    const node = ready.pop() ?? leastOfFirstCircle(nodes.filter(({ id }) => !done.has(id)));
    if (done.has(node.id)) {
      continue;
    }
    done.add(node.id);
    result.push(node);
    for (const follower of followers.get(node.id) ?? []) {
      const left = waitsFor.get(follower)! - 1;
      waitsFor.set(follower, left);
      if (left === 0 && !done.has(follower)) {
        ready.push(byId.get(follower)!);
      }
    }
  }
  return result;
}

/** The circles come in such an order that the first of them waits for none of the others. */
function leastOfFirstCircle<Node extends Ordered>(left: readonly Node[]): Node {
  const [circle] = circlesIn(left);
  return left.filter(({ id }) => circle?.has(id)).sort(compare)[0]!;
}

function compare(a: Ordered, b: Ordered): number {
  return a.rank - b.rank || a.id - b.id;
}

/** A binary heap with the least on top. */
class Heap<Value> {
  readonly #values: Value[] = [];
  readonly #compare: (a: Value, b: Value) => number;

  constructor(compareValues: (a: Value, b: Value) => number) {
    this.#compare = compareValues;
  }

  push(value: Value): void {
    const values = this.#values;
    values.push(value);
    for (let at = values.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (this.#compare(values[above]!, values[at]!) <= 0) {
        return;
      }
      [values[above], values[at]] = [values[at]!, values[above]!];
      at = above;
    }
  }

  pop(): Value | undefined {
    const values = this.#values;
    const top = values[0];
    const last = values.pop();
    if (values.length > 0 && last !== undefined) {
      values[0] = last;
      for (let at = 0; ; ) {
        let least = at;
        for (const below of [2 * at + 1, 2 * at + 2]) {
          if (below < values.length && this.#compare(values[below]!, values[least]!) < 0) {
            least = below;
          }
        }
        if (least === at) {
          break;
        }
        [values[at], values[least]] = [values[least]!, values[at]!];
        at = least;
      }
    }
    return top;
  }
}

/** The circles: sets of more than one node that all wait for each other. Tarjan's algorithm, without recursion. */
export function circlesIn(nodes: readonly Ordered[]): ReadonlySet<number>[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const onStack = new Set<number>();
  const stack: number[] = [];
  const circles: Set<number>[] = [];
  for (const { id: root } of nodes) {
    if (index.has(root)) {
      continue;
    }
    const work: { id: number; next: Iterator<number> }[] = [];
    const enter = (id: number): void => {
      index.set(id, index.size);
      low.set(id, index.get(id)!);
      stack.push(id);
      onStack.add(id);
      work.push({ id, next: byId.get(id)!.after.values() });
    };
    enter(root);
    while (work.length > 0) {
      const { id, next } = work.at(-1)!;
      const step = next.next();
      if (!step.done) {
        const other = step.value;
        if (!byId.has(other)) {
          continue;
        }
        if (!index.has(other)) {
          enter(other);
        } else if (onStack.has(other)) {
          low.set(id, Math.min(low.get(id)!, index.get(other)!));
        }
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) {
        low.set(parent.id, Math.min(low.get(parent.id)!, low.get(id)!));
      }
      if (low.get(id) === index.get(id)) {
        const circle = new Set<number>();
        for (let member = stack.pop()!; ; member = stack.pop()!) {
          onStack.delete(member);
          circle.add(member);
          if (member === id) {
            break;
          }
        }
        if (circle.size > 1) {
          circles.push(circle);
        }
      }
    }
  }
  return circles;
}
