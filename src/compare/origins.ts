/** Which migration had the last word on an object: found in the texts of the statements that name it. */
import type { AppliedMigration } from '../migrate/index.js';
import { analyzeScript, loadParser, type ObjectUse, statementObjects } from '../sql/index.js';
import type { Difference } from './difference.js';

/** A migration that made or changed an object. */
export interface Origin {
  readonly target: string;
  readonly version: string;
  readonly name: string;
}

/** For each difference the newest migration that names the object; `undefined` where none does. */
export async function originsOf(
  differences: readonly Difference[],
  history: readonly AppliedMigration[],
): Promise<readonly (Origin | undefined)[]> {
  await loadParser();
  const found = differences.map((): Origin | undefined => undefined);
  for (const { target, version, name, up } of [...history].reverse()) {
    const open = differences.flatMap((difference, index) =>
      found[index] === undefined && up.includes(lastOf(difference)) ? [{ difference, index }] : [],
    );
    if (open.length === 0) {
      continue;
    }
    const uses = usesIn(up);
    for (const { difference, index } of open) {
      if (uses.some((use) => isAbout(use, difference))) {
        found[index] = { target, version, name };
      }
    }
  }
  return found;
}

function usesIn(script: string): readonly ObjectUse[] {
  return analyzeScript(script).flatMap(({ outcome }) =>
    outcome.kind === 'parsed'
      ? statementObjects(outcome.node).uses.filter(
          ({ action }) => !['refer', 'read', 'write'].includes(action),
        )
      : [],
  );
}

/** The object's own name, by which it stands in a text. */
function lastOf({ path }: Difference): string {
  return (path.at(-1) ?? '').replace(/\(.*$/s, '');
}

/** The statement makes or changes the object, or the table that it is a part of. */
function isAbout(use: ObjectUse, difference: Difference): boolean {
  const { of, path } = difference;
  const holder = of?.path ?? (path.length > 1 ? path : undefined);
  const [schema, table] = holder ?? [];
  const isHolder = (name: { readonly schema: string | undefined; readonly name: string }): boolean =>
    name.name === table && (name.schema === undefined || name.schema === schema);
  if (of) {
    return (use.of !== undefined && isHolder(use.of)) || isHolder(use);
  }
  return (
    use.name === lastOf(difference) &&
    (path.length === 1 || use.schema === undefined || use.schema === schema)
  );
}
