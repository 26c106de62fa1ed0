import type { Routine } from '../../schema/index.js';
import { lex } from '../../sql/index.js';
import { linesInParentheses, lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';

/** `create function` and its like; `or replace` where one of that name is there. */
export function createRoutine(routine: Routine, orReplace: boolean): string {
  const create = orReplace ? 'create or replace' : 'create';
  if (routine.kind === 'aggregate') {
    return createAggregate(routine, create);
  }
  return unindented(routine.definition).replace(/^create or replace/, create);
}

/** PostgreSQL puts a space before each line of the head; those of the body stay as they are. */
function unindented(definition: string): string {
  const text = lowerKeywords(definition).trimEnd();
  const bodyStart =
    lex(text).find(({ kind }) => kind === 'dollar-string')?.start ?? text.search(/^begin atomic$/m);
  const head = bodyStart < 0 ? text : text.slice(0, bodyStart);
  return head.replace(/^ (?=\S)/gm, '') + (bodyStart < 0 ? '' : text.slice(bodyStart));
}

function createAggregate(routine: Routine, create: string): string {
  const properties = [
    ...routine.definition.split(/, (?=[a-z]+ = |[a-z]+_extra|hypothetical)/),
    ...(routine.parallel ? [`parallel = ${routine.parallel}`] : []),
  ];
  const args = routine.arguments === '' ? '*' : lowerKeywords(routine.arguments);
  return `${create} aggregate ${nameOf(routine)}(${args}) ${linesInParentheses(properties)}`;
}

/** Whether `create or replace` may turn one into the other: arguments and result stay, and so do their defaults. */
export function canBeReplaced(then: Routine, now: Routine): boolean {
  return (
    then.kind === now.kind &&
    then.arguments === now.arguments &&
    then.result === now.result &&
    defaultsIn(then) <= defaultsIn(now)
  );
}

function defaultsIn({ definition, kind }: Routine): number {
  return kind === 'aggregate'
    ? 0
    : (definition.slice(0, definition.indexOf('\n')).match(/ DEFAULT /g) ?? []).length;
}
