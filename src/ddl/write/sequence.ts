import type { Identity, Sequence } from '../../schema/index.js';
import { qualifiedName } from '../../sql/index.js';

type Settings = Pick<Sequence, 'start' | 'increment' | 'minimum' | 'maximum' | 'cache' | 'cycle'>;

export function createSequence(sequence: Sequence): string {
  const clauses = [
    ...(sequence.type === 'bigint' ? [] : [`as ${sequence.type}`]),
    ...settingClauses(sequence),
  ];
  const unlogged = sequence.unlogged ? 'unlogged ' : '';
  return [`create ${unlogged}sequence ${qualifiedName(sequence.schema, sequence.name)}`, ...clauses].join(
    '\n  ',
  );
}

/** The settings that are not PostgreSQL's own. */
function settingClauses({ start, increment, minimum, maximum, cache, cycle }: Settings): string[] {
  return [
    ...(increment === undefined ? [] : [`increment by ${increment}`]),
    ...(minimum === undefined ? [] : [`minvalue ${minimum}`]),
    ...(maximum === undefined ? [] : [`maxvalue ${maximum}`]),
    ...(start === undefined ? [] : [`start with ${start}`]),
    ...(cache === undefined ? [] : [`cache ${cache}`]),
    ...(cycle ? ['cycle'] : []),
  ];
}

/** What turns one sequence's settings into another's. `no minvalue` means the default of type and direction. */
export function settingChanges(
  then: Settings & { type?: string | undefined },
  now: Settings & { type?: string | undefined },
): string[] {
  const isTypeChanged = then.type !== now.type && now.type !== undefined;
  const isTurned = (then.increment ?? '1').startsWith('-') !== (now.increment ?? '1').startsWith('-');
  const limitsMove = isTypeChanged || isTurned;
  const changed = (property: keyof Settings): boolean => then[property] !== now[property];
  const limitsChange = limitsMove || changed('minimum') || changed('maximum');
  return [
    ...(isTypeChanged ? [`as ${now.type}`] : []),
    ...(changed('increment') ? [`increment by ${now.increment ?? '1'}`] : []),
    ...(limitsMove || changed('minimum')
      ? [limitClause('minvalue', now.minimum ?? (isTypeChanged && isTurned ? limitOf(now, 0) : undefined))]
      : []),
    ...(limitsMove || changed('maximum')
      ? [limitClause('maxvalue', now.maximum ?? (isTypeChanged && isTurned ? limitOf(now, 1) : undefined))]
      : []),
    ...(changed('start') || limitsChange ? [`start with ${now.start ?? firstValue(now)}`] : []),
    // Where it stands is beyond its new limits.
    ...(isTurned ? ['restart'] : []),
    ...(changed('cache') ? [`cache ${now.cache ?? '1'}`] : []),
    ...(changed('cycle') ? [now.cycle ? 'cycle' : 'no cycle'] : []),
  ];
}

const LIMITS: Readonly<Record<string, readonly [lowest: string, highest: string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

/** Where a sequence starts that is not told: at the end of its range that it goes away from. */
function firstValue({ increment = '1', minimum, maximum }: Settings): string {
  return increment.startsWith('-') ? (maximum ?? '-1') : (minimum ?? '1');
}

/** Without a value, PostgreSQL takes that of the direction, but that of the type where the type changes as well. */
function limitClause(word: 'minvalue' | 'maxvalue', value: string | undefined): string {
  return value === undefined ? `no ${word}` : `${word} ${value}`;
}

/** The lowest or highest value of a sequence that is told none. */
function limitOf(
  { increment = '1', type = 'bigint' }: Settings & { type?: string | undefined },
  side: 0 | 1,
): string {
  const isDescending = increment.startsWith('-');
  return isDescending === (side === 0) ? LIMITS[type]![side]! : isDescending ? '-1' : '1';
}

/** The settings in the parentheses of an identity, or nothing. */
export function identityClause(identity: Identity, isNamed: boolean, schema: string): string {
  const clauses = [
    ...(isNamed ? [`sequence name ${qualifiedName(schema, identity.sequence)}`] : []),
    ...settingClauses(identity),
  ];
  return `generated ${identity.generation} as identity${clauses.length > 0 ? ` (${clauses.join(' ')})` : ''}`;
}
