/**
 * The statements of a change as actions that wait for each other: drops for the drops of what uses them, creations for
 * what they use, changes in place between the two.
 */
import type { Column, Table } from '../../schema/index.js';
import type { Inventory } from '../inventory.js';
import { hasPredictableIndexes, namesOfIndex, stayingParts } from '../partition-indexes.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf, type Unit, type UnitKind } from '../unit.js';
import { carriersOf, type Difference } from './difference.js';
import { circlesIn, inOrder, type Ordered } from './order.js';
import { ALTER_RANKS, CREATE_RANKS, DROP_RANKS, LAST_RANK } from './ranks.js';

export interface Action extends Ordered {
  /** `set aside`: a type that columns still have is renamed; `drop` takes it away under that name. */
  readonly kind: 'create' | 'alter' | 'drop' | 'set aside';
  readonly unit: Unit;
  /** What the unit was, for `alter`. */
  readonly before?: Unit;
  /** The name under which a type is set aside. */
  readonly aside?: string;
  readonly after: Set<number>;
}

export interface Plan {
  readonly actions: readonly Action[];
  readonly decisions: Decisions;
  /** What can stay, or change in place, neither before nor after others: dropped and made again it can. */
  readonly stuck: readonly string[];
}

/** The kinds that hold no data and that can be made again at any time. */
const REPLACEABLE: ReadonlySet<UnitKind> = new Set([
  'policy',
  'rule',
  'view',
  'routine',
  'trigger',
  'default',
  'ownership',
] as const);

/** The actions in order. */
export function planOf(difference: Difference, scene: Scene): Plan {
  // Where statements wait for each other in a circle, what tables can do without for a while is left for later.
  const separate = new Set<string>();
  for (;;) {
    const { actions, decisions, hostOf } = actionsOf(difference, scene, separate);
    const before = separate.size;
    const circles = circlesIn(actions);
    for (const circle of circles) {
      separateWithin(circle, hostOf, difference, separate);
    }
    if (separate.size === before) {
      const stuck = [
        ...replaceableIn(circles, actions),
        ...circles.flatMap((circle) => keysBetween(circle, actions, difference, scene)),
      ];
      return { actions: rulesLast(inOrder(actions)), decisions, stuck };
    }
  }
}

function replaceableIn(circles: readonly ReadonlySet<number>[], actions: readonly Action[]): string[] {
  return actions
    .filter(
      ({ id, kind, unit }) =>
        kind === 'alter' && REPLACEABLE.has(unit.kind) && circles.some((circle) => circle.has(id)),
    )
    .map(({ unit }) => unit.key);
}

/** The foreign keys that stay between tables that would each have to become logged, or unlogged, before the other. */
function keysBetween(
  circle: ReadonlySet<number>,
  actions: readonly Action[],
  { created }: Difference,
  { from, to }: Scene,
): string[] {
  const tables = new Set(
    actions.flatMap(({ id, kind, unit }) =>
      kind === 'alter' && unit.kind === 'table' && circle.has(id) ? [unit.key] : [],
    ),
  );
  return [...to.units.values()].flatMap((one) => {
    if (one.kind !== 'constraint' || one.object.kind !== 'foreign key') {
      return [];
    }
    const { schema, table } = one.object.references;
    const ends = [keyOf('table', one.path.slice(0, 2)), keyOf('table', [schema, table])];
    const isStaying = from.units.has(one.key) && !created.has(one.key);
    return isStaying && ends[0] !== ends[1] && ends.every((end) => tables.has(end)) ? [one.key] : [];
  });
}

/** Default privileges change when all is made: what is new is born with those that were there. */
function rulesLast(actions: readonly Action[]): Action[] {
  const isRule = ({ unit }: Action): boolean => unit.kind === 'default privileges';
  return [...actions.filter((action) => !isRule(action)), ...actions.filter(isRule)];
}

type HostOf = (key: string, kind: Action['kind']) => Action | undefined;

