/** Which units come and go with the statement of another one. */
import type { Table } from '../../schema/index.js';
import type { Inventory } from '../inventory.js';
import { hasPredictableIndexes } from '../partition-indexes.js';
import type { Scene } from '../scene.js';
import { keyOf, type Unit } from '../unit.js';
import { carriersOf } from './carried.js';
import type { Difference } from './difference.js';

/** The key of the unit with whose statement that of the key comes or goes; its own where it is by itself. */
export type Host = (key: string) => string;

/** From host to host until one has none; each key is asked for once. */
function lastHost(next: (key: string) => string | undefined): Host {
  const hosts = new Map<string, string>();
  const host: Host = (key) => {
    let found = hosts.get(key);
    if (found === undefined) {
      const nearest = next(key);
      found = nearest === undefined ? key : host(nearest);
      hosts.set(key, found);
    }
    return found;
  };
  return host;
}

/** The unit whose drop takes another one along. */
export function dropHosts({ dropped }: Difference, { from }: Scene, separate: ReadonlySet<string>): Host {
  const ifDropped = (...keys: readonly string[]): string | undefined => keys.find((key) => dropped.has(key));
  const relationOf = (one: Unit): string =>
    keyOf(one.relation!.kind === 'table' ? 'table' : 'view', one.path.slice(0, 2));
  const taker = (one: Unit): string | undefined => {
    switch (one.kind) {
      case 'column':
        return ifDropped(relationOf(one), ...carried(one));
      case 'default':
        return ifDropped(
          keyOf('column', one.path),
          ...carried(one).filter((key) => allFollow(key, from, dropped)),
        );
      case 'backing index':
        return ifDropped(keyOf('constraint', [...one.path.slice(0, 2), one.object.constraint!]));
      case 'constraint':
      case 'index':
      case 'trigger':
      case 'policy':
      case 'rule':
      case 'statistics':
      case 'attachment':
      case 'inheritance':
        return ifDropped(relationOf(one));
      case 'table': {
        const parent = one.object.partitionOf;
        return parent && ifDropped(keyOf('table', [parent.schema, parent.name]));
      }
      case 'sequence': {
        const owner = one.object.ownedBy;
        return owner && ifDropped(keyOf('column', [owner.schema, owner.table, owner.column]));
      }
      case 'ownership':
        return ifDropped(keyOf('sequence', one.path));
      case 'published table':
        return ifDropped(keyOf('publication', one.path.slice(0, 1)), keyOf('table', one.path.slice(1)));
      case 'published schema':
        return ifDropped(keyOf('publication', one.path.slice(0, 1)), keyOf('schema', one.path.slice(1)));
      case 'default privileges':
        return one.object.schema === undefined ? undefined : ifDropped(keyOf('schema', [one.object.schema]));
      default:
        return undefined;
    }
  };
  /** While it stays a child, its column goes with the parent's. */
  const carried = (one: Unit<'column' | 'default'>): string[] =>
    ['attachment', 'inheritance'].some((kind) =>
      dropped.has(keyOf(kind as 'attachment', one.path.slice(0, 2))),
    )
      ? []
      : carriersOf(one, from);
  return lastHost((key) => (separate.has(`drop\0${key}`) ? undefined : taker(from.units.get(key)!)));
}

/** The unit with whose statement another one is made. */
export function createHosts({ created }: Difference, scene: Scene, separate: ReadonlySet<string>): Host {
  const { to } = scene;
  const ifCreated = (...keys: readonly string[]): string | undefined => keys.find((key) => created.has(key));
  const tableOf = (one: Unit): string => keyOf('table', one.path.slice(0, 2));
  const carried = (one: Unit<'column' | 'default'>): string[] =>
    ['attachment', 'inheritance'].some((kind) =>
      created.has(keyOf(kind as 'attachment', one.path.slice(0, 2))),
    )
      ? []
      : carriersOf(one, to);
  const maker = (one: Unit): string | undefined => {
    switch (one.kind) {
      case 'column':
        return ifCreated(tableOf(one), ...carried(one));
      case 'default': {
        const same = carried(one).filter((key) => created.has(key) && allFollow(key, to, created));
        const isOfNewColumn =
          created.has(keyOf('column', one.path)) &&
          (created.has(tableOf(one)) ||
            carried({ ...one, kind: 'column' } as never).every((key) => !created.has(key)));
        return isOfNewColumn ? keyOf('column', one.path) : ifCreated(...same);
      }
      case 'constraint':
        return isWrittenWithTable(one) || one.object.inherited ? ifCreated(tableOf(one)) : undefined;
      case 'index':
      case 'backing index':
        // What a new partition has from its parent is written with it, or comes with the parent's.
        return one.object.inherited ? ifCreated(tableOf(one)) : undefined;
      case 'attachment':
        return created.has(tableOf(one)) &&
          hasPredictableIndexes(one.relation as Table, scene.to, (key) => created.has(key))
          ? tableOf(one)
          : undefined;
      case 'inheritance':
        return ifCreated(tableOf(one));
      case 'published table':
      case 'published schema':
        return ifCreated(keyOf('publication', one.path.slice(0, 1)));
      default:
        return undefined;
    }
  };
  return lastHost((key) => (separate.has(`create\0${key}`) ? undefined : maker(to.units.get(key)!)));
}

/** `create table` checks all that it adds, and makes one key of two on the same columns. */
function isWrittenWithTable({ object, relation }: Unit<'constraint'>): boolean {
  if ('notValid' in object && object.notValid) {
    return false;
  }
  if (object.kind !== 'primary key' && object.kind !== 'unique') {
    return true;
  }
  const columns = object.columns.join('\0');
  const keys = (relation as Table).constraints.filter(
    (one) => (one.kind === 'primary key' || one.kind === 'unique') && one.columns.join('\0') === columns,
  );
  return keys.length === 1 || object.kind === 'primary key';
}

/** Whether the same default comes or goes in all the tables below, so that one statement does for all of them. */
export function allFollow(
  key: string,
  inventory: Inventory,
  changing: Pick<ReadonlySet<string>, 'has'>,
): boolean {
  const one = inventory.units.get(key) as Unit<'default'>;
  const [schema, table, column] = one.path as [string, string, string];
  return (inventory.children.get(`${schema}\0${table}`) ?? []).every((child) => {
    const below = keyOf('default', [child.schema, child.name, column]);
    const other = inventory.units.get(below) as Unit<'default'> | undefined;
    return (
      other !== undefined &&
      changing.has(below) &&
      other.object.expression === one.object.expression &&
      allFollow(below, inventory, changing)
    );
  });
}
