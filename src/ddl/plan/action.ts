import type { Unit } from '../unit.js';
import type { Ordered } from './order.js';

/** A step of a change: the statements of one unit. */
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

/** The steps by the keys of their units; those of a unit that is made or dropped with another are the other's. */
export interface StepsOfUnits {
  readonly dropOf: (key: string) => Action | undefined;
  readonly createOf: (key: string) => Action | undefined;
  readonly alterOf: (key: string) => Action | undefined;
}

/** Puts a step after another; nothing where one of them is missing. */
export type Wait = (later: Action | undefined, earlier: Action | undefined) => void;
