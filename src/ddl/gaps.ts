/** What no statement brings about. */
import { diff } from '../catalog/index.js';
import type { SchemaModel, Table } from '../schema/index.js';
import type { Difference } from './plan/difference.js';
import type { Scene } from './scene.js';
import type { ChangeGap } from './schema-change.js';
import { addressOf, keyOf, type Unit } from './unit.js';
import { hidesSecret } from './write/options.js';

export function gapsOf(
  from: SchemaModel,
  to: SchemaModel,
  scene: Scene,
  { created, altered }: Difference,
): ChangeGap[] {
  const touched = [...created, ...altered].map((key) => scene.to.units.get(key)!);
  return [...touched.flatMap((one) => gapOf(one, created)), ...(scene.exact ? orderGaps(from, to) : [])];
}

function gapOf(one: Unit, created: ReadonlySet<string>): ChangeGap[] {
  const gap = (reason: string): ChangeGap[] => [{ about: addressOf(one), reason }];
  const isNew = created.has(one.key);
  switch (one.kind) {
    case 'foreign server':
    case 'foreign data wrapper':
      return isNew && hidesSecret(one.object.options)
        ? gap('The model does not tell the secrets among its options: set them by hand.')
        : [];
    case 'table':
      return isNew && hidesSecret(one.object.foreign?.options)
        ? gap('The model does not tell the secrets among its options: set them by hand.')
        : [];
    case 'user mapping':
      return gap(
        `The model does not tell the options of the mapping for ${one.object.user}: set them by hand.`,
      );
    case 'inheritance':
      return (one.relation as Table).columns.some(({ inherited }) => inherited) &&
        !created.has(keyOf('table', one.path))
        ? gap('The columns and checks that it has already stay its own beside those that it inherits.')
        : [];
    case 'index':
      return one.object.invalid ? gap('It is invalid, and the statements make a valid one.') : [];
    default:
      return [];
  }
}

function orderGaps(from: SchemaModel, to: SchemaModel): ChangeGap[] {
  return diff(from, to).reordered.map(({ address, moved }) => ({
    about: address,
    reason: `The order of columns cannot be changed in place: ${moved.join(', ')} would have to move.`,
  }));
}
