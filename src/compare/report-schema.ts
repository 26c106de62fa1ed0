/** The form of what `plinth diff` and `plinth drift` print as JSON: `docs/schemas` is made from this. */
import { z } from 'zod';
import { address, difference } from './difference.js';

const notices = z.array(z.string()).describe('What somebody who trusts the result should know.');

const schemaChange = z
  .strictObject({
    statements: z
      .array(
        z.strictObject({
          text: z.string().describe('Without the semicolon.'),
          action: z.enum(['create', 'alter', 'drop', 'rename']),
          about: address,
          hazards: z.array(
            z.strictObject({
              kind: z.enum([
                'data loss',
                'blocks reads',
                'blocks writes',
                'rewrite',
                'scan',
                'irreversible',
                'not transactional',
              ]),
              relation: z.string().optional(),
              certainty: z.enum(['yes', 'maybe']),
              reason: z.string(),
            }),
          ),
        }),
      )
      .describe('In the order to run them in.'),
    gaps: z
      .array(z.strictObject({ about: address, reason: z.string() }))
      .describe('What stays different after the statements have run.'),
  })
  .meta({ id: 'SchemaChange' });

const side = z.strictObject({
  label: z.string(),
  kind: z.enum(['database', 'migrations', 'snapshot']),
  postgresMajor: z.int(),
  fingerprint: z.string().describe('Equal for equal schemas, as far as they were compared.'),
});

const diffReport = z.strictObject({
  from: side,
  to: side,
  isEmpty: z.boolean().describe('True when nothing that counts is different.'),
  counts: z.strictObject({
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    reordered: z.int(),
  }),
  differences: z
    .array(difference)
    .describe('From the first schema to the second; the parts of an object together.'),
  renamed: z
    .array(address.unwrap().extend({ text: z.string().describe('The statement that renames it.') }))
    .optional()
    .describe('With --rename: what the second schema calls otherwise; no difference tells of it.'),
  notices,
  sql: schemaChange.optional().describe('With --sql: what turns the first into the second.'),
  saved: z
    .strictObject({
      version: z.string(),
      name: z.string(),
      up: z.string().describe('The path of the file.'),
      down: z.string().optional(),
      statements: z.strictObject({ up: z.int(), down: z.int() }),
    })
    .optional()
    .describe('With --save: the migration that was written.'),
});

const driftedObject = difference.unwrap().extend({
  verdict: z
    .enum(['unmade', 'gone', 'differs'])
    .describe(
      '`unmade`: the database has it, and no migration made it. `gone`: a migration made it, and the database has it no more. `differs`: both have it.',
    ),
  madeBy: z
    .strictObject({ target: z.string(), version: z.string(), name: z.string() })
    .optional()
    .describe('The newest applied migration that names it.'),
});

const driftReports = z.array(
  z.strictObject({
    state: z.enum(['none', 'drifted', 'unknown']),
    notKnown: z
      .strictObject({
        kind: z.enum(['no-ledger', 'under-way', 'baseline', 'not-rebuilt']),
        message: z.string(),
      })
      .optional()
      .describe('Why the state is unknown.'),
    database: z.string(),
    schema: z.string().optional().describe('Where a target is migrated schema by schema.'),
    member: z.string().optional().describe('Which one of a fleet.'),
    serverVersion: z.string(),
    targets: z
      .array(z.strictObject({ target: z.string(), migrations: z.int(), version: z.string().optional() }))
      .describe('All whose applied migrations make the schema.'),
    differences: z.array(driftedObject).describe('From what the migrations make to what the database has.'),
    expected: z
      .strictObject({ from: z.enum(['cache', 'throwaway database']), serverVersion: z.string() })
      .optional(),
    notices,
    durationMs: z.number(),
    sql: z
      .strictObject({ revert: schemaChange, takeOver: schemaChange })
      .optional()
      .describe('With --sql: what brings the database back, and what a migration of the change would do.'),
    recorded: z.string().optional().describe('With --record: the version that counts as applied now.'),
  }),
);

const document = (kind: string, data: z.ZodType) =>
  z.strictObject({ kind: z.literal(kind), version: z.literal(1), data });

/** What `plinth diff --format json` prints. */
export const diffDocument = document('diff', diffReport);

/** What `plinth drift --format json` prints. */
export const driftDocument = document('drift', driftReports);

/** The JSON Schemas of both, by the name of their file. */
export function comparisonJsonSchemas(): Readonly<Record<string, Record<string, unknown>>> {
  return {
    'diff.schema.json': { title: 'plinth diff --format json', ...z.toJSONSchema(diffDocument) },
    'drift.schema.json': { title: 'plinth drift --format json', ...z.toJSONSchema(driftDocument) },
  };
}
