import { qualifiedName, quoteLiteral } from '../../sql/index.js';
import type { Unit } from '../unit.js';
import { named } from './named.js';

/** `comment on`, where the texts differ. */
export function commentStatements(then: Unit | undefined, now: Unit): string[] {
  const before = commentOf(then);
  const after = commentOf(now);
  if (before === after || now.kind === 'default' || (now.kind === 'backing index' && before === after)) {
    return [];
  }
  const subject =
    now.kind === 'backing index'
      ? `index ${qualifiedName(now.relation!.schema, now.object.name)}`
      : named(now);
  return [commentOn(subject, after)];
}

export function commentOn(subject: string, comment: string | undefined): string {
  return `comment on ${subject} is ${comment === undefined ? 'null' : quoteLiteral(comment)}`;
}

function commentOf(one: Unit | undefined): string | undefined {
  return one && 'comment' in one.object ? one.object.comment : undefined;
}
