import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzeScript, loadParser, statementEffects, statementObjects } from '../../src/sql/index.js';
import { corpusFiles, noCorpora } from './corpora.js';

/** The corpora that hold migrations for PostgreSQL and nothing else. */
const MIGRATIONS = [
  'openmeter',
  'goalert',
  'concourse',
  'marble',
  'svix',
  'river',
  'langfuse/packages/shared/prisma',
];

/** Down scripts that no server runs: a column without a type, a constraint dropped by its definition. */
const NO_SQL = [
  '20170530135027-schedule-rotation.sql:307',
  '20170530135027-schedule-rotation.sql:321',
  '20170619123628-add-constraints.sql:8',
  '20170619123628-add-constraints.sql:9',
  '20170620104459-contact-constraints.sql:10',
  '20170620104459-contact-constraints.sql:11',
];

describe.skipIf(noCorpora)(`public migrations${noCorpora ? ` (skipped: ${noCorpora})` : ''}`, () => {
  test('are understood to the last statement', async () => {
    await loadParser();
    const unparsed: string[] = [];
    let statements = 0;
    const startMs = performance.now();
    for (const { path, text } of MIGRATIONS.flatMap(corpusFiles)) {
      for (const { outcome, classification, line, kind } of analyzeScript(text)) {
        statements += 1;
        if (outcome.kind === 'parsed') {
          expect(classification.tag).not.toBe('???');
          expect(statementObjects(outcome.node).uses.every(({ name }) => typeof name === 'string')).toBe(
            true,
          );
          statementEffects(outcome.node);
        } else if (kind === 'sql') {
          unparsed.push(`${basename(path)}:${line}`);
        }
      }
    }
    console.info(
      `${statements} statements in ${Math.round(performance.now() - startMs)} ms, ${unparsed.length} unparsed`,
    );
    expect(unparsed).toEqual(NO_SQL);
  }, 60_000);
});
