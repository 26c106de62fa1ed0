/** Groups what is connected: a list of lists, in the order of their first members. */
export function components<Key>(
  keys: readonly Key[],
  pairs: readonly (readonly [Key, Key])[],
): readonly (readonly Key[])[] {
  const neighbours = new Map<Key, Key[]>(keys.map((key) => [key, []]));
  for (const [a, b] of pairs) {
    neighbours.get(a)?.push(b);
    neighbours.get(b)?.push(a);
  }
  const seen = new Set<Key>();
  return keys.flatMap((start) => (seen.has(start) ? [] : [reachable(start, neighbours, seen)]));
}

function reachable<Key>(
  start: Key,
  neighbours: ReadonlyMap<Key, readonly Key[]>,
  seen: Set<Key>,
): readonly Key[] {
  const found = [start];
  seen.add(start);
  for (const key of found) {
    for (const next of neighbours.get(key)!) {
      if (!seen.has(next)) {
        seen.add(next);
        found.push(next);
      }
    }
  }
  return found;
}
