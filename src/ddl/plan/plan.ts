/** The steps of a change in their order. */
import type { Decisions, Scene } from '../scene.js';
import type { Action } from './action.js';
import { actionsOf } from './actions.js';
import { keysBetween, replaceableIn, separateWithin } from './circles.js';
import type { Difference } from './difference.js';
import { circlesIn, inOrder } from './order.js';

export interface Plan {
  readonly actions: readonly Action[];
  readonly decisions: Decisions;
  /** What can stay, or change in place, neither before nor after others: dropped and made again it can. */
  readonly stuck: readonly string[];
}

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

/** Default privileges change when all is made: what is new is born with those that were there. */
function rulesLast(actions: readonly Action[]): Action[] {
  const isRule = ({ unit }: Action): boolean => unit.kind === 'default privileges';
  return [...actions.filter((action) => !isRule(action)), ...actions.filter(isRule)];
}
