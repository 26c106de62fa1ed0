/** A step for each unit that goes, comes or changes by itself, in no order yet. */
import type { Scene } from '../scene.js';
import type { Unit } from '../unit.js';
import type { Action, StepsOfUnits } from './action.js';
import type { Difference } from './difference.js';
import type { Host } from './hosts.js';
import { ALTER_RANKS, CREATE_RANKS, DROP_RANKS, LAST_RANK } from './ranks.js';

export interface Hosts {
  readonly dropHost: Host;
  readonly createHost: Host;
}

export interface Steps extends StepsOfUnits {
  readonly actions: readonly Action[];
  readonly asideOf: (key: string) => Action | undefined;
}

export function stepsOf(difference: Difference, scene: Scene, { dropHost, createHost }: Hosts): Steps {
  const { dropped, created, altered } = difference;
  const { from, to } = scene;
  const actions: Action[] = [];
  const byKey = new Map<string, Action>();
  const add = (kind: Action['kind'], unit: Unit, rank: number, extra: Partial<Action> = {}): void => {
    const action: Action = { id: actions.length, kind, unit, rank, after: new Set(), ...extra };
    actions.push(action);
    byKey.set(`${kind}\0${unit.key}`, action);
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
  return {
    actions,
    dropOf: (key) => (dropped.has(key) ? byKey.get(`drop\0${dropHost(key)}`) : undefined),
    createOf: (key) => (created.has(key) ? byKey.get(`create\0${createHost(key)}`) : undefined),
    alterOf: (key) => byKey.get(`alter\0${key}`),
    asideOf: (key) => byKey.get(`set aside\0${key}`),
  };
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
