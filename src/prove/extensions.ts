/** The extensions that migrations create, for finding a server that has them. */
import type { Migration } from '../migrate/index.js';

/** Their names, found in the texts: a name too many only makes the search stricter. */
export function extensionsOf(migrations: readonly Migration[]): readonly string[] {
  const names = migrations.flatMap(({ up }) =>
    [...up.read().matchAll(CREATE_EXTENSION)].map(([, quoted, plain]) => quoted ?? plain!.toLowerCase()),
  );
  return [...new Set(names)].sort();
}

const CREATE_EXTENSION =
  /^\s*create\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z_][a-z0-9_]*))/gim;
