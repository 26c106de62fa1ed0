import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT, type PlinthError } from '../../../src/core/index.js';
import { openDuckDb, type Session } from '../../../src/database/index.js';
import { checkRollups, parseRollups, readRollups, rollupTable, tableSql } from '../../../src/usage/index.js';
import { conditionSql, parseCondition } from '../../../src/usage/rollup/condition.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase, ROLLUPS } from '../support.js';

const GOOD = `version: 1
description: Load by hour.
grain: hour
dimensions: [model_id]
measures:
  requests: { count: all }
`;

function failure(...texts: readonly string[]): { message: string; hint: string; at: string } {
  try {
    parseRollups(texts.map((text, index) => ({ file: `analytics/rollups/r${index}.yml`, text })));
  } catch (error) {
    const { message, hint, source } = error as PlinthError;
    expect((error as PlinthError).code).toBe('USAGE_ROLLUP_INVALID');
    return { message, hint, at: source ? source.text.slice(source.start, source.end) : '' };
  }
  throw new Error('the declarations were accepted');
}

describe('a declaration', () => {
  test('of the least is a rollup with defaults', () => {
    expect(parseRollups([{ file: 'load.yml', text: GOOD }])).toMatchObject([
      { name: 'load', source: 'usage_events', grain: 'hour', retentionMs: undefined, settleMs: 0 },
    ]);
  });

  const cases: readonly (readonly [string, string, RegExp, string])[] = [
    [
      'a grain that there is not',
      GOOD.replace('grain: hour', 'grain: hours'),
      /'grain' is not right \(one of minute/,
      'hours',
    ],
    [
      'a dimension that there is not',
      GOOD.replace('[model_id]', '[model]'),
      /'dimensions.0' is not right/,
      'model',
    ],
    ['a dimension twice', GOOD.replace('[model_id]', '[model_id, model_id]'), /there twice/, 'model_id'],
    ['a key that there is not', `${GOOD}retain: 3d\n`, /'retain' is not known here/, 'retain'],
    ['a missing grain', GOOD.replace('grain: hour\n', ''), /'grain' is missing/, ''],
    ['a duration without a unit', `${GOOD}retention: '400'\n`, /a duration such as/, "'400'"],
    [
      'a measure of nothing',
      GOOD.replace('{ count: all }', '{ total: all }'),
      /one of count, sum, cost/,
      '{ total: all }',
    ],
    [
      'a sum of what is no number',
      `${GOOD}  x: { sum: region }\n`,
      /'measures.x.sum' is not right/,
      'region',
    ],
    ['no count of all', GOOD.replace('all', 'usage_known'), /count: all was wanted/, ''],
    [
      'money without its currency',
      `${GOOD}  cost: { cost: cost_nanos }\n`,
      /dimension currency was wanted/,
      '[model_id]',
    ],
    [
      'a rate of what is not there',
      `${GOOD}  r: { rate: errors, per: requests }\n`,
      /names 'errors'/,
      '{ rate: errors, per: requests }',
    ],
    [
      'a measure with the name of a dimension',
      `${GOOD}  model_id: { sum: latency_us }\n`,
      /name of another column/,
      '{ sum: latency_us }',
    ],
    ['an unknown source', `${GOOD}source: usage_event\n`, /neither usage_events nor a rollup/, 'usage_event'],
    ['a condition that breaks off', `${GOOD}  e: { count: status >= 400 or }\n`, /its end stands where/, ''],
    ['a condition on no column', `${GOOD}  e: { count: state >= 400 }\n`, /'state' stands where/, 'state'],
    [
      'a condition that compares text with a number',
      `${GOOD}  e: { count: region = 5 }\n`,
      /a text was wanted/,
      '5',
    ],
    [
      'a condition with more than a condition',
      `${GOOD}  e: { count: status > 1; drop table x }\n`,
      /';' stands where/,
      ';',
    ],
    ['no YAML', 'version: [1\n', /Cannot use/, ''],
  ];
  for (const [what, text, message, at] of cases) {
    test(`with ${what} is refused at its place`, () => {
      const found = failure(text);
      expect(found.message).toMatch(message);
      if (at !== '') {
        expect(found.at.trim()).toBe(at);
      }
    });
  }

  test('with a slip of the pen is told the nearest', () => {
    expect(failure(GOOD.replace('[model_id]', '[model_idd]')).hint).toContain('model_id');
    expect(failure(`${GOOD}source: usage_event\n`).hint).toContain('usage_events');
  });

  const sums = (more: string): string =>
    `version: 1\ndescription: d\nsource: r0\ngrain: day\ndimensions: []\nmeasures: [requests]\n${more}`;

  test('over another sums it', () => {
    const [, day] = parseRollups([
      { file: 'r0.yml', text: GOOD },
      { file: 'r1.yml', text: sums('') },
    ]);
    expect(day).toMatchObject({ source: 'r0', grain: 'day', dimensions: [] });
  });

  test('over another is refused what cannot be summed from it', () => {
    const users = `${GOOD}  users: { distinct: user_id }\n`;
    expect(failure(users, sums('').replace('[requests]', '[users]')).message).toMatch(/does not add up/);
    expect(failure(GOOD.replace('grain: hour', 'grain: month'), sums('')).message).toMatch(
      /cannot be summed/,
    );
    expect(failure(GOOD, sums('').replace('[]', '[status]')).message).toMatch(/does not have the dimension/);
    expect(failure(GOOD, sums('').replace('[requests]', '[request]')).hint).toContain('requests');
    expect(failure(sums(''), sums('')).message).toMatch(/circle/);
  });
});

describe('conditions', () => {
  const leaf = fc.constantFrom(
    'status >= 400',
    'error_type is not null',
    "region in ('eu', 'us')",
    'usage_known',
    'not usage_known',
    'cost_nanos is null',
    "operation <> 'chat'",
    '5 < latency_us',
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map((parts) => `(${parts.join(' ')})`),
      tie('tree').map((part) => `not (${part})`),
    ),
  }));

  test('are written as they are read: reading again gives the same', () => {
    fc.assert(
      fc.property(tree, (text) => {
        const sql = conditionSql(parseCondition(text));
        expect(conditionSql(parseCondition(sql))).toBe(sql);
      }),
    );
  });

  test('never let through what is no condition, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let sql: string;
        try {
          sql = conditionSql(parseCondition(text));
        } catch (error) {
          expect((error as Error).constructor.name).toBe('ConditionFlaw');
          return;
        }
        expect(sql).not.toMatch(/;|--/);
      }),
    );
  });

  test('mean the same to DuckDB as to PostgreSQL', async () => {
    const duckDb = await openDuckDb();
    const row =
      "select 503::smallint as status, null::varchar as error_type, 'eu' as region, false as usage_known, null::bigint as cost_nanos, 'chat' as operation, 7::bigint as latency_us";
    for (const text of fc.sample(tree, { seed: 1, numRuns: 40 })) {
      const sql = conditionSql(parseCondition(text));
      const [a] = await duckDb.query<{ holds: unknown }>(`select (${sql}) as holds from (${row}) as e`);
      const [b] = await session.query<{ holds: unknown }>(
        `select (${sql}) as holds from (${row.replace('varchar', 'text')}) as e`,
      );
      expect(a).toEqual(b);
    }
    duckDb.close();
  });
});

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