/** The kinds of units that need not be made or dropped with their table. */
const SEPARABLE: ReadonlySet<string> = new Set(['constraint', 'default']);

function separateWithin(
  circle: ReadonlySet<number>,
  hostOf: HostOf,
  difference: Difference,
  separate: Set<string>,
): void {
  for (const [keys, kind, side] of [
    [difference.created, 'create', 'to'],
    [difference.dropped, 'drop', 'from'],
  ] as const) {
    for (const key of keys) {
      if (!SEPARABLE.has(key.slice(0, key.indexOf('\0')))) {
        continue;
      }
      const host = hostOf(key, kind);
      if (!host || !circle.has(host.id) || host.unit.key === key) {
        continue;
      }
      const isPartOfCircle = [...difference.uses(key, side)].some((used) => {
        const other = hostOf(used, kind);
        return other !== undefined && other !== host && circle.has(other.id);
      });
      if (isPartOfCircle) {
        separate.add(`${kind}\0${key}`);
      }
    }
  }
}

interface Actions {
  readonly actions: readonly Action[];
  readonly decisions: Decisions;
  readonly hostOf: HostOf;
}

function actionsOf(difference: Difference, scene: Scene, separate: ReadonlySet<string>): Actions {
  const { dropped, created, altered } = difference;
  const { from, to } = scene;
  const dropHost = dropHosts(difference, scene, separate);
  const createHost = createHosts(difference, scene, separate);
  const actions: Action[] = [];
  const byKey = new Map<string, Action>();
  const add = (kind: Action['kind'], one: Unit, rank: number, extra: Partial<Action> = {}): Action => {
    const action: Action = { id: actions.length, kind, unit: one, rank, after: new Set(), ...extra };
    actions.push(action);
    byKey.set(`${kind}\0${one.key}`, action);
    return action;
  };
  for (const key of dropped) {
    const one = from.units.get(key)!;
    if (dropHost(key) !== key) {
      continue;
    }
    if (one.kind === 'type' && isHeldByColumns(key, difference, scene)) {
      const aside = nameAside(one, scene);
      add('set aside', one, ALTER_RANKS.type, { aside });
      add('drop', one, LAST_RANK, { aside });
    } else {
      add('drop', one, DROP_RANKS[one.kind]);
    }
  }
  for (const key of altered) {
    const one = to.units.get(key)!;
    add('alter', one, ALTER_RANKS[one.kind], { before: from.units.get(key)! });
  }
  for (const key of created) {
    const one = to.units.get(key)!;
    if (createHost(key) === key) {
      add('create', one, rankOfCreation(one));
    }
  }
  const dropOf = (key: string): Action | undefined =>
    dropped.has(key) ? byKey.get(`drop\0${dropHost(key)}`) : undefined;
  const createOf = (key: string): Action | undefined =>
    created.has(key) ? byKey.get(`create\0${createHost(key)}`) : undefined;
  const alterOf = (key: string): Action | undefined => byKey.get(`alter\0${key}`);
  /** The change of a unit that others stand on: of a table itself nothing that they use changes. */
  const shapingOf = (key: string): Action | undefined =>
    /^(table|schema|publication)\0/.test(key) ? undefined : alterOf(key);
  const asideOf = (key: string): Action | undefined => byKey.get(`set aside\0${key}`);
  const wait = (later: Action | undefined, earlier: Action | undefined): void => {
    if (later && earlier && later !== earlier) {
      later.after.add(earlier.id);
    }
  };
  for (const key of dropped) {
    const mine = dropOf(key);
    for (const used of difference.uses(key, 'from')) {
      wait(dropOf(used), mine);
      wait(shapingOf(used), mine);
      wait(asideOf(used), mine);
    }
    wait(createOf(key), asideOf(key) ?? mine);
  }
  for (const key of created) {
    const mine = createOf(key);
    for (const used of difference.uses(key, 'to')) {
      wait(mine, createOf(used));
      wait(mine, shapingOf(used));
    }
  }
  for (const key of altered) {
    const mine = alterOf(key);
    for (const used of difference.uses(key, 'to')) {
      wait(mine, createOf(used));
      wait(mine, shapingOf(used));
    }
    for (const used of difference.uses(key, 'from')) {
      wait(dropOf(used), mine);
    }
  }
  for (const [key, kind] of [...created, ...altered].map((key) => [key, key.slice(0, 7)] as const)) {
    if (kind === 'column\0') {
      // What is revoked from the whole table is revoked from its columns.
      const mine = createOf(key) ?? alterOf(key);
      const column = to.units.get(key) as Unit<'column'>;
      wait(mine, alterOf(keyOf('table', column.path.slice(0, 2))));
      // The parent's column brings its type and more.
      for (const carrier of carriersOf(column, to)) {
        wait(mine, alterOf(carrier) ?? createOf(carrier));
      }
    }
  }
  waitForPersistence({ from, to, dropOf, createOf, alterOf }, wait);
  waitForNames(actions, scene, created, wait);
  waitForParents(actions, { dropOf, createOf, alterOf }, wait);
  const decisions: Decisions = {
    isInline: (key) => created.has(key) && createHost(key) !== key,
    isCreated: (key) => created.has(key),
    isForAll: (key, side) =>
      side === 'to'
        ? allFollow(key, to, { has: (below) => created.has(below) || altered.has(below) })
        : allFollow(key, from, dropped),
    isRetyped: (key) => difference.retyped.has(key),
    isCarried: carrying(difference, scene),
  };
  const hostOf: HostOf = (key, kind) => (kind === 'drop' ? dropOf(key) : createOf(key));
  return { actions, decisions, hostOf };
}

