/** A diff as one list, in the order in which a person reads it: each table, view or type with its parts. */
import type { SchemaDiff } from '../catalog/index.js';
import type { ObjectAddress, ObjectKind, SchemaModel } from '../schema/index.js';
import type { Difference } from './difference.js';

/** The differences, those of one object together. */
export function differencesOf(diff: SchemaDiff, before: SchemaModel, after: SchemaModel): Difference[] {
  const views = new Set([...before.views, ...after.views].map(({ schema, name }) => `${schema}\0${name}`));
  const of = (address: ObjectAddress): Pick<Difference, 'of'> => {
    const holder = holderOf(address, views);
    return holder ? { of: holder } : {};
  };
  const model = (object: object) => object as Readonly<Record<string, unknown>>;
  const found: Difference[] = [
    ...diff.removed.map(({ address, object }) => ({
      change: 'removed' as const,
      ...address,
      ...of(address),
      before: model(object),
    })),
    ...diff.added.map(({ address, object }) => ({
      change: 'added' as const,
      ...address,
      ...of(address),
      after: model(object),
    })),
    ...diff.changed.map(({ address, properties, ...objects }) => ({
      change: 'changed' as const,
      ...address,
      ...of(address),
      before: model(objects.before),
      after: model(objects.after),
      properties: properties.map(({ property, ...values }) => ({ property, ...values })),
    })),
    ...diff.reordered.map(({ address, ...order }) => ({ change: 'reordered' as const, ...address, order })),
  ];
  return found.sort(
    (a, b) =>
      comparePlaces(placeOf(a.of ?? a), placeOf(b.of ?? b)) ||
      Number(a.of !== undefined) - Number(b.of !== undefined) ||
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

/** Whole objects in the order in which one is made before another can name it, then parts. */
const ORDER: readonly ObjectKind[] = [
  'extension',
  'schema',
  'type',
  'sequence',
  'table',
  'view',
  'routine',
  'event trigger',
  'foreign data wrapper',
  'foreign server',
  'publication',
  'default privileges',
  'other object',
  'attribute',
  'domain constraint',
  'column',
  'constraint',
  'index',
  'trigger',
  'policy',
  'rule',
  'statistics',
];

function holderOf({ kind, path }: ObjectAddress, views: ReadonlySet<string>): ObjectAddress | undefined {
  const [schema = '', name = ''] = path;
  switch (kind) {
    case 'attribute':
    case 'domain constraint':
      return { kind: 'type', path: [schema, name] };
    case 'column':
    case 'constraint':
    case 'index':
    case 'trigger':
    case 'policy':
    case 'rule':
    case 'statistics':
      return { kind: views.has(`${schema}\0${name}`) ? 'view' : 'table', path: [schema, name] };
    default:
      return undefined;
  }
}

function placeOf({ kind, path }: ObjectAddress): readonly string[] {
  return [String(ORDER.indexOf(kind)).padStart(2, '0'), ...path];
}

function comparePlaces(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.join('\0'), b.join('\0')];
  return left < right ? -1 : left > right ? 1 : 0;
}
