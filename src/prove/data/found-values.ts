/** Values of domains, and of types that are not known: tried on the server, and kept where it takes them. */
import type { Session } from '../../database/index.js';
import { quoteLiteral } from '../../sql/index.js';
import { runBatch, runOne } from './batch.js';
import { ANYTHING, type Branch, both } from './conditions/branch.js';
import { branchesOf } from './conditions/branches-of.js';
import { randomOf } from './random.js';
import { satisfying } from './rows/satisfy.js';
import { baseOf, type TypeFacts, type Types } from './type-facts.js';
import { landmarksOf } from './values/landmarks.js';
import { isReadable } from './values/readable.js';
import { ordinary } from './values/type-values.js';
import { baseValues, type FoundValues, valuesOfTypes } from './values/values-of.js';

/** How many values of a domain are tried. */
const TRIES = 60;

/** Finds values of every used type that is a domain, or is not known. */
export async function findValues(
  session: Session,
  types: Types,
  seed: number,
  used: readonly string[],
): Promise<FoundValues> {
  const found = new Map<string, readonly string[]>();
  for (const facts of searched(madeOf(types, used))) {
    const candidates = facts.kind === 'domain' ? domainCandidates(facts, types, found, seed) : LITERALS;
    found.set(facts.type, await accepted(session, facts, candidates));
  }
  return found;
}

/** The types and all that they are made of. */
function madeOf(types: Types, used: readonly string[]): Types {
  const all = new Map<string, TypeFacts>();
  const add = (type: string): void => {
    const facts = types.get(type);
    if (facts !== undefined && !all.has(type)) {
      all.set(type, facts);
      for (const part of [...(facts.of === null ? [] : [facts.of]), ...(facts.attributes ?? [])]) {
        add(part);
      }
    }
  };
  used.forEach(add);
  return all;
}

/** A domain over a domain comes after it. */
function searched(types: Types): readonly TypeFacts[] {
  const unknown = [...types.values()].filter(
    ({ kind, name, typmod }) => kind === 'base' && baseValues(name, typmod) === undefined,
  );
  const depth = (facts: TypeFacts | undefined): number =>
    facts?.kind === 'domain' ? 1 + depth(types.get(facts.of!)) : 0;
  const domains = [...types.values()]
    .filter(({ kind }) => kind === 'domain')
    .sort((a, b) => depth(a) - depth(b));
  return [...unknown, ...domains];
}

function domainCandidates(
  facts: TypeFacts,
  types: Types,
  found: FoundValues,
  seed: number,
): readonly string[] {
  const valuesOf = valuesOfTypes(types, found);
  const values = valuesOf(facts.of!);
  const random = randomOf(seed, 'domain', facts.type);
  const ways = combine((facts.checks ?? []).map(({ expression }) => branchesOf(expression)));
  const candidates = new Set<string>();
  for (let count = 0; count < TRIES; count += 1) {
    const way = ways[count % Math.max(1, ways.length)];
    const requirement = way?.columns.get('value') ?? {};
    const value =
      count % 5 === 4 && values
        ? ordinary(values, random)
        : satisfying({ types, valuesOf }, facts.of!, requirement, random);
    if (value !== undefined) {
      candidates.add(value);
    }
  }
  for (const value of [...landmarksOf(baseOf(types, facts.type)?.name ?? ''), ...(values?.edges ?? [])]) {
    candidates.add(value);
  }
  return [...candidates].filter((value) => isReadable(baseOf(types, facts.type), value));
}

function combine(ways: readonly (readonly Branch[])[]): readonly Branch[] {
  return ways.reduce<readonly Branch[]>(
    (product, each) => product.flatMap((a) => each.flatMap((b) => both(a, b) ?? [])).slice(0, 24),
    [ANYTHING],
  );
}

/** Those that the server reads as values of the type. */
async function accepted(
  session: Session,
  facts: TypeFacts,
  candidates: readonly string[],
): Promise<readonly string[]> {
  if (candidates.length === 0) {
    return [];
  }
  const casts = candidates.map((candidate) => `${quoteLiteral(candidate)}::${facts.type}`);
  const checks = (facts.checks ?? []).map(({ expression }) => `(${expression}) is not false`);
  if (facts.kind === 'domain') {
    // The domain's conditions as a question: a cast to the domain would refuse all for one.
    const values = candidates.map(
      (candidate, place) => `(${place}, ${quoteLiteral(candidate)}::${facts.of})`,
    );
    const question = `select json_agg(number)::text from (values ${values.join(', ')}) as t (number, value) where ${['true', ...checks].join(' and ')}`;
    const answer = await runOne(session, question);
    if (answer.kind === 'done') {
      return (JSON.parse(answer.value ?? '[]') as number[]).map((place) => candidates[place]!);
    }
  }
  const answers = await runBatch(
    session,
    casts.map((cast) => `select (${cast})::text`),
  );
  return candidates.filter((_, index) => answers[index]!.kind === 'done');
}

/** Texts that some type or other reads. */
const LITERALS: readonly string[] = [
  '1',
  '2',
  '3',
  '10',
  '1.5',
  'a',
  'b',
  'c',
  '',
  '{}',
  '[]',
  '()',
  '(1,2)',
  '(0,0),(1,1)',
  '[1,2]',
  '[1,2,3]',
  '{1,2}',
  'a=>1',
  '"a"=>"1"',
  'a.b',
  '1.2.3',
  'true',
  '2024-01-01',
  '2024-01-01 00:00:00',
  '1 day',
  '10.0.0.1',
  '\\x01',
  '00000000-0000-4000-8000-000000000001',
  '<a/>',
  'POINT(0 0)',
  'POINT(1 1)',
  '978-0-306-40615-7',
  '9780306406157',
  '0306406152',
  '1 km',
  'USD 1.00',
  '1/1',
  '{"a": 1}',
  '0/1',
  'C',
  'simple',
  'integer',
  'pg_class',
  'now()',
  '1..2',
];
