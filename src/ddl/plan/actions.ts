/**
 * The statements of a change as actions that wait for each other: drops for the drops of what uses them, creations for
 * what they use, changes in place between the two.
 */
import type { Decisions, Scene } from '../scene.js';
import type { Action, Wait } from './action.js';
import { carrying } from './carried.js';
import type { Difference } from './difference.js';
import { allFollow, createHosts, dropHosts } from './hosts.js';
import { type Hosts, stepsOf } from './steps.js';
import { waitForNames } from './wait-for-names.js';
import { waitForParents } from './wait-for-parents.js';
import { waitForPersistence } from './wait-for-persistence.js';
import { waitForTables, waitForUses } from './wait-for-uses.js';

/** The action that drops, or makes, a unit: its own or the one that it goes with. */
export type HostOf = (key: string, kind: Action['kind']) => Action | undefined;

export interface Actions {
  readonly actions: readonly Action[];
  readonly decisions: Decisions;
  readonly hostOf: HostOf;
}

/** `separate`: what is made or dropped by itself though it could be with its table, as `create\0key` or `drop\0key`. */
export function actionsOf(difference: Difference, scene: Scene, separate: ReadonlySet<string>): Actions {
  const hosts: Hosts = {
    dropHost: dropHosts(difference, scene, separate),
    createHost: createHosts(difference, scene, separate),
  };
  const steps = stepsOf(difference, scene, hosts);
  const { actions, dropOf, createOf } = steps;
  waitForUses(difference, steps, wait);
  waitForTables(difference, scene.to, steps, wait);
  waitForPersistence(scene, steps, wait);
  waitForNames(actions, scene, difference.created, wait);
  waitForParents(actions, steps, wait);
  return {
    actions,
    decisions: decisionsOf(difference, scene, hosts),
    hostOf: (key, kind) => (kind === 'drop' ? dropOf(key) : createOf(key)),
  };
}

const wait: Wait = (later, earlier) => {
  if (later && earlier && later !== earlier) {
    later.after.add(earlier.id);
  }
};

function decisionsOf(difference: Difference, scene: Scene, { createHost }: Hosts): Decisions {
  const { dropped, created, altered, retyped } = difference;
  const { from, to } = scene;
  return {
    isInline: (key) => created.has(key) && createHost(key) !== key,
    isCreated: (key) => created.has(key),
    isForAll: (key, side) =>
      side === 'to'
        ? allFollow(key, to, { has: (below) => created.has(below) || altered.has(below) })
        : allFollow(key, from, dropped),
    isRetyped: (key) => retyped.has(key),
    isCarried: carrying(difference, scene),
  };
}