describe('the foundation', () => {
  test('ships the rollups that its documents name', () => {
    expect(readRollups(PACKAGE_ROOT).map(({ name }) => name)).toEqual([
      'day_organization_key_model',
      'hour_model_status',
      'hour_organization',
      'day_model_status',
      'month_organization',
    ]);
    expect(readRollups(join(PACKAGE_ROOT, 'docs'))).toEqual([]);
  });

  test.each(ROLLUPS)('has a migration of $name that is what its declaration says', (rollup) => {
    const versions = {
      hour_model_status: '0718',
      hour_organization: '0721',
      day_organization_key_model: '0724',
      day_model_status: '0726',
      month_organization: '0727',
    };
    const version = versions[rollup.name as keyof typeof versions];
    const file = join(
      PACKAGE_ROOT,
      `db/migrations/analytics/20261121${version}_${rollupTable(rollup)}.up.sql`,
    );
    expect(readFileSync(file, 'utf8')).toContain(`\n\n${tableSql(rollup)}\n`);
  });

  test('has its tables as declared, and says what of a table is not', async () => {
    expect((await checkRollups(session, ROLLUPS)).flatMap(({ flaws }) => flaws)).toEqual([]);
    await session.run(`begin; drop view analytics.usage_by_hour, analytics.usage_by_day, analytics.usage_by_month, analytics.usage_by_model;
      alter table analytics.usage_rollups_month_organization drop column errors, alter column requests drop not null;
      drop table analytics.usage_rollups_hour_organization; alter table analytics.usage_rollups_hour_model_status alter column status type integer`);
    const flaws = (await checkRollups(session, ROLLUPS)).flatMap((check) => check.flaws);
    await session.run('rollback');
    expect(flaws).toEqual([
      'the column status is integer (smallint was wanted)',
      'the table is missing',
      'the column requests may be null',
      'the column errors is missing',
    ]);
  });
});
