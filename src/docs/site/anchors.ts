/** The places in pages that links lead to. */
import type { Dictionary, Entity } from '../dictionary/dictionary.js';

/** The anchor of each column of a table, in their order. */
export function columnAnchors({ fields }: Entity): readonly string[] {
  return uniqueAnchors(fields.map(({ name }) => `column-${name}`));
}

export interface AnchoredObject {
  readonly kind: string;
  readonly name: string;
  readonly meaning: string | undefined;
  readonly anchor: string;
}

/** Every type and function with its anchor, schema by schema, types first. */
export function objectAnchors({ schemas }: Dictionary): readonly AnchoredObject[] {
  const objects = schemas.flatMap((schema) => [
    ...schema.types.map(({ kind, name, meaning }) => ({ kind, name: `${schema.name}.${name}`, meaning })),
    ...schema.routines.map(({ kind, signature, meaning }) => ({
      kind,
      name: `${schema.name}.${signature}`,
      meaning,
    })),
  ]);
  const anchors = uniqueAnchors(objects.map(({ name }) => name));
  return objects.map((object, index) => ({ ...object, anchor: anchors[index]! }));
}

/** Letters, digits, hyphens and underscores only, so that no link has to be encoded; alike ones get a number. */
export function uniqueAnchors(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = name.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-|-$/g, '');
    let anchor = base;
    for (let number = 2; taken.has(anchor); number += 1) {
      anchor = `${base}-${number}`;
    }
    taken.add(anchor);
    return anchor;
  });
}
