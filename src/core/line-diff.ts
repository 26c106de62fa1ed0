export interface LineDiffOptions {
  /** How many lines around a change are shown. Default 1. */
  readonly contextLines?: number;
}

/** How far apart two texts are still compared line by line. */
const MOST_CHANGES = 600;

/** A line that both texts have, that only the first has, or that only the second has. */
interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * What differs between two texts: removed lines marked `-`, added ones `+`, a few lines around them, `…` between.
 * Texts with more than 600 such lines are shown as removed and added, but for what they begin and end with alike.
 */
export function lineDiff(
  before: string,
  after: string,
  { contextLines = 1 }: LineDiffOptions = {},
): readonly string[] {
  const left = before.split(/\r?\n/);
  const right = after.split(/\r?\n/);
  const lines = compare(left, right);
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ mark }) => mark !== ' '),
  );
  return lines.flatMap(({ mark, text }, index) => {
    if (near[index]) {
      return [`${mark} ${text}`];
    }
    return near[index - 1] && near.includes(true, index) ? ['…'] : [];
  });
}

/** Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): the fewest removed and added lines. */
function compare(left: readonly string[], right: readonly string[]): Line[] {
  const most = Math.min(left.length + right.length, MOST_CHANGES);
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: ReadonlyMap<number, number>[] = [];
  for (let changes = 0; changes <= most; changes += 1) {
    trace.push(new Map(furthest));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = nextStart(furthest, diagonal, changes);
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) {
        x += 1;
      }
      furthest.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) {
        return backtrack(left, right, trace);
      }
    }
  }
  return replaceMiddle(left, right);
}

/** Everything removed and added, but for what the texts begin and end with alike. */
function replaceMiddle(left: readonly string[], right: readonly string[]): Line[] {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) {
    tail += 1;
  }
  return [
    ...left.slice(0, head).map(kept),
    ...left.slice(head, left.length - tail).map(removed),
    ...right.slice(head, right.length - tail).map(added),
    ...left.slice(left.length - tail).map(kept),
  ];
}

/** Where the step on to a diagonal begins: from above, by an added line, or from the left, by a removed one. */
function nextStart(furthest: ReadonlyMap<number, number>, diagonal: number, changes: number): number {
  return isFromAbove(furthest, diagonal, changes)
    ? furthest.get(diagonal + 1)!
    : furthest.get(diagonal - 1)! + 1;
}

function isFromAbove(furthest: ReadonlyMap<number, number>, diagonal: number, changes: number): boolean {
  return (
    diagonal === -changes ||
    (diagonal !== changes && furthest.get(diagonal - 1)! < furthest.get(diagonal + 1)!)
  );
}

function backtrack(
  left: readonly string[],
  right: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): Line[] {
  const lines: Line[] = [];
  let x = left.length;
  let y = right.length;
  for (let changes = trace.length - 1; changes >= 0; changes -= 1) {
    const furthest = trace[changes]!;
    const fromAbove = isFromAbove(furthest, x - y, changes);
    const start = nextStart(furthest, x - y, changes);
    while (x > start) {
      x -= 1;
      y -= 1;
      lines.push(kept(left[x]!));
    }
    if (changes > 0 && fromAbove) {
      y -= 1;
      lines.push(added(right[y]!));
    } else if (changes > 0) {
      x -= 1;
      lines.push(removed(left[x]!));
    }
  }
  return removedFirst(lines.reverse());
}

/** Within a run of changes the removed lines come before the added ones. */
function removedFirst(lines: readonly Line[]): Line[] {
  const ordered: Line[] = [];
  const waiting: Line[] = [];
  for (const line of lines) {
    if (line.mark === '+') {
      waiting.push(line);
    } else {
      ordered.push(...(line.mark === ' ' ? waiting.splice(0) : []), line);
    }
  }
  return [...ordered, ...waiting];
}

function kept(text: string): Line {
  return { mark: ' ', text };
}

function removed(text: string): Line {
  return { mark: '-', text };
}

function added(text: string): Line {
  return { mark: '+', text };
}
