/** Parts the rows that cannot be placed from those that can. */
import type { Session } from '../../database/index.js';
import type { Steps } from './steps.js';

/** Runs work in a savepoint. */
export type Attempt = <T extends object>(
  work: () => Promise<T>,
) => Promise<T | { readonly failure: unknown }>;

/** Places what can be placed, by halves. @returns the last failure, if any */
export async function placeParts(
  session: Session,
  kept: string,
  steps: Steps,
  bisect: Attempt,
): Promise<unknown> {
  const part = 'plinth_part';
  const failures: number[] = [];
  let last: unknown;
  await session.run(`alter table ${kept} add column ${part} bigint generated always as identity`);
  const [range] = await session.query<{ end: number }>(
    `select coalesce(max(${part}), 0)::float8 + 1 as end from ${kept}`,
  );
  const isDone = async (start: number, end: number): Promise<boolean> => {
    const some = `k.${part} >= ${start} and k.${part} < ${end}`;
    const done = await bisect(async () => {
      await runAll(session, steps.commands(some));
      return {};
    });
    last = 'failure' in done ? done.failure : last;
    return !('failure' in done);
  };
  const place = async (start: number, end: number): Promise<void> => {
    if (start >= end || failures.length >= MOST_FAILURES || (await isDone(start, end))) {
      return;
    }
    if (end - start === 1 || steps.isWhole) {
      failures.push(start);
      return;
    }
    const middle = Math.floor((start + end) / 2);
    await place(start, middle);
    await place(middle, end);
  };
  await place(1, range!.end);
  // One row may have the key that another is to get back: they go in the order in which that is free.
  for (let tried = Number.POSITIVE_INFINITY; !steps.isWhole && failures.length < tried; ) {
    tried = failures.length;
    for (const row of failures.splice(0).reverse()) {
      if (!(await isDone(row, row + 1))) {
        failures.push(row);
      }
    }
  }
  await session.run(`alter table ${kept} drop column ${part}`);
  return last;
}

/** How many rows that cannot be placed are looked for one by one; what is left then stays kept. */
const MOST_FAILURES = 1000;

export async function runAll(session: Session, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    await session.run(command);
  }
}
