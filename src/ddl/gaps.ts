/** What no statement brings about. */
import { type ComparisonOptions, diff } from '../catalog/index.js';
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
  { ignoreColumnOrder = false }: ComparisonOptions,
): ChangeGap[] {
  const touched = [...created, ...altered].map((key) => scene.to.units.get(key)!);
  return [
    ...touched.flatMap((one) => gapOf(one, created)),
    ...(ignoreColumnOrder ? [] : orderGaps(from, to, created)),
  ];
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

function orderGaps(from: SchemaModel, to: SchemaModel, created: ReadonlySet<string>): ChangeGap[] {
  return diff(asMade(from, to, created), to).reordered.map(({ address, moved }) => ({
    about: address,
    reason: `The order of columns cannot be changed in place: ${moved.join(', ')} would have to move.`,
  }));
}

/** The second schema with its columns and attributes as they will stand: those that stay, then those that come. */
function asMade(from: SchemaModel, to: SchemaModel, created: ReadonlySet<string>): SchemaModel {
  const tables = new Map(from.tables.map((table) => [`${table.schema}\0${table.name}`, table]));
  const types = new Map(from.types.map((type) => [`${type.schema}\0${type.name}`, type]));
  return {
    ...to,
    tables: to.tables.map((now) => {
      const then = tables.get(`${now.schema}\0${now.name}`);
      const path = [now.schema, now.name];
      return then && !created.has(keyOf('table', path))
        ? {
            ...now,
            columns: inOldOrder(then.columns, now.columns, (name) =>
              created.has(keyOf('column', [...path, name])),
            ),
          }
        : now;
    }),
    types: to.types.map((now) => {
      const then = types.get(`${now.schema}\0${now.name}`);
      return now.kind === 'composite type' &&
        then?.kind === 'composite type' &&
        !created.has(keyOf('type', [now.schema, now.name]))
        ? { ...now, attributes: inOldOrder(then.attributes, now.attributes, () => false) }
        : now;
    }),
  };
}

function inOldOrder<Part extends { readonly name: string }>(
  then: readonly Part[],
  now: readonly Part[],
  isCreated: (name: string) => boolean,
): Part[] {
  const places = new Map(then.map(({ name }, place) => [name, place]));
  const placeOf = ({ name }: Part): number =>
    isCreated(name) ? then.length : (places.get(name) ?? then.length);
  return [...now].sort((a, b) => placeOf(a) - placeOf(b));
}
