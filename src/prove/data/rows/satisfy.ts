/** A value that meets what a condition asks of one column, as far as that can be computed. */
import type { Bound, Requirement, TextPattern } from '../conditions/branch.js';
import { objectWith } from '../conditions/json-members.js';
import { textMatching } from '../conditions/pattern-text.js';
import type { Random } from '../random.js';
import { baseOf, type TypeFacts, type Types } from '../type-facts.js';
import { arrayText } from '../values/literals.js';
import { isReadable } from '../values/readable.js';
import { ordinary, type TypeValues } from '../values/type-values.js';
import type { ValuesOf } from '../values/values-of.js';

export interface ValueSource {
  readonly types: Types;
  readonly valuesOf: ValuesOf;
}

/** A value of the type that should meet the requirement; `undefined` where the type has no values. */
export function satisfying(
  source: ValueSource,
  type: string,
  requirement: Requirement,
  random: Random,
): string | undefined {
  const values = source.valuesOf(type);
  const { oneOf, noneOf = [], pattern, lower, upper, shortest, longest } = requirement;
  const facts = baseOf(source.types, type);
  if (requirement.members !== undefined) {
    return objectWith(requirement.members, (choices) => random.pick(choices));
  }
  if (oneOf !== undefined) {
    const left = oneOf.filter((value) => !noneOf.includes(value));
    return left.length > 0 ? random.pick(left) : undefined;
  }
  if (requirement.elements !== undefined) {
    return arrayAmong(requirement.elements, shortest ?? 0, longest, random);
  }
  if (pattern !== undefined) {
    return matching(pattern, random.below(100_000), shortest, longest);
  }
  if (lower !== undefined || upper !== undefined) {
    return (
      between(facts, lower, upper, random) ??
      random.pick([lower, upper].flatMap((bound) => bound?.value ?? []))
    );
  }
  if (shortest !== undefined || longest !== undefined) {
    return ofLength(source, facts, values, shortest, longest, random);
  }
  const hints = (requirement.hints ?? []).filter((hint) => isReadable(facts, hint));
  if (hints.length > 0 && random.chance(60)) {
    return random.pick(hints);
  }
  return values && notAmong(values, noneOf, random);
}

/** More than this often nothing is written again to make a text long enough. */
const LONGEST_REPEAT = 300;

/** A text for the pattern, with as much repeated in it as its length asks for. */
function matching(
  pattern: TextPattern,
  n: number,
  shortest: number | undefined,
  longest: number | undefined,
): string {
  const usual = textMatching(pattern, n);
  const fits = ({ length }: string): boolean => length >= (shortest ?? 0) && length <= (longest ?? length);
  for (let repeat = 0; repeat <= LONGEST_REPEAT && !fits(usual); repeat += 1) {
    const text = textMatching(pattern, n, repeat);
    if (fits(text)) {
      return text;
    }
  }
  return lengthened(usual, undefined, longest);
}

/** An array of some of the elements. */
function arrayAmong(
  elements: readonly string[],
  shortest: number,
  longest: number | undefined,
  random: Random,
): string {
  const most = Math.min(longest ?? elements.length, Math.max(shortest, elements.length));
  const length = shortest + random.below(Math.max(1, most - shortest + 1));
  const start = random.below(elements.length);
  return arrayText(Array.from({ length }, (_, place) => elements[(start + place) % elements.length]!));
}

function notAmong(values: TypeValues, noneOf: readonly string[], random: Random): string {
  const value = ordinary(values, random);
  const start = noneOf.includes(value) && Number.isFinite(values.size) ? values.size : 0;
  for (let n = 0; n < Math.min(start, 100); n += 1) {
    if (!noneOf.includes(values.nth(n))) {
      return values.nth(n);
    }
  }
  return value;
}

const WHOLE = /^(int2|int4|int8|oid)$/;
const FRACTIONAL = /^(numeric|float4|float8|money)$/;

function between(
  facts: TypeFacts | undefined,
  lower: Bound | undefined,
  upper: Bound | undefined,
  random: Random,
): string | undefined {
  if (facts && WHOLE.test(facts.name)) {
    return wholeBetween(lower, upper, random);
  }
  if (facts && FRACTIONAL.test(facts.name)) {
    return fractionBetween(facts, lower, upper, random);
  }
  return facts && /^(date|timestamp|timestamptz)$/.test(facts.name)
    ? momentBetween(facts.name === 'date', lower, upper, random)
    : undefined;
}

