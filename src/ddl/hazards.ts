/** What a person should know before a statement runs: the effects of the parsed statement, in the words of a plan. */
import {
  blocksReads,
  blocksWrites,
  type CatalogFacts,
  type Destruction,
  parseStatement,
  type RelationEffect,
  type RelationName,
  statementEffects,
} from '../sql/index.js';
import type { Hazard } from './schema-change.js';

/**
 * @param isNew relations that an earlier statement of the change makes: nobody uses them yet
 * @throws SQL_PARSER_NOT_LOADED
 */
export function hazardsOf(
  text: string,
  facts: CatalogFacts,
  isNew: (relation: RelationName) => boolean,
): Hazard[] {
  const outcome = parseStatement(text);
  if (outcome.kind === 'unparsed') {
    return statementHazards(text);
  }
  const { relations, destroys } = statementEffects(outcome.node, facts);
  return [
    ...destroys.filter(({ kind, relation }) => HOLDS_DATA.has(kind) && !isNew(relation)).map(dataLoss),
    ...relations.filter(({ relation }) => !isNew(relation)).flatMap(lockHazards),
    ...statementHazards(text),
  ];
}

/** Types and schemas are dropped only when nothing has them any more. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  'table',
  'materialized view',
  'column',
  'rows',
  'values',
  'sequence',
  'sequence position',
]);

function dataLoss(destruction: Destruction): Hazard {
  const { kind, columns, by, certainty } = destruction;
  const relation = nameOf(destruction.relation);
  const what = columns ? `${columns.join(', ')} of ${relation}` : relation;
  const reasons: Readonly<Record<string, string>> = {
    table: `The rows of ${relation} are gone.`,
    'materialized view': `The rows of ${relation} are gone until it is made and filled again.`,
    column: `The values of ${what} are gone.`,
    values: `Values of ${what} may not survive the change of type.`,
    sequence: `The position of ${relation} is gone.`,
    'sequence position': `The position of ${relation} is set anew.`,
  };
  return {
    kind: 'data loss',
    relation,
    certainty,
    reason: reasons[kind] ?? `Data of ${what} is gone (${by}).`,
  };
}

function lockHazards(effect: RelationEffect): Hazard[] {
  const { lock, isCertain, rewrites, scans } = effect;
  const relation = nameOf(effect.relation);
  const certainty = isCertain ? 'yes' : 'maybe';
  const held = `while ${lock} is held`;
  return [
    ...(blocksReads(lock)
      ? [
          {
            kind: 'blocks reads',
            relation,
            certainty,
            reason: `Nobody reads or writes ${relation} ${held}.`,
          } as const,
        ]
      : blocksWrites(lock)
        ? [
            {
              kind: 'blocks writes',
              relation,
              certainty,
              reason: `Nobody writes ${relation} ${held}.`,
            } as const,
          ]
        : []),
    ...(rewrites === 'no'
      ? []
      : [
          {
            kind: 'rewrite',
            relation,
            certainty: rewrites,
            reason: `Every row of ${relation} is written anew ${held}.`,
          } as const,
        ]),
    ...(rewrites !== 'no' || scans === 'no'
      ? []
      : [
          {
            kind: 'scan',
            relation,
            certainty: scans,
            reason: `Every row of ${relation} is read ${held}.`,
          } as const,
        ]),
  ];
}

function statementHazards(text: string): Hazard[] {
  return /^alter type .* add value /s.test(text)
    ? [
        {
          kind: 'not transactional',
          certainty: 'yes',
          reason: 'The label cannot be used before the commit.',
        },
        {
          kind: 'irreversible',
          certainty: 'yes',
          reason: 'PostgreSQL takes no label out of an enum: the way back makes the type anew.',
        },
      ]
    : [];
}

function nameOf({ schema, name }: RelationName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