function rankOfCreation(one: Unit): number {
  if (one.kind === 'constraint' && one.object.kind === 'foreign key') {
    return CREATE_RANKS.index + 1;
  }
  return one.kind === 'view' && one.object.kind === 'materialized view'
    ? CREATE_RANKS.view + 1
    : CREATE_RANKS[one.kind];
}

/** Whether columns that stay have the type when it is to be made anew, or have a type that is built on it. */
function isHeldByColumns(key: string, difference: Difference, scene: Scene): boolean {
  return (
    scene.to.units.has(key) &&
    difference
      .users(key)
      .some((user) =>
        user.startsWith('type\0')
          ? difference.dropped.has(user) && isHeldByColumns(user, difference, scene)
          : user.startsWith('column\0') && !difference.dropped.has(user),
      )
  );
}

function nameAside(one: Unit<'type'>, { from, to }: Scene): string {
  const { schema, name } = one.object;
  for (let number = 1; ; number += 1) {
    const aside = `${name}_old${number === 1 ? '' : number}`;
    if (!from.named.has(`${schema}\0${aside}`) && !to.named.has(`${schema}\0${aside}`)) {
      return aside;
    }
  }
}

type Host = (key: string) => string;

/** The unit whose drop takes another one along. */
function dropHosts({ dropped }: Difference, { from }: Scene, separate: ReadonlySet<string>): Host {
  const hosts = new Map<string, string>();
  const host: Host = (key) => {
    let found = hosts.get(key);
    if (found === undefined) {
      const next = taker(from.units.get(key)!);
      found = next === undefined || separate.has(`drop\0${key}`) ? key : host(next);
      hosts.set(key, found);
    }
    return found;
  };
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
  return host;
}

