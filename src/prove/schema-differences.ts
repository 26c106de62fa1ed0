/** What a schema diff says, in the words of a person who rolled back and looks at what is other than before. */
import { diff, type ObjectChange } from '../catalog/index.js';
import { addressText } from '../schema/index.js';
import type { SchemaDifference } from './proof.js';
import { COMPARISON, type Snapshot } from './snapshot.js';

/** @param wanted as it should be; @param found as it is */
export function schemaDifferences(wanted: Snapshot, found: Snapshot): readonly SchemaDifference[] {
  if (wanted.schemaFingerprint === found.schemaFingerprint) {
    return [];
  }
  const { added, removed, changed, reordered } = diff(wanted.schema, found.schema, COMPARISON);
  return [
    ...added.map(({ address }) => presence('left behind', addressText(address))),
    ...removed.map(({ address }) => presence('missing', addressText(address))),
    ...changed.map(changedObject),
    ...reordered
      .filter(({ address }) => address.kind !== 'table')
      .map(({ address, before, after }) => ({
        change: 'changed' as const,
        object: addressText(address),
        properties: [{ property: 'order', was: before.join(', '), is: after.join(', ') }],
      })),
  ];
}

function presence(change: 'left behind' | 'missing', object: string): SchemaDifference {
  return { change, object, properties: [] };
}

function changedObject({ address, properties }: ObjectChange): SchemaDifference {
  return {
    change: 'changed',
    object: addressText(address),
    properties: properties.map(({ property, before, after }) => ({
      property,
      was: shown(before),
      is: shown(after),
    })),
  };
}

const LONGEST = 200;

function shown(value: unknown): string {
  const text = value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
