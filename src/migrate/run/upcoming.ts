/**
 * The migrations that are next: read, parsed and digested ahead of their turn, in the order of the run. What goes
 * wrong with that waits for their turn, too.
 */
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { guardedNames } from '../keep/guarded.js';
import type { Task } from './one.js';
import { type Sending, sendingOf } from './plain.js';
import { type Prepared, prepare } from './prepare.js';
import type { Script } from './script.js';

/** The longest scripts that go into one message together, in characters. */
const MOST_CHARACTERS = 128 * 1024;

/** A migration that is ready to be run. */
export interface Ready {
  readonly task: Task;
  readonly prepared: Prepared;
  readonly sending: Sending;
  /** The tables that have to be empty for that, without their schemas. */
  readonly guarded: readonly string[];
}

/** One that cannot be run: to be thrown when its turn comes. */
interface Unready {
  readonly task: Task | undefined;
  readonly failure: unknown;
}

export interface Upcoming {
  /** Prepares up to so many, or up to one that goes alone. */
  prepare(count: number): Promise<void>;
  /**
   * Those whose turn it is: up to so many that share a message, or one; empty at the end.
   * @throws what kept the next one from being prepared
   */
  take(count: number): Promise<readonly Ready[]>;
  /** Whether it may go as one message, as things stand. */
  isMessage(ready: Ready): boolean;
  /** Puts back what was taken and is not done. */
  putBack(ready: readonly Ready[]): void;
  /** What has to find these tables empty goes in as many messages as it takes from now on. */
  expectData(tables: readonly string[]): void;
}

/**
 * @param makers make the tasks; each is called shortly before its turn, so that few hold their texts
 * @param keeps whether something is kept around the script's statements: it has messages of its own then
 */
export function upcoming(
  makers: readonly (() => Task)[],
  keeps: (task: Task, script: Script) => boolean,
): Upcoming {
  const waiting: (Ready | Unready)[] = [];
  let made = 0;
  const filled = new Set<string>();
  const isMessage = ({ sending, guarded }: Ready): boolean =>
    sending !== 'apart' && !guarded.some((table) => filled.has(table));
  const goesAlone = (next: Ready | Unready): boolean =>
    'failure' in next || next.sending !== 'shared' || !isMessage(next);
  const fill = async (count: number): Promise<void> => {
    let characters = waiting.reduce((sum, next) => sum + lengthOf(next), 0);
    let isClosed = waiting.some(goesAlone);
    while (waiting.length < count && made < makers.length && !isClosed && characters <= MOST_CHARACTERS) {
      const make = makers[made]!;
      made += 1;
      const next = await ready(make, keeps);
      waiting.push(next);
      isClosed = goesAlone(next);
      characters += lengthOf(next);
      await othersHadTheirTurn();
    }
  };
  return {
    prepare: fill,
    async take(count) {
      await fill(count);
      const taken: Ready[] = [];
      let characters = 0;
      for (let next = waiting[0]; next && taken.length < count; next = waiting[0]) {
        const alone = goesAlone(next);
        characters += lengthOf(next);
        if (taken.length > 0 && (alone || characters > MOST_CHARACTERS)) {
          break;
        }
        waiting.shift();
        if ('failure' in next) {
          throw next.failure;
        }
        taken.push(next);
        if (alone) {
          break;
        }
      }
      return taken;
    },
    isMessage,
    putBack: (back) => void waiting.unshift(...back),
    expectData: (tables) => {
      for (const table of tables) {
        filled.add(table);
      }
    },
  };
}

async function ready(
  make: () => Task,
  keeps: (task: Task, script: Script) => boolean,
): Promise<Ready | Unready> {
  let task: Task | undefined;
  try {
    task = make();
    const prepared = await prepare(task);
    const { script } = prepared;
    return {
      task,
      prepared,
      sending: keeps(task, script) ? 'apart' : sendingOf(script),
      guarded: script.statements.flatMap(guardedNames),
    };
  } catch (failure) {
    return { task, failure };
  }
}

function lengthOf({ task }: Ready | Unready): number {
  return (task?.scripts.up.length ?? 0) + (task?.scripts.down?.length ?? 0);
}
