const CONTEXT_LINES = 2;
const LONGEST = 400;

/**
 * The lines that differ between two texts, marked `-` and `+`, with two lines around them. For texts of
 * thousands of lines only the differing middle is compared.
 */
export function lineDiff(before: string, after: string): string {
  const left = before.split(/\r?\n/);
  const right = after.split(/\r?\n/);
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) {
    head += 1;
  }
  let tail = 0;
  while (
    tail < left.length - head &&
    tail < right.length - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  ) {
    tail += 1;
  }
  const middle = compare(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  const lead = left.slice(Math.max(0, head - CONTEXT_LINES), head).map((line) => `  ${line}`);
  const trail = left.slice(left.length - tail, left.length - tail + CONTEXT_LINES).map((line) => `  ${line}`);
  return [...lead, ...middle, ...trail].join('\n');
}

/** Longest common subsequence of lines; Myers' method is not worth its length for texts this small. */
function compare(left: readonly string[], right: readonly string[]): string[] {
  if (left.length > LONGEST || right.length > LONGEST) {
    return [...left.map((line) => `- ${line}`), ...right.map((line) => `+ ${line}`)];
  }
  const common = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      common[i]![j] =
        left[i] === right[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`  ${left[i]}`);
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(`- ${left[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${right[j]}`);
      j += 1;
    }
  }
  return lines;
}
