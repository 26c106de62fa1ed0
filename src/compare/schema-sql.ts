/** The SQL that turns one compared schema into the other, and a script of it. */
import { diffSql, type SchemaChange, type SchemaStatement } from '../ddl/index.js';
import type { SchemaModel } from '../schema/index.js';
import { loadParser } from '../sql/index.js';
import { comparisonOptions, type WhatCounts } from './what-counts.js';

/** The statements that lead from one model to the other, as far as they were compared. */
export async function schemaChange(
  from: SchemaModel,
  to: SchemaModel,
  what: WhatCounts,
): Promise<SchemaChange> {
  await loadParser();
  return diffSql(from, to, comparisonOptions(what));
}

/** A script that psql runs: each statement under what is dangerous about it. Empty where there is nothing to do. */
export function scriptOf({ statements, gaps }: SchemaChange): string {
  const setting = statements.some(isRoutine) ? ['set check_function_bodies = off;\n'] : [];
  const blocks = [
    ...setting,
    ...statements.map(
      ({ text, hazards }) =>
        `${hazards.map(({ kind, certainty, reason }) => `-- ${kind}${certainty === 'maybe' ? ' (maybe)' : ''}: ${reason}\n`).join('')}${text};\n`,
    ),
    ...gaps.map(
      ({ about, reason }) => `-- Not brought about: ${about.kind} ${about.path.join('.')}: ${reason}\n`,
    ),
  ];
  return blocks.join('\n');
}

/** Its body may name what a later statement makes. */
function isRoutine({ action, about }: SchemaStatement): boolean {
  return about.kind === 'routine' && action !== 'drop';
}