/** The unit with whose statement another one is made. */
function createHosts({ created }: Difference, scene: Scene, separate: ReadonlySet<string>): Host {
  const { to } = scene;
  const hosts = new Map<string, string>();
  const host: Host = (key) => {
    let found = hosts.get(key);
    if (found === undefined) {
      const next = maker(to.units.get(key)!);
      found = next === undefined || separate.has(`create\0${key}`) ? key : host(next);
      hosts.set(key, found);
    }
    return found;
  };
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
  return host;
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
function allFollow(key: string, inventory: Inventory, changing: Pick<ReadonlySet<string>, 'has'>): boolean {
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

type Wait = (later: Action | undefined, earlier: Action | undefined) => void;

interface ForeignKeyActions {
  readonly from: Inventory;
  readonly to: Inventory;
  readonly dropOf: (key: string) => Action | undefined;
  readonly createOf: (key: string) => Action | undefined;
  readonly alterOf: (key: string) => Action | undefined;
}

/** A logged table never refers to an unlogged one, not even in between. */
function waitForPersistence({ from, to, dropOf, createOf, alterOf }: ForeignKeyActions, wait: Wait): void {
  const isChanging = (key: string): boolean =>
    alterOf(key) !== undefined && isUnlogged(from, key) !== isUnlogged(to, key);
  for (const [{ units }, isWanted] of [
    [from, false],
    [to, true],
  ] as const) {
    for (const one of units.values()) {
      if (one.kind !== 'constraint' || one.object.kind !== 'foreign key') {
        continue;
      }
      const { schema, table } = one.object.references;
      const [own, target] = [keyOf('table', one.path.slice(0, 2)), keyOf('table', [schema, table])];
      for (const alteration of [alterOf(own), alterOf(target)]) {
        wait(isWanted ? createOf(one.key) : alteration, isWanted ? alteration : dropOf(one.key));
      }
      const isStaying = isWanted && from.units.has(one.key) && createOf(one.key) === undefined;
      if (isStaying && own !== target && isChanging(own) && isChanging(target)) {
        const [first, second] = isUnlogged(to, own) ? [own, target] : [target, own];
        wait(alterOf(second), alterOf(first));
      }
    }
  }
}

function isUnlogged({ units }: Inventory, key: string): boolean {
  return (units.get(key) as Unit<'table'> | undefined)?.object.unlogged === true;
}

/** What takes the name of something that goes waits for it. Relations, types and indexes share their names. */
function waitForNames(
  actions: readonly Action[],
  { from, to }: Scene,
  created: ReadonlySet<string>,
  wait: Wait,
): void {
  const going = new Map<string, Action>();
  const coming: (readonly [name: string, action: Action])[] = [];
  for (const action of actions) {
    const { kind, unit, before, aside } = action;
    const renamed =
      kind === 'alter' && unit.kind === 'table'
        ? renamedParts((before as Unit<'table'>).object, unit.object, to, created)
        : [];
    const [old, young] = [
      kind === 'drop' && aside === undefined
        ? takenNames(unit, from)
        : before?.kind === 'column'
          ? takenNames(before, from)
          : renamed.map(([name]) => name),
      kind === 'create' || (kind === 'alter' && unit.kind === 'column')
        ? takenNames(unit, to)
        : renamed.map(([, name]) => name),
    ];
    for (const name of old.filter((one) => !young.includes(one))) {
      going.set(name, action);
    }
    coming.push(...young.filter((one) => !old.includes(one)).map((name) => [name, action] as const));
  }
  for (const [name, action] of coming) {
    wait(action, going.get(name));
  }
}

/** The names of a partition's parts of indexes, before and after, that its change gives other names. */
function renamedParts(
  then: Table,
  now: Table,
  to: Inventory,
  created: ReadonlySet<string>,
): (readonly [string, string])[] {
  return stayingParts(then, now, to, (key) => created.has(key))
    .filter(([old, young]) => old.name !== young.name)
    .map(([old, young]) => [`${then.schema}\0${old.name}`, `${now.schema}\0${young.name}`]);
}

function takenNames(one: Unit, inventory: Inventory): string[] {
  switch (one.kind) {
    case 'table':
      return [
        `${one.object.schema}\0${one.object.name}`,
        ...one.object.indexes.map(({ name }) => `${one.object.schema}\0${name}`),
        ...one.object.columns.flatMap(({ identity }) =>
          identity ? [`${one.object.schema}\0${identity.sequence}`] : [],
        ),
      ];
    case 'view':
      return [
        `${one.object.schema}\0${one.object.name}`,
        ...one.object.indexes.map(({ name }) => `${one.object.schema}\0${name}`),
      ];
    case 'column':
      return one.object.identity ? [`${one.relation!.schema}\0${one.object.identity.sequence}`] : [];
    case 'sequence':
    case 'type':
      return [`${one.object.schema}\0${one.object.name}`];
    case 'index':
    case 'backing index':
      return namesOfIndex(one.relation!, one.object, inventory);
    case 'constraint':
      return [`${one.relation!.schema}\0${one.object.name}`];
    case 'routine':
      return [`${one.object.schema}\0${one.object.name}()`];
    default:
      return [];
  }
}

/** A table is attached when it is like its parent, and changed by itself when it is detached. */
function waitForParents(
  actions: readonly Action[],
  {
    dropOf,
    createOf,
    alterOf,
  }: {
    readonly dropOf: (key: string) => Action | undefined;
    readonly createOf: (key: string) => Action | undefined;
    readonly alterOf: (key: string) => Action | undefined;
  },
  wait: Wait,
): void {
  const links = actions.filter(({ unit: { kind } }) => kind === 'attachment' || kind === 'inheritance');
  const shaping = links.length > 0 ? shapingByTable(actions) : new Map<string, Action[]>();
  for (const link of links) {
    const own = keyOf('table', link.unit.path);
    const table = link.unit.relation as Table;
    for (const kind of ['column', 'constraint', 'index'] as const) {
      const parts = kind === 'column' ? table.columns : kind === 'index' ? table.indexes : table.constraints;
      for (const { name } of parts) {
        const key = keyOf(kind, [table.schema, table.name, name]);
        for (const part of [dropOf(key), createOf(key), alterOf(key)]) {
          if (part && part.unit.key !== own) {
            wait(link.kind === 'create' ? link : part, link.kind === 'create' ? part : link);
          }
        }
      }
    }
    if (link.kind === 'create') {
      const parents =
        link.unit.kind === 'attachment'
          ? [link.unit.object]
          : (link.unit as Unit<'inheritance'>).object.parents;
      for (const { schema, name } of parents) {
        for (const action of shaping.get(`${schema}\0${name}`) ?? []) {
          wait(link, action);
        }
      }
    }
  }
}

/** The actions on columns and checks, which a table must have as its parent has them. */
function shapingByTable(actions: readonly Action[]): ReadonlyMap<string, readonly Action[]> {
  const found = new Map<string, Action[]>();
  for (const action of actions) {
    const { unit } = action;
    if (unit.kind === 'column' || (unit.kind === 'constraint' && unit.object.kind === 'check')) {
      const table = unit.path.slice(0, 2).join('\0');
      found.set(table, [...(found.get(table) ?? []), action]);
    }
  }
  return found;
}

/** What `alter table` does to the children of a table too. */
function carrying({ altered }: Difference, { from, to, major }: Scene): Decisions['isCarried'] {
  return (key, property) => {
    const one = to.units.get(key) as Unit<'column'>;
    return carriersOf(one, to).some((carrier) => {
      if (!altered.has(carrier)) {
        return false;
      }
      const then = (from.units.get(carrier) as Unit<'column'>).object;
      const now = (to.units.get(carrier) as Unit<'column'>).object;
      return hasCarried(property, then, now, one.object, major);
    });
  };
}

function hasCarried(property: keyof Column, then: Column, now: Column, own: Column, major: number): boolean {
  switch (property) {
    case 'type':
      return true;
    case 'notNull':
      return then.notNull !== now.notNull && now.notNull === own.notNull;
    case 'generated':
      return JSON.stringify(then.generated) !== JSON.stringify(now.generated);
    case 'identity':
      return major >= 17 && JSON.stringify(then.identity) !== JSON.stringify(now.identity);
    default:
      return false;
  }
}