/** How far from a bound ordinary values go. */
const REACH = 1000;

function wholeBetween(
  lower: Bound | undefined,
  upper: Bound | undefined,
  random: Random,
): string | undefined {
  const [from, to] = [whole(lower, 1n), whole(upper, -1n)];
  const least = from ?? to! - BigInt(REACH);
  const most = to ?? from! + BigInt(REACH);
  return least > most
    ? undefined
    : String(least + BigInt(random.below(Number(atMost(most - least, 1_000_000n)) + 1)));
}

function whole(bound: Bound | undefined, inward: bigint): bigint | undefined {
  if (bound === undefined || !/^-?\d+(\.\d+)?$/.test(bound.value)) {
    return undefined;
  }
  const [digits, fraction] = bound.value.split('.');
  return BigInt(digits!) + (bound.isInclusive || Number(fraction ?? 0) > 0 ? 0n : inward);
}

function atMost(value: bigint, most: bigint): bigint {
  return value < most ? value : most;
}

function fractionBetween(
  facts: TypeFacts,
  lower: Bound | undefined,
  upper: Bound | undefined,
  random: Random,
): string | undefined {
  const scale = facts.name === 'numeric' && facts.typmod >= 0 ? Math.max(0, (facts.typmod - 4) & 0x7ff) : 2;
  const unit = 10 ** -Math.min(scale, 6);
  const from = lower && Number(lower.value) + (lower.isInclusive ? 0 : unit);
  const to = upper && Number(upper.value) - (upper.isInclusive ? 0 : unit);
  const least = from ?? to! - REACH;
  const most = to ?? from! + REACH;
  if (Number.isNaN(least) || Number.isNaN(most) || least > most) {
    return undefined;
  }
  const steps = Math.min(Math.floor((most - least) / unit), 1_000_000);
  return (least + random.below(steps + 1) * unit).toFixed(Math.min(scale, 6));
}

const DAY_MS = 86_400_000;

function momentBetween(
  isDate: boolean,
  lower: Bound | undefined,
  upper: Bound | undefined,
  random: Random,
): string | undefined {
  const unit = isDate ? DAY_MS : 1000;
  const [start, end] = [momentOf(lower), momentOf(upper)];
  const from = start === undefined ? undefined : start + (lower!.isInclusive ? 0 : unit);
  const to = end === undefined ? undefined : end - (upper!.isInclusive ? 0 : unit);
  if (from === undefined && to === undefined) {
    return undefined;
  }
  const least = from ?? to! - 365 * DAY_MS;
  const most = to ?? from! + 365 * DAY_MS;
  if (least > most) {
    return undefined;
  }
  const text = new Date(least + random.below(Math.floor((most - least) / unit) + 1) * unit).toISOString();
  return isDate ? text.slice(0, 10) : `${text.slice(0, 19).replace('T', ' ')}+00`;
}

/** The bound's moment, in milliseconds; `undefined` where it is no date that JavaScript knows. */
function momentOf(bound: Bound | undefined): number | undefined {
  const text = bound?.value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  const moment =
    text === undefined
      ? Number.NaN
      : Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : text.includes('T') ? `${text}Z` : text);
  return Number.isNaN(moment) ? undefined : moment;
}

function ofLength(
  source: ValueSource,
  facts: TypeFacts | undefined,
  values: TypeValues | undefined,
  shortest: number | undefined,
  longest: number | undefined,
  random: Random,
): string | undefined {
  const length = shortest ?? Math.min(longest ?? 1, 2);
  if (facts?.kind === 'array') {
    const elements = source.valuesOf(facts.of!);
    return arrayText(Array.from({ length }, () => (elements ? ordinary(elements, random) : null)));
  }
  if (facts?.name === 'json' || facts?.name === 'jsonb') {
    return JSON.stringify(Array.from({ length }, () => random.below(REACH)));
  }
  if (facts?.name === 'bytea') {
    return `\\x${Array.from({ length }, () => random.below(256).toString(16).padStart(2, '0')).join('')}`;
  }
  return values && lengthened(ordinary(values, random), shortest, longest);
}

function lengthened(text: string, shortest: number | undefined, longest: number | undefined): string {
  // What differs stands at the end, and stays.
  const cut =
    longest === undefined
      ? text
      : text
          .replaceAll(' ', '')
          .slice(-longest || text.length)
          .slice(0, longest);
  return longest === undefined || text.length > longest
    ? cut.padStart(shortest ?? 0, 'x')
    : text.padStart(shortest ?? 0, 'x');
}
